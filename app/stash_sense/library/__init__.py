"""What the sidecar itself remembers: `stash_sense.db`, its schema, its history, and what is kept in it."""
