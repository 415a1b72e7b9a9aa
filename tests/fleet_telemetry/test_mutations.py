"""A hostile car: whatever it sends is answered, nothing raises, nothing piles up."""

import pytest

from .mutations import MAX_GROWTH, endure, swallow


@pytest.mark.parametrize("seed", range(4))
def test_nothing_raises(seed: int) -> None:
    """And the mutations are neither all refused nor all taken."""
    outcomes = swallow(15_000, seed)
    assert outcomes["taken"] > 1_000
    assert outcomes["malformed"] > 1_000
    assert outcomes["malformed_payload"] > 100
    assert outcomes["alerts"] > 100
    assert outcomes["errors"] > 100


def test_memory_stays_flat() -> None:
    """However many frames have come."""
    _, held = endure(15_000, 99)
    assert held < MAX_GROWTH
