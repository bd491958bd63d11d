"""Making every scene's fingerprint, in the background."""
