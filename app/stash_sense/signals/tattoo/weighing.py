"""What a tattoo that is recognised is worth. Pure.

A tattoo only ever speaks for somebody: that one is not seen means clothes, or the other side.
"""

from __future__ import annotations

from typing import Final

# (cosine distance of the tattoos at most, the weight on the similarity), the nearest first.
STEPS: Final = ((0.25, 1.2), (0.4, 1.1))


def tattoo_weight(distance: float | None) -> float:
    """The weight of a candidate by the distance of the nearest tattoo; 1 when there is none."""
    if distance is None:
        return 1.0
    return next((weight for limit, weight in STEPS if distance <= limit), 1.0)
