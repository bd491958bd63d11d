"""Which fields of a stash-box's objects are compared. For ``Library.reading`` and ``writing``."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from stash_sense.library.schema import upstream_field_config as table
from stash_sense.library.upsert import upsert


def configured(connection: Connection, entity_type: str, endpoint: str) -> dict[str, bool]:
    """Whether a field is compared, for those about which the user has decided; all others are."""
    found = connection.execute(
        select(table.c.field_name, table.c.enabled).where(
            table.c.endpoint == endpoint, table.c.entity_type == entity_type
        )
    )
    # Earlier sidecars' tables let `enabled` be empty.
    return {row.field_name: row.enabled is not False for row in found}


def configure(connection: Connection, entity_type: str, endpoint: str, fields: Mapping[str, bool]) -> None:
    """Decide about these fields; what was decided about others stays."""
    for name, enabled in fields.items():
        upsert(
            connection,
            table,
            ("endpoint", "entity_type", "field_name"),
            {
                "endpoint": endpoint,
                "entity_type": entity_type,
                "field_name": name,
                "enabled": enabled,
            },
        )
