"""What counts as a number in Tesla's JSON; neither function ever raises."""

import math
from typing import TypeIs


def is_number(value: object) -> TypeIs[int | float]:
    """Whether it is one that can be reckoned with: finite, no flag, no more than a float holds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def is_whole(value: object, highest: int) -> TypeIs[int]:
    """Whether it is one from zero to `highest`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= highest
