"""The revisions. One that was released does not change any more, and so imports nothing that may."""
