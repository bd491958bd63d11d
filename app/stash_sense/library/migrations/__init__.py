"""The schema's history: one revision for each number that ``schema_version`` has had."""
