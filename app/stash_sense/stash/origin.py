"""Where Stash is, and who may see its key."""

from dataclasses import dataclass

import httpx
from pydantic import SecretStr


@dataclass(frozen=True)
class StashOrigin:
    """The normalised base address of Stash (see `normalise_stash_url`) and its API key."""

    base: str
    api_key: SecretStr | None

    def headers_for(self, url: httpx.URL) -> dict[str, str]:
        """The ApiKey header, for an address with exactly Stash's scheme, host and port; else nothing."""
        if self.api_key is None or _origin(url) != _origin(httpx.URL(self.base)):
            return {}
        return {"ApiKey": self.api_key.get_secret_value()}

    def rebased(self, link: str, route: str) -> str:
        """The address under `base` of a link that Stash gave for its own `route` ("/image/7/").

        Stash builds links from the Host header or from its setting for an external address, neither of which
        this machine need reach. Only the part from `route` on and the query are taken from the link, so that
        nothing that Stash answers can lead the key elsewhere.
        """
        path, mark, query = httpx.URL(link).raw_path.decode("ascii").partition("?")
        _, found, rest = path.rpartition(route)
        return self.base + (route + rest if found else path) + mark + query

    def without_key(self, text: str) -> str:
        """`text`, which somebody else wrote, with the key blotted out should it be in there."""
        key = self.api_key.get_secret_value() if self.api_key else ""
        return text.replace(key, "***") if key else text


def normalise_api_key(key: SecretStr | None) -> SecretStr | None:
    """The key without surrounding blanks; None for an empty one, which is how compose passes on an unset one.

    Raises ValueError, without the key, for what no HTTP header can carry: the HTTP library would show it.
    """
    text = key.get_secret_value().strip() if key else ""
    if not text:
        return None
    if not all("!" <= sign <= "~" for sign in text):
        raise ValueError(
            "the API key contains blanks or signs other than ASCII; expected the key from Stash's settings, "
            "Security: copy it again"
        )
    return SecretStr(text)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    # httpx leaves out a port that is the scheme's own.
    return url.scheme, url.host, url.port
