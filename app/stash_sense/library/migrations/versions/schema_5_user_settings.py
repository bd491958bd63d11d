"""The plugin's user has settings."""

from alembic import op
from sqlalchemy import JSON, Column, Text, column, insert, select, table

from stash_sense.library.migrations.steps import create_table, moment

revision = "5"
down_revision = "4"

_settings = table("user_settings", column("key", Text), column("value", JSON))
_KEY = "normalize_enum_display"


def upgrade() -> None:
    create_table(
        "user_settings",
        Column("key", Text, primary_key=True),
        Column("value", JSON, nullable=False),
        moment("updated_at"),
    )
    connection = op.get_bind()
    if connection.execute(select(_settings.c.key).where(_settings.c.key == _KEY)).first() is None:
        connection.execute(insert(_settings).values(key=_KEY, value=True))
