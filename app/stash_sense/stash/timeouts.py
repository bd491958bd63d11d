"""How long Stash is waited for."""

from dataclasses import dataclass

from stash_sense.stash.rate_limiter import Priority


@dataclass(frozen=True)
class Timeouts:
    """All in seconds."""

    connect: float = 3.0
    # Somebody looks at the screen, and the plugin waits for 30 in all.
    interactive: float = 10.0
    # Changes of many objects, and long pages: Stash takes its time, and so may the sidecar. The plugin waits
    # 60 s for an action.
    patient: float = 30.0
    # Deletions, also of large files on slow disks: they cannot be asked for again. The plugin waits 120 s.
    once: float = 100.0
    download: float = 20.0

    def answer_for(self, priority: Priority) -> float:
        """How long one answer may take."""
        return self.interactive if priority is Priority.INTERACTIVE else self.patient
