"""All stash-boxes that Stash knows, each with its own pace."""

from __future__ import annotations

from stash_sense.media.http_client import new_client
from stash_sense.stash.objects.configuration import StashBox
from stash_sense.stashbox.box import StashBoxApi
from stash_sense.stashbox.manners import Manners

_CONNECT_SECONDS = 10.0
_CONNECTIONS = 4


class StashBoxes:
    """Makes and keeps the way to each box: one run's requests count for the next one's pace."""

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()
        self._client = new_client(
            connect_seconds=_CONNECT_SECONDS,
            read_seconds=self._manners.answer_seconds,
            connections=_CONNECTIONS,
        )
        self._boxes: dict[tuple[str, str], StashBoxApi] = {}

    def box(self, setting: StashBox) -> StashBoxApi:
        """The way to a box as it is set up in Stash; a new one when its key was changed there."""
        key = (setting.endpoint, setting.api_key.get_secret_value())
        if key not in self._boxes:
            self._boxes[key] = StashBoxApi(
                self._client,
                setting.name or setting.endpoint,
                setting.endpoint,
                setting.api_key,
                self._manners,
            )
        return self._boxes[key]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
