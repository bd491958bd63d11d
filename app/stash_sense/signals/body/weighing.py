"""What a difference of proportions costs a candidate. Pure."""

from __future__ import annotations

import math
from typing import Final

# (the difference of the shoulder/hip ratios is more than, the weight on the similarity), the largest first;
# the contract's numbers.
STEPS: Final = ((0.35, 0.3), (0.2, 0.6), (0.12, 0.85))
# Binary fractions make 1.5 - 1.38 a little more than 0.12.
_DIGITS: Final = 9


def body_weight(measured: float | None, known: float | None) -> float:
    """The weight of a candidate by shoulder/hip ratios; 1 when either is unknown."""
    if measured is None or known is None or not (math.isfinite(measured) and math.isfinite(known)):
        return 1.0
    difference = round(abs(measured - known), _DIGITS)
    return next((weight for limit, weight in STEPS if difference > limit), 1.0)
