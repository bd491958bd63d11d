"""How a film fails. Every message is one line, for a plugin user, without secrets."""

from __future__ import annotations


class VideoError(Exception):
    """The film, or the part of it that was asked for, cannot be shown."""


class VideoSourceError(VideoError):
    """The server does not hand the film out.

    Attributes:
        status: its HTTP status; None when there was no answer at all.
        location: the masked target when it redirects.
    """

    def __init__(self, message: str, status: int | None = None, location: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.location = location


class FfmpegMissingError(Exception):
    """FFmpeg's libraries are not there, so no film can be looked into."""
