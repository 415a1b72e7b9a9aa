"""What is wanted counts while it is on its way."""

import pytest

from custom_components.teslalogger.vehicle.wishes import Wishes


def test_newest_wish_counts_and_an_older_one_after_it() -> None:
    """Each for as long as it is open, in whatever order they end."""
    wishes = Wishes()
    first, second = wishes.open({"amps": 16, "limit": 80}), wishes.open({"amps": 10})
    assert wishes.value("amps") is None
    with first:
        assert wishes.value("amps") == 16
        with second:
            assert (wishes.value("amps"), wishes.value("limit")) == (10, 80)
        assert wishes.value("amps") == 16
    assert wishes.value("amps") is None


def test_equal_wishes_end_one_by_one() -> None:
    """Two people who want the same do not end each other's wish."""
    wishes = Wishes()
    with wishes.open({"amps": 16}):
        with wishes.open({"amps": 16}):
            pass
        assert wishes.value("amps") == 16


def test_wish_that_fails_ends() -> None:
    """With whatever error."""
    wishes = Wishes()

    def fail() -> None:
        assert wishes.value("amps") == 0
        raise KeyError

    with pytest.raises(KeyError), wishes.open({"amps": 0}):
        fail()
    assert wishes.value("amps") is None
