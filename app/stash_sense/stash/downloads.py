"""What Stash serves itself: pictures, as bytes."""

import httpx

from stash_sense.media.download import Downloader, FetchError, FetchStatusError, FetchTooLargeError
from stash_sense.stash.errors import StashError, StashNotFound, StashUnavailable
from stash_sense.stash.origin import StashOrigin


class StashDownloads:
    """Downloads from one Stash, with its key; not rate limited."""

    def __init__(self, client: httpx.AsyncClient, origin: StashOrigin, total_seconds: float) -> None:
        """Borrow `client`."""
        self._origin = origin
        # Stash serves its media itself. It redirects to its log-in page when it does not accept the key.
        self._downloader = Downloader(
            client, total_seconds=total_seconds, max_redirects=0, credentials=origin
        )

    async def get(self, what: str, link: str, route: str, max_bytes: int) -> bytes:
        """The content behind a link that Stash gave for its own `route` ("/image/7/") of `what` ("image 7").

        Raises FetchTooLargeError beyond `max_bytes`, StashNotFound when Stash has lost the file,
        StashUnavailable for everything else.
        """
        try:
            return await self._downloader.get(self._origin.rebased(link, route), max_bytes)
        except FetchTooLargeError:
            raise
        except FetchStatusError as error:
            raise self._as_stash_error(what, error) from error
        except (FetchError, httpx.InvalidURL) as error:
            raise self._unavailable(what, error) from error

    def _as_stash_error(self, what: str, error: FetchStatusError) -> StashError:
        if error.status == 404:
            return StashNotFound(
                f"Stash knows the {what} but not its file (HTTP 404): rescan or clean the library."
            )
        if error.status in (401, 403) or "/login" in error.location:
            return StashUnavailable(
                f"Stash asks for a log-in to give the {what} (HTTP {error.status}): set STASH_API_KEY "
                "to the key from Stash's settings, Security."
            )
        return self._unavailable(what, error)

    def _unavailable(self, what: str, error: Exception) -> StashUnavailable:
        return StashUnavailable(self._origin.without_key(f"The {what} cannot be had from Stash: {error}"))
