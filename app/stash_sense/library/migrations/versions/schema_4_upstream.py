"""Changes at the stash-boxes are followed, and a dismissal can be for good."""

from sqlalchemy import JSON, Boolean, Column, Integer, Text, UniqueConstraint, false, true

from stash_sense.library.migrations.steps import add_column, create_table, moment

revision = "4"
down_revision = "3"


def upgrade() -> None:
    add_column("dismissed_targets", Column("permanent", Boolean, nullable=False, server_default=false()))
    create_table(
        "upstream_snapshots",
        Column("id", Integer, primary_key=True),
        Column("entity_type", Text, nullable=False),
        Column("local_entity_id", Text, nullable=False),
        Column("endpoint", Text, nullable=False),
        Column("stash_box_id", Text, nullable=False),
        Column("upstream_data", JSON, nullable=False),
        Column("upstream_updated_at", Text),
        moment("fetched_at"),
        UniqueConstraint("entity_type", "endpoint", "stash_box_id"),
    )
    create_table(
        "upstream_field_config",
        Column("endpoint", Text, primary_key=True),
        Column("entity_type", Text, primary_key=True),
        Column("field_name", Text, primary_key=True),
        Column("enabled", Boolean, nullable=False, server_default=true()),
    )
