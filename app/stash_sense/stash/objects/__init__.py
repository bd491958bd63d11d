"""Stash's objects, as far as they are used here: its field names and nullability (Stash 0.25 and later)."""
