"""The recognition database: the files that users have, read exactly as they are, checked, and made."""
