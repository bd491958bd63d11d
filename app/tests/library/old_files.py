"""Databases as earlier sidecars left them, of schemas 2 to 6, with rows in every table.

Written down here by hand, apart from the code under test: the loose types, the rolling defaults and the row
for each step in ``schema_version`` are what such files may have.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

SCHEMAS = (2, 3, 4, 5, 6)

Rows = dict[str, list[dict[str, Any]]]

_FIRST = """
CREATE TABLE schema_version (version INTEGER PRIMARY KEY);
CREATE TABLE recommendations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending',
    target_type TEXT NOT NULL, target_id TEXT NOT NULL, details JSON NOT NULL, resolution_action TEXT,
    resolution_details JSON, resolved_at TEXT, confidence REAL, source_analysis_id INTEGER,
    created_at TEXT NOT NULL DEFAULT (datetime('now')), updated_at TEXT NOT NULL DEFAULT (datetime('now')),
    UNIQUE (type, target_type, target_id));
CREATE INDEX idx_recommendations_status ON recommendations (status);
CREATE TABLE analysis_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, status TEXT NOT NULL,
    started_at TEXT NOT NULL DEFAULT (datetime('now')), completed_at TEXT, items_total INTEGER,
    items_processed INTEGER DEFAULT 0, recommendations_created INTEGER DEFAULT 0, cursor TEXT,
    error_message TEXT);
CREATE TABLE recommendation_settings (
    type TEXT PRIMARY KEY, enabled INTEGER DEFAULT 1, auto_dismiss_threshold REAL, notify INTEGER DEFAULT 1,
    interval_hours INTEGER, last_run_at TEXT, next_run_at TEXT, config JSON);
CREATE TABLE dismissed_targets (
    type TEXT NOT NULL, target_type TEXT NOT NULL, target_id TEXT NOT NULL,
    dismissed_at TEXT NOT NULL DEFAULT (datetime('now')), reason TEXT,
    PRIMARY KEY (type, target_type, target_id));
CREATE TABLE analysis_watermarks (
    type TEXT PRIMARY KEY, last_completed_at TEXT, last_cursor TEXT, last_stash_updated_at TEXT);
INSERT INTO recommendations VALUES
    (4, 'duplicate_performer', 'pending', 'performer', '17', '{"endpoint": "https://stashdb.org/graphql"}',
     NULL, NULL, NULL, 1.0, 2, '2025-11-02 08:00:00', '2025-11-02 08:00:00'),
    (9, 'duplicate_scene_files', 'resolved', 'scene', '301', '{"files": [{"id": "5", "scène": "é ✓"}]}',
     'deleted', '{"kept": "5"}', '2025-12-24 18:00:00', 0.83, NULL, '2025-12-01 09:30:00',
     '2025-12-24 18:00:00'),
    (11, 'duplicate_scene_files', 'dismissed', 'scene', '302', '{"files": []}', NULL, NULL, NULL, NULL, 3,
     '2025-12-02 09:30:00', '2025-12-03 10:00:00');
INSERT INTO analysis_runs VALUES
    (2, 'duplicate_performer', 'completed', '2025-11-02 07:59:00', '2025-11-02 08:00:00', 1200, 1200, 1, NULL,
     NULL),
    (3, 'duplicate_scene_files', 'failed', '2025-11-03 07:59:00', '2025-11-03 08:00:00', NULL, 40, 0, 'p40',
     'Stash went away');
INSERT INTO recommendation_settings VALUES
    ('duplicate_performer', 0, 0.9, 1, 24, '2025-11-02 08:00:00', NULL, '{"limit": 5}');
INSERT INTO dismissed_targets VALUES
    ('duplicate_performer', 'performer', '44', '2025-10-10 10:10:10', 'twins'),
    ('duplicate_scene_files', 'scene', '302', '2025-12-03 10:00:00', NULL);
INSERT INTO analysis_watermarks VALUES
    ('duplicate_performer', '2025-11-02 08:00:00', '17', '2025-11-01T23:00:00Z');
"""

_STEPS = {
    2: """
CREATE TABLE scene_fingerprints (
    id INTEGER PRIMARY KEY AUTOINCREMENT, stash_scene_id INTEGER NOT NULL UNIQUE,
    total_faces INTEGER NOT NULL, frames_analyzed INTEGER NOT NULL, fingerprint_status TEXT DEFAULT 'pending',
    created_at TEXT NOT NULL DEFAULT (datetime('now')), updated_at TEXT NOT NULL DEFAULT (datetime('now')));
CREATE TABLE scene_fingerprint_faces (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    fingerprint_id INTEGER NOT NULL REFERENCES scene_fingerprints(id) ON DELETE CASCADE,
    performer_id TEXT NOT NULL, face_count INTEGER NOT NULL, avg_confidence REAL, proportion REAL,
    created_at TEXT NOT NULL DEFAULT (datetime('now')), UNIQUE (fingerprint_id, performer_id));
