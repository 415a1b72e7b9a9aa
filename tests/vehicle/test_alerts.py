"""Alerts: read from Tesla's answers, and each of them is news once."""

from typing import Any, Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.vehicle.alerts import (
    CLOCK_AHEAD,
    FRESH,
    Alert,
    KnownAlerts,
    read_alerts,
)

NOW: Final = 1_800_000_000.0
FULL: Final[dict[str, Any]] = {
    "name": "APP_w222",
    "time": "2026-11-01T12:30:00.5+01:00",
    "audience": ["service-fix", "customer", 7],
    "user_text": "Tyre pressure low",
}

ALERTS: Final = st.builds(
    Alert,
    name=st.sampled_from(["A", "B", "C"]),
    started_at=st.floats(NOW - 10 * FRESH, NOW),
)


def raised(name: str, ago: float = 0.0) -> Alert:
    """An alert that was raised so many seconds ago."""
    return Alert(name=name, started_at=NOW - ago)


def test_alert_is_read() -> None:
    """In our words."""
    assert read_alerts([FULL]) == [
        Alert(
            name="APP_w222",
            started_at=1_793_532_600.5,
            audiences=frozenset({"service_fix", "customer"}),
            text="Tyre pressure low",
        )
    ]
    assert read_alerts([FULL])[0].is_for_driver


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": ""},
        {"time": None},
        {"time": "yesterday"},
        {"time": "2026-11-01T12:30:00"},
        {"time": 1_793_532_600},
    ],
)
def test_alert_without_name_or_time_is_left_out(change: dict[str, Any]) -> None:
    """Nobody could say whether it is new."""
    assert read_alerts([FULL | change, FULL]) == read_alerts([FULL])


@pytest.mark.parametrize("change", [{"audience": None, "user_text": None}, {"audience": "all"}])
def test_alert_needs_no_more_than_that(change: dict[str, Any]) -> None:
    """An alert that is for nobody is not for the driver."""
    (alert,) = read_alerts([FULL | change])

    assert alert.audiences == frozenset()
    assert not alert.is_for_driver


def test_of_the_first_alerts_only_fresh_ones_are_news() -> None:
    """Tesla tells of weeks."""
    known = KnownAlerts()

    assert known.news([raised("new", 5), raised("old", FRESH + 1)], NOW) == [raised("new", 5)]
    assert known.news([raised("later", FRESH + 2)], NOW) == [raised("later", FRESH + 2)]
    assert known.news([raised("old", FRESH + 1)], NOW) == []


def test_alert_of_a_time_to_come_is_none() -> None:
    """It would make every other one of its name old until then; a clock may be a little fast."""
    known = KnownAlerts()
    assert known.news([raised("A", ago=-2 * CLOCK_AHEAD)], NOW) == []
    assert known.news([raised("A")], NOW) == [raised("A")]
    fast = raised("A", ago=-CLOCK_AHEAD / 2)
    assert known.news([fast], NOW) == [fast]


def test_first_answer_may_be_empty() -> None:
    """Then everything after it is news."""
    known = KnownAlerts()
    assert known.news([], NOW) == []

    assert known.news([raised("old", 10 * FRESH)], NOW) == [raised("old", 10 * FRESH)]


def test_alert_that_comes_again_is_news_again() -> None:
    """But not within a minute: sources differ in fractions of a second."""
    known = KnownAlerts({"A": NOW - 1000})

    assert known.news([raised("A", 999.5), raised("A", 1200)], NOW) == []
    assert known.news([raised("A", 100), raised("A", 500)], NOW) == [
        raised("A", 500),
        raised("A", 100),
    ]


@given(st.lists(st.lists(ALERTS, max_size=6), max_size=6))
def test_no_alert_is_news_twice(answers: list[list[Alert]]) -> None:
    """Whatever comes, in whichever order, with a restart after each answer."""
    known, seen = KnownAlerts(), list[Alert]()
    for answer in answers:
        seen += known.news(answer, NOW)
        assert known.news(answer, NOW) == []
        known = KnownAlerts.from_dict(known.to_dict())

    assert len({(alert.name, alert.started_at) for alert in seen}) == len(seen)


@pytest.mark.parametrize("stored", [None, "", [], 7])
def test_what_cannot_be_read_is_nothing(stored: object) -> None:
    """As at the first start."""
    assert KnownAlerts.from_dict(stored).to_dict() is None


def test_what_is_stored_badly_is_left_out() -> None:
    """The rest is kept."""
    assert KnownAlerts.from_dict({"A": 1, "B": "2"}).to_dict() == {"A": 1.0}


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        (None, None, None),
        (None, {}, {}),
        ({"A": 1.0}, None, {"A": 1.0}),
        ({"A": 1.0, "B": 5.0}, {"A": 2.0, "B": 4.0, "C": 3.0}, {"A": 2.0, "B": 5.0, "C": 3.0}),
    ],
)
def test_what_another_one_knows_is_known(
    mine: dict[str, float] | None,
    theirs: dict[str, float] | None,
    both: dict[str, float] | None,
) -> None:
    """Of each name the latest, and the other one stays as it was."""
    known, other = KnownAlerts(mine), KnownAlerts(theirs)

    known.merge(other)

    assert known.to_dict() == both
    assert other.to_dict() == theirs
