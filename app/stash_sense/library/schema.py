"""The tables as of the newest schema; how earlier ones become this is in ``migrations``.

Table and column names are those that users' files already have. Columns of type JSON hold any JSON value,
ids that come from Stash are text, and times are text as ``stash_sense.library.times`` writes it: that is what
the files hold, and it is the same on every kind of database.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from stash_sense.library.sql_now import sql_now
from stash_sense.library.times import utc_now

SCHEMA: Final = 6
"""The number that ``schema_version`` has in a file of these tables, but for ``UNCOUNTED``."""

STARTING_SETTINGS: Final[dict[str, Any]] = {"normalize_enum_display": True}
"""What ``user_settings`` holds in a new file."""

metadata = MetaData()


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _required(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _moment(name: str) -> Column[str]:
    # The database's own default is for whoever writes without this module: a person with a SQL shell.
    return Column(name, Text, nullable=False, default=utc_now, server_default=sql_now())


def _changed() -> Column[str]:
    return Column(
        "updated_at",
        Text,
        nullable=False,
        default=utc_now,
        onupdate=utc_now,
        server_default=sql_now(),
    )


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, default=0, server_default=text("0"))


def _flag(name: str, *, on: bool) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=on, server_default=true() if on else false())


schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

recommendations = Table(
    "recommendations",
    metadata,
    _id(),
    _required("type"),
    Column("status", Text, nullable=False, default="pending", server_default="pending"),
    _required("target_type"),
    _required("target_id"),
    Column("details", JSON, nullable=False),
    Column("resolution_action", Text),
    Column("resolution_details", JSON(none_as_null=True)),
    Column("resolved_at", Text),
    Column("confidence", Float),
    Column("source_analysis_id", Integer, ForeignKey("analysis_runs.id")),
    _moment("created_at"),
    _changed(),
    UniqueConstraint("type", "target_type", "target_id"),
)


def _by_age(*filtered: str) -> Index:
    columns = (*filtered, "created_at", "id")
    return Index("_".join(("recommendations_by", *filtered, "age")), *(recommendations.c[n] for n in columns))


ADDED_INDICES: Final = (_by_age(), _by_age("status"), _by_age("type"), _by_age("type", "status"))
"""One for each way in which the list is filtered: its first page is read in the list's order, without a look
at all the rest. They are added to any database of the newest schema without a new number, for an earlier
sidecar that is put back loses nothing by them."""

analysis_runs = Table(
    "analysis_runs",
    metadata,
    _id(),
    _required("type"),
    Column("status", Text, nullable=False, default="running", server_default="running"),
    _moment("started_at"),
    Column("completed_at", Text),
    Column("items_total", Integer),
    _count("items_processed"),
    _count("recommendations_created"),
    Column("cursor", Text),
    Column("error_message", Text),
)

recommendation_settings = Table(
    "recommendation_settings",
    metadata,
    _key("type"),
    _flag("enabled", on=True),
    Column("auto_dismiss_threshold", Float),
    _flag("notify", on=True),
    Column("interval_hours", Integer),
    Column("last_run_at", Text),
    Column("next_run_at", Text),
    Column("config", JSON(none_as_null=True)),
)

dismissed_targets = Table(
    "dismissed_targets",
    metadata,
    _key("type"),
    _key("target_type"),
    _key("target_id"),
    _moment("dismissed_at"),
    Column("reason", Text),
    _flag("permanent", on=False),
)

analysis_watermarks = Table(
    "analysis_watermarks",
    metadata,
    _key("type"),
    Column("last_completed_at", Text),
    Column("last_cursor", Text),
    Column("last_stash_updated_at", Text),
)

scene_fingerprints = Table(
    "scene_fingerprints",
    metadata,
    _id(),
    Column("stash_scene_id", Text, nullable=False, unique=True),
    _count("total_faces"),
    _count("frames_analyzed"),
    Column("fingerprint_status", Text, nullable=False, default="pending", server_default="pending"),
    Column("db_version", Text),
    _moment("created_at"),
    _changed(),
)

scene_fingerprint_faces = Table(
    "scene_fingerprint_faces",
    metadata,
    _id(),
    Column(
        "fingerprint_id", Integer, ForeignKey("scene_fingerprints.id", ondelete="CASCADE"), nullable=False
    ),
    _required("performer_id"),
    _count("face_count"),
    Column("avg_confidence", Float),
    Column("proportion", Float),
    _moment("created_at"),
    UniqueConstraint("fingerprint_id", "performer_id"),
)

upstream_snapshots = Table(
    "upstream_snapshots",
    metadata,
    _id(),
    _required("entity_type"),
    _required("local_entity_id"),
    _required("endpoint"),
    _required("stash_box_id"),
    Column("upstream_data", JSON, nullable=False),
    Column("upstream_updated_at", Text),
    _moment("fetched_at"),
    UniqueConstraint("entity_type", "endpoint", "stash_box_id"),
)

upstream_field_config = Table(
    "upstream_field_config",
    metadata,
    _key("endpoint"),
    _key("entity_type"),
    _key("field_name"),
    _flag("enabled", on=True),
)

user_settings = Table(
    "user_settings",
    metadata,
    _key("key"),
    Column("value", JSON, nullable=False),
    _changed(),
)

image_fingerprints = Table(
    "image_fingerprints",
    metadata,
    _id(),
    Column("stash_image_id", Text, nullable=False, unique=True),
    Column("gallery_id", Text),
    _count("faces_detected"),
    Column("db_version", Text),
    _moment("created_at"),
    _changed(),
)

image_fingerprint_faces = Table(
    "image_fingerprint_faces",
    metadata,
    _id(),
    Column(
        "stash_image_id",
        Text,
        ForeignKey("image_fingerprints.stash_image_id", ondelete="CASCADE"),
        nullable=False,
    ),
    _required("performer_id"),
    Column("confidence", Float),
    Column("distance", Float),
    *(Column(f"bbox_{side}", Float) for side in "xywh"),
    _moment("created_at"),
    UniqueConstraint("stash_image_id", "performer_id"),
)

background_jobs = Table(
    "background_jobs",
    metadata,
    _key("kind"),
    _required("status"),
    Column("owner", Integer),
    Column("run_id", Integer),
    Column("config", JSON, nullable=False),
    Column("progress", JSON, nullable=False),
    _count("resumed"),
    _changed(),
)

UNCOUNTED: Final = (background_jobs,)
"""Tables that are added to any database of the newest schema without a new number. They hold only what is
going on, so that an earlier sidecar, put back after a failed update, opens the file and misses nothing."""
