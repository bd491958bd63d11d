"""Stash's schema, in its present form and in that of earlier versions."""

from pathlib import Path

SCHEMA_TEXT = Path(__file__).with_name("stash_schema.graphql").read_text(encoding="utf-8")


def without_performer_urls(schema: str) -> str:
    """The schema before 0.27: a performer has single addresses only."""
    return schema.replace("  url: String\n  urls: [String!]\n", "  url: String\n")
