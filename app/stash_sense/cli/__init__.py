"""The command line, ``stash-sense``: one module a command."""
