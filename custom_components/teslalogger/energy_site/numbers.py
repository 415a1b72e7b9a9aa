"""What counts as a number in Tesla's JSON; neither function ever raises."""

import math
from typing import Final, TypeIs

# Beyond it a float is not exact any more, and JSON writers give up soon after.
_HIGHEST: Final = 2**53


def is_number(value: object) -> TypeIs[int | float]:
    """Whether it can be reckoned with and written down: finite, no flag, no endless integer."""
    match value:
        case bool():
            return False
        case int():
            return abs(value) <= _HIGHEST
        case float():
            return math.isfinite(value)
        case _:
            return False


def is_whole(value: object, highest: int) -> TypeIs[int]:
    """Whether it is one from zero to `highest`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= highest
