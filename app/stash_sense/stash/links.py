"""A performer's addresses in Stash before 0.27: one of a site, one of Twitter, one of Instagram."""

from collections.abc import Sequence

import httpx

from stash_sense.stash.errors import StashRefused

_FIELD_OF_SITE = {"twitter.com": "twitter", "x.com": "twitter", "instagram.com": "instagram"}


def three_links(urls: Sequence[str]) -> dict[str, str]:
    """`url`, `twitter` and `instagram` for a list of addresses.

    Raises StashRefused when they do not hold all of it.
    """
    fields = dict.fromkeys(("url", "twitter", "instagram"), "")
    for link in urls:
        field = _field(link)
        # A second address of the same kind may still be the one of a site.
        field = field if not fields[field] else "url"
        if fields[field]:
            raise StashRefused(
                "For a performer, this Stash keeps one address of a site, one of Twitter, one of Instagram; "
                f"{len(urls)} were given: update Stash to 0.27 or later, or leave the addresses out."
            )
        fields[field] = link
    return fields


def _field(link: str) -> str:
    try:
        site = httpx.URL(link).host.removeprefix("www.")
    except httpx.InvalidURL:
        return "url"
    return _FIELD_OF_SITE.get(site, "url")
