"""Stash: its address, its GraphQL API, and how politely it is asked."""
