"""Scenes that are probably the same: who is seen in them, and what Stash knows of them."""
