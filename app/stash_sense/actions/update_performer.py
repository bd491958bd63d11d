"""A performer gets values that the user has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stash_sense.actions.performer_fields import performer_update
from stash_sense.stash.client import Priority, StashClient
from stash_sense.stash.objects.performers import Performer


async def update_performer(stash: StashClient, performer_id: str, fields: Mapping[str, Any]) -> Performer:
    """Write these fields, by the plugin's names, and give the performer as it is then.

    Raises ActionRefused, StashError.
    """
    performer = await stash.performers.get(performer_id, Priority.USER_ACTION)
    return await stash.performers.update(performer_update(performer, fields), Priority.USER_ACTION)
