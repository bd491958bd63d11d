"""Images have fingerprints: who is in them, and where."""

from sqlalchemy import Column, Float, ForeignKey, Integer, Text, UniqueConstraint, text

from stash_sense.library.migrations.steps import create_table, moment

revision = "6"
down_revision = "5"


def upgrade() -> None:
    create_table(
        "image_fingerprints",
        Column("id", Integer, primary_key=True),
        Column("stash_image_id", Text, nullable=False, unique=True),
        Column("gallery_id", Text),
        Column("faces_detected", Integer, nullable=False, server_default=text("0")),
        Column("db_version", Text),
        moment("created_at"),
        moment("updated_at"),
    )
    create_table(
        "image_fingerprint_faces",
        Column("id", Integer, primary_key=True),
        Column(
            "stash_image_id",
            Text,
            ForeignKey("image_fingerprints.stash_image_id", ondelete="CASCADE"),
            nullable=False,
        ),
        Column("performer_id", Text, nullable=False),
        Column("confidence", Float),
        Column("distance", Float),
        *(Column(f"bbox_{side}", Float) for side in "xywh"),
        moment("created_at"),
        UniqueConstraint("stash_image_id", "performer_id"),
    )
