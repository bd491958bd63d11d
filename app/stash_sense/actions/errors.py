"""Why an action is not done."""


class ActionRefused(ValueError):  # noqa: N818 - reads as what is the case
    """The request cannot be meant like this, and nothing was changed. One line: what was seen, what to do."""
