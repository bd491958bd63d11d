"""The address of Stash as people write it, in one form."""

import re

import httpx

from stash_sense.media.redact import mask_url

# What names and addresses consist of, once international names are encoded.
_HOST = re.compile(rb"[0-9a-z._:-]+")
_EXPECTED = "expected the base address of Stash, such as http://host:6969"


def normalise_stash_url(value: str) -> str:
    """Scheme, host, port and path prefix of Stash, without a trailing slash or `/graphql`.

    Raises ValueError, in one line and without secrets, for what is no such address.
    """
    text = value.strip()
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise ValueError(f"{mask_url(text)!r} is no address; {_EXPECTED}") from error
    if url.scheme not in ("http", "https"):
        raise ValueError(f"{mask_url(text)!r} does not begin with http:// or https://; {_EXPECTED}")
    if not _HOST.fullmatch(url.raw_host) or (url.port is not None and not 0 < url.port < 65536):
        raise ValueError(f"{mask_url(text)!r} names no valid host and port; {_EXPECTED}")
    if url.userinfo:
        # It would be shown wherever the address is shown.
        raise ValueError(
            f"{mask_url(text)!r} contains a user name or password; {_EXPECTED}, and the key in STASH_API_KEY"
        )
    if url.query or url.fragment:
        raise ValueError(f"{mask_url(text)!r} goes on after the path (? or #); {_EXPECTED}")
    path = url.path.rstrip("/").removesuffix("/graphql").rstrip("/")
    return str(url.copy_with(path=path or "/")).rstrip("/")
