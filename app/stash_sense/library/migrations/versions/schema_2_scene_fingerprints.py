"""Scenes have fingerprints: who was seen in them, and how often."""

from sqlalchemy import Column, Float, ForeignKey, Integer, Text, UniqueConstraint, text

from stash_sense.library.migrations.steps import create_table, moment

revision = "2"
down_revision = None


def upgrade() -> None:
    create_table(
        "scene_fingerprints",
        Column("id", Integer, primary_key=True),
        Column("stash_scene_id", Text, nullable=False, unique=True),
        Column("total_faces", Integer, nullable=False, server_default=text("0")),
        Column("frames_analyzed", Integer, nullable=False, server_default=text("0")),
        Column("fingerprint_status", Text, nullable=False, server_default="pending"),
        moment("created_at"),
        moment("updated_at"),
    )
    create_table(
        "scene_fingerprint_faces",
        Column("id", Integer, primary_key=True),
        Column(
            "fingerprint_id", Integer, ForeignKey("scene_fingerprints.id", ondelete="CASCADE"), nullable=False
        ),
        Column("performer_id", Text, nullable=False),
        Column("face_count", Integer, nullable=False, server_default=text("0")),
        Column("avg_confidence", Float),
        Column("proportion", Float),
        moment("created_at"),
        UniqueConstraint("fingerprint_id", "performer_id"),
    )
