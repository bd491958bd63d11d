"""Frames of films that lie on an HTTP server: sought and decoded by FFmpeg's libraries, in this process."""
