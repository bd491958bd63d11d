"""How talking to Stash fails. Every message is one line, for a plugin user, and never contains the key."""


class StashError(Exception):
    """Base of all errors of this package."""


class StashNotConfigured(StashError):  # noqa: N818 - reads as what is the case
    """There is no STASH_URL."""


class StashUnavailable(StashError):  # noqa: N818 - reads as what is the case
    """Stash cannot be reached, is too slow, or answers with an error."""


class StashRefused(StashUnavailable):
    """Stash is there and says, in GraphQL, why it does not do it. Asking again would not help."""


class StashNotFound(StashError):  # noqa: N818 - reads as what is the case
    """Stash answers, and does not have the object."""
