"""Text from outside made fit for an error message: one line, no secrets."""

import re

_USER_INFO = re.compile(r"//[^/?#\s]*@")
_SECRET_VALUE = re.compile(
    r"([?&;][^=&;#\s]*(?:key|token|secret|pass|sig|auth|credential)[^=&;#\s]*=)[^&;#\s]*", re.IGNORECASE
)


def mask_url(url: object) -> str:
    """The address without user name, password and the values of query fields that name a secret.

    By pattern, not by parsing: what cannot be parsed must not leak either.
    """
    return one_line(_SECRET_VALUE.sub(r"\1***", _USER_INFO.sub("//***@", str(url))))


def one_line(text: str, limit: int = 300) -> str:
    """`text` in one printable line of at most `limit` characters."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(line.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
