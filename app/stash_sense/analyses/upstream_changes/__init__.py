"""What changed about performers on a stash-box since the last look, and differs from what Stash has."""
