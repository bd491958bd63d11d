"""How talking to a stash-box fails. Every message is one line, names the box, and never contains the key."""


class StashBoxError(Exception):
    """Base of all errors of this package."""


class StashBoxUnavailable(StashBoxError):  # noqa: N818 - reads as what is the case
    """It cannot be reached, does not take the key, or answers with an error."""


class StashBoxPassing(StashBoxUnavailable):
    """A failure that may well be over a moment later.

    ``pause``: for how many seconds the box asks to be left alone; None when it does not say.
    """

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class StashBoxRefused(StashBoxUnavailable):
    """The box is there, and does not do this: the request is too large, or asks for what it does not know."""