INSERT INTO scene_fingerprints VALUES
    (1, 301, 12, 60, 'complete', '2025-11-04 10:00:00', '2025-11-04 10:00:05'),
    (2, 302, 0, 60, 'error', '2025-11-04 10:01:00', '2025-11-04 10:01:05');
INSERT INTO scene_fingerprint_faces VALUES
    (1, 1, '50459d16-787c-47c9-8ce9-a4cac9404324', 12, 0.71, 1.0, '2025-11-04 10:00:05');
""",
    3: """
ALTER TABLE scene_fingerprints ADD COLUMN db_version TEXT;
UPDATE scene_fingerprints SET db_version = '2026.01.15' WHERE id = 1;
""",
    4: """
ALTER TABLE dismissed_targets ADD COLUMN permanent INTEGER DEFAULT 0;
INSERT INTO dismissed_targets VALUES
    ('upstream_performer_changes', 'performer', '45', '2026-01-01 00:00:00', NULL, 1);
CREATE TABLE upstream_snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT, entity_type TEXT NOT NULL, local_entity_id TEXT NOT NULL,
    endpoint TEXT NOT NULL, stash_box_id TEXT NOT NULL, upstream_data JSON NOT NULL, upstream_updated_at TEXT,
    fetched_at TEXT NOT NULL DEFAULT (datetime('now')), UNIQUE (entity_type, endpoint, stash_box_id));
CREATE TABLE upstream_field_config (
    endpoint TEXT NOT NULL, entity_type TEXT NOT NULL, field_name TEXT NOT NULL, enabled INTEGER DEFAULT 1,
    PRIMARY KEY (endpoint, entity_type, field_name));
INSERT INTO upstream_snapshots VALUES
    (1, 'performer', '17', 'https://stashdb.org/graphql', '50459d16-787c-47c9-8ce9-a4cac9404324',
     '{"name": "A", "height": 170}', '2026-01-03T04:05:06Z', '2026-01-04 00:00:00');
INSERT INTO upstream_field_config VALUES ('https://stashdb.org/graphql', 'performer', 'height', 0);
""",
    5: """
CREATE TABLE user_settings (
    key TEXT PRIMARY KEY, value JSON NOT NULL, updated_at TEXT NOT NULL DEFAULT (datetime('now')));
INSERT INTO user_settings VALUES
    ('normalize_enum_display', 'false', '2026-01-20 00:00:00'),
    ('page_size', '50', '2026-01-21 00:00:00');
""",
    6: """
CREATE TABLE image_fingerprints (
    id INTEGER PRIMARY KEY AUTOINCREMENT, stash_image_id TEXT NOT NULL UNIQUE, gallery_id TEXT,
    faces_detected INTEGER NOT NULL DEFAULT 0, db_version TEXT,
    created_at TEXT NOT NULL DEFAULT (datetime('now')), updated_at TEXT NOT NULL DEFAULT (datetime('now')));
CREATE TABLE image_fingerprint_faces (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    stash_image_id TEXT NOT NULL REFERENCES image_fingerprints(stash_image_id) ON DELETE CASCADE,
    performer_id TEXT NOT NULL, confidence REAL NOT NULL, distance REAL NOT NULL, bbox_x REAL, bbox_y REAL,
    bbox_w REAL, bbox_h REAL, created_at TEXT NOT NULL DEFAULT (datetime('now')),
    UNIQUE (stash_image_id, performer_id));
INSERT INTO image_fingerprints VALUES
    (1, '7', '3', 2, '2026.02.01', '2026-02-02 00:00:00', '2026-02-02 00:00:00');
INSERT INTO image_fingerprint_faces VALUES
    (1, '7', '50459d16-787c-47c9-8ce9-a4cac9404324', 0.75, 0.25, 0.1, 0.2, 0.3, 0.4, '2026-02-02 00:00:00');
""",
}


def write_old_file(path: Path, schema: int, *, target_id: str = "TEXT") -> Path:
    """A database of that schema; ``target_id``: the type of the columns of that name."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_FIRST.replace("target_id TEXT", f"target_id {target_id}"))
        for step in range(2, schema + 1):
            connection.executescript(_STEPS[step])
        connection.execute("INSERT INTO schema_version VALUES (?)", (schema,))
        connection.commit()
    return path


def rows_of(path: Path) -> Rows:
    """Every row of every table but ``schema_version``, as it is stored."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY rowid")]
            for (name,) in tables
            if name != "schema_version"
        }


def value_of(path: Path, query: str) -> Any:
    """The first column of the only row."""
    with closing(sqlite3.connect(path)) as connection:
        ((value,),) = connection.execute(query).fetchall()
        return value
