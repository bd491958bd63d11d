"""What the user has the sidecar do in Stash: merge performers, delete files, take values over."""
