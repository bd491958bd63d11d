"""A scene's fingerprint says which recognition database it was made with."""

from sqlalchemy import Column, Text

from stash_sense.library.migrations.steps import add_column

revision = "3"
down_revision = "2"


def upgrade() -> None:
    add_column("scene_fingerprints", Column("db_version", Text))
