"""Who is told of what, and how often."""

import pytest

from custom_components.teslalogger.audience import Audience


@pytest.fixture
def audience() -> Audience:
    """Nobody yet."""
    return Audience()


def _tell(audience: Audience, *topics: str) -> None:
    for update in audience.concerned(topics):
        update()


def test_only_those_are_told_whom_it_concerns(audience: Audience) -> None:
    """By any of their topics; no topics concern nobody."""
    told: list[str] = []
    audience.add(lambda: told.append("doors"), {"df", "dr"})
    audience.add(lambda: told.append("speed"), {"speed"})
    audience.add(lambda: told.append("nothing"), set())
    _tell(audience, "dr")
    _tell(audience, "speed", "range")
    _tell(audience, "range")
    assert told == ["doors", "speed"]


def test_somebody_is_told_once_of_several_topics(audience: Audience) -> None:
    """However many of them have changed."""
    told: list[str] = []
    audience.add(lambda: told.append("doors"), {"df", "dr"})
    _tell(audience, "df", "dr")
    assert told == ["doors"]


def test_who_names_no_topics_is_told_of_everything(audience: Audience) -> None:
    """Even of nothing: that something was told at all."""
    told: list[str] = []
    audience.add(lambda: told.append("all"), None)
    _tell(audience, "speed")
    _tell(audience)
    assert told == ["all", "all"]


@pytest.mark.parametrize("topics", [{"speed", "df"}, None])
def test_who_has_left_is_told_no_more(audience: Audience, topics: set[str] | None) -> None:
    """And the same callback, added twice, stays once."""
    told: list[str] = []

    def update() -> None:
        told.append("told")

    leave = audience.add(update, topics)
    audience.add(update, topics)
    leave()
    _tell(audience, "speed", "df")
    assert told == ["told"]


def test_who_is_told_may_leave(audience: Audience) -> None:
    """While the others are still being told."""
    told: list[str] = []

    def update() -> None:
        told.append("leaver")
        leave()

    leave = audience.add(update, {"speed"})
    audience.add(lambda: told.append("stayer"), {"speed"})
    _tell(audience, "speed")
    _tell(audience, "speed")
    assert told == ["leaver", "stayer", "stayer"]
