"""Stash-boxes: what the community knows of performers, asked politely."""
