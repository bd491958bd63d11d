"""Now, in SQL, as the database holds times."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class sql_now(FunctionElement[str]):  # noqa: N801 - reads as the SQL function that it is
    """``YYYY-MM-DD HH:MM:SS`` in UTC, as text."""

    type = Text()
    inherit_cache = True


@compiles(sql_now)
def _standard(*_: Any, **__: Any) -> str:
    return "CURRENT_TIMESTAMP"


@compiles(sql_now, "postgresql")
def _postgresql(*_: Any, **__: Any) -> str:
    return "to_char(now() AT TIME ZONE 'utc', 'YYYY-MM-DD HH24:MI:SS')"
