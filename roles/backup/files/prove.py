"""Reads all of a SQLite file: prints its sha256, size and schema as JSON, or why it is no backup (status 1).

usage: prove.py FILE
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path


def prove(path: Path) -> dict[str, object]:
    """sha256, bytes and schema.

    Raises:
        ValueError: it is damaged, or not the sidecar's.
    """
    # Immutable: beside a backup nothing is made, and nothing that lies there is believed.
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as connection:
        said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
        if said != ["ok"]:
            raise ValueError("; ".join(said))
        (schema,) = connection.execute("SELECT MAX(version) FROM schema_version").fetchone()
    if not isinstance(schema, int):
        raise ValueError("it has no schema_version")
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size, "schema": schema}


if __name__ == "__main__":
    try:
        print(json.dumps(prove(Path(sys.argv[1]))))
    except (sqlite3.Error, OSError, ValueError) as error:
        sys.exit(f"{error}")
