"""Stash Sense: recognises the performers in a Stash library by their faces."""

__version__ = "0.1.0"
