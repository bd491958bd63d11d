"""``python -m stash_sense`` is the same as ``stash-sense``."""

from stash_sense.cli.main import main

main()
