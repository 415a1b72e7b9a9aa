"""The simulated time."""

from hypothesis import given, strategies as st
import pytest

from simulator.clock import Clock

STEPS = st.lists(
    st.tuples(st.sampled_from(["wait", "speed", "advance"]), st.floats(min_value=0, max_value=1e6)),
    max_size=20,
)


class Source:
    """Real time, in the hands of a test."""

    now = 100.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now


def test_time_passes_faster() -> None:
    """By the factor."""
    source = Source()
    clock = Clock(60, start=1000, source=source)
    source.now += 2
    assert clock.now() == 1120
    clock.speed = 1
    source.now += 2
    assert (clock.now(), clock.speed) == (1122, 1)


def test_time_can_stand_still_and_jump() -> None:
    """A speed of nothing, and an advance."""
    source = Source()
    clock = Clock(0, start=1000, source=source)
    source.now += 99
    assert clock.now() == 1000
    clock.advance(5)
    assert clock.now() == 1005


def test_time_does_not_go_back() -> None:
    """Neither by a step nor by its speed."""
    clock = Clock()
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="backwards"):
        clock.speed = -1
    with pytest.raises(ValueError, match="backwards"):
        Clock(-1)


@given(STEPS)
def test_time_never_goes_back_whatever_is_done(steps: list[tuple[str, float]]) -> None:
    """Any mix of waiting, changing the speed and advancing."""
    source = Source()
    clock = Clock(1, start=0, source=source)
    before = clock.now()
    for kind, amount in steps:
        if kind == "wait":
            source.now += amount
        elif kind == "speed":
            clock.speed = amount
        else:
            clock.advance(amount)
        assert clock.now() >= before
        before = clock.now()
