"""Stash's configuration."""

from pydantic import SecretStr

from stash_sense.stash.objects.base import StashObject


class StashBox(StashObject):
    """A stash-box that the user has set up in Stash."""

    endpoint: str
    name: str
    api_key: SecretStr
