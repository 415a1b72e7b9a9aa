"""The window of used counters."""

from hypothesis import given, strategies as st
import pytest

from simulator.car.protocol.window import WIDTH, Window

NEWEST = 100
SEEN = {0, 5}


def _bits(*places: int) -> int:
    return sum(1 << place for place in places)


@pytest.mark.parametrize(
    ("counter", "newest", "seen"),
    [
        (101, 101, {0, 1, 6}),
        (103, 103, {2, 3, 8}),
        (500, 500, set()),
        (98, 100, {0, 1, 5}),
    ],
)
def test_a_fresh_counter_moves_the_window(counter: int, newest: int, seen: set[int]) -> None:
    """Tesla's own table."""
    window = Window(counter=NEWEST, history=_bits(*SEEN))
    assert window.take(counter)
    assert window == Window(counter=newest, history=_bits(*seen))


@pytest.mark.parametrize("counter", [99, 3, 100])
def test_a_used_or_ancient_counter_changes_nothing(counter: int) -> None:
    """Tesla's own table."""
    window = Window(counter=NEWEST, history=_bits(*SEEN))
    assert not window.is_fresh(counter)
    assert not window.take(counter)
    assert window == Window(counter=NEWEST, history=_bits(*SEEN))


@pytest.mark.parametrize(("age", "known"), [(WIDTH, True), (WIDTH + 1, False)])
def test_the_window_ends(age: int, known: bool) -> None:  # noqa: FBT001 - a table
    """32 counters below the newest can still be told apart."""
    window = Window(counter=NEWEST)
    assert window.is_fresh(NEWEST - age) is known


@pytest.mark.parametrize(("jump", "history"), [(WIDTH, 1 << WIDTH - 1), (WIDTH + 1, 0)])
def test_a_jump_forgets_what_it_leaves_behind(jump: int, history: int) -> None:
    """The former newest is remembered as long as it is within the window."""
    window = Window(counter=NEWEST, history=_bits(*SEEN))
    assert window.take(NEWEST + jump)
    assert window.history == history


@given(st.lists(st.integers(min_value=1, max_value=80), max_size=120))
def test_no_counter_is_taken_twice(counters: list[int]) -> None:
    """In whatever order they arrive; and none is refused that is new and not too old."""
    window, taken = Window(), set[int]()
    for counter in counters:
        wanted = counter not in taken and counter >= window.counter - WIDTH
        assert window.take(counter) is wanted
        if wanted:
            taken.add(counter)
