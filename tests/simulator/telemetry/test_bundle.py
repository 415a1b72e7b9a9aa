"""What goes into the next record."""

from typing import Any, Final

import pytest

from simulator.telemetry.bundle import RESEND_SECONDS, Bundler
from simulator.telemetry.config import Config, FieldConfig
from simulator.telemetry.samples import REAL, Sample

NEW: Final = (2026, 38)


def _bundler(
    fields: dict[str, FieldConfig] | None = None,
    *,
    latest: bool = False,
    version: tuple[int, ...] = NEW,
) -> Bundler:
    config = Config(
        hostname="home.example.test",
        port=443,
        ca="",
        expires_at=None,
        fields=fields or {"Soc": FieldConfig(interval=10)},
        alert_types=frozenset(),
        latest=latest,
        typed=False,
    )
    return Bundler(config=config, version=version)


def _samples(**contents: Any) -> dict[str, Sample]:
    return {name: Sample(kind=REAL, content=content) for name, content in contents.items()}


def test_a_field_waits_for_its_interval() -> None:
    """A change inside it is told when it is over, with the value of then."""
    bundler = _bundler()
    assert bundler.changes(_samples(Soc=50.0), 0) == ["Soc"]
    assert bundler.changes(_samples(Soc=51.0), 9.5) == []
    assert bundler.changes(_samples(Soc=52.0), 10) == ["Soc"]
    assert bundler.changes(_samples(Soc=52.0), 100) == []


def test_a_change_that_goes_back_is_never_told() -> None:
    """The interval hides it."""
    bundler = _bundler()
    bundler.changes(_samples(Soc=50.0), 0)
    assert bundler.changes(_samples(Soc=51.0), 5) == []
    assert bundler.changes(_samples(Soc=50.0), 10) == []


def test_small_changes_add_up() -> None:
    """They are measured from what was told last."""
    bundler = _bundler({"Soc": FieldConfig(interval=1, delta=1.0)})
    told = [bool(bundler.changes(_samples(Soc=50 + 0.25 * at), at)) for at in range(9)]
    assert told == [True, False, False, False, True, False, False, False, True]


def test_a_field_is_told_again_though_it_did_not_change() -> None:
    """Where that was asked for, counted from when it was told last."""
    bundler = _bundler({"Soc": FieldConfig(interval=1, resend=60)})
    bundler.changes(_samples(Soc=50.0), 0)
    assert bundler.changes(_samples(Soc=50.0), 59) == []
    assert bundler.changes(_samples(Soc=51.0), 59.5) == ["Soc"]
    assert bundler.changes(_samples(Soc=51.0), 60) == []
    assert bundler.changes(_samples(Soc=51.0), 119.5) == ["Soc"]


@pytest.mark.parametrize(
    ("version", "told"), [((2024, 44, 25), True), ((2024, 44, 32), False), (NEW, False)]
)
def test_old_software_knows_no_delta(version: tuple[int, ...], *, told: bool) -> None:
    """It tells every change, and nothing twice."""
    bundler = _bundler({"Soc": FieldConfig(interval=1, delta=5, resend=60)}, version=version)
    bundler.changes(_samples(Soc=50.0), 0)
    assert bool(bundler.changes(_samples(Soc=51.0), 1)) is told
    assert bool(bundler.changes(_samples(Soc=51.0), 120)) is not told


@pytest.mark.parametrize(
    ("version", "change", "told"),
    [((2025, 2, 6), 0.05, False), ((2025, 2, 6), 0.11, True), ((2024, 44, 32), 0.05, True)],
)
def test_some_fields_have_a_delta_of_their_own(
    version: tuple[int, ...], change: float, *, told: bool
) -> None:
    """Since there are deltas by default."""
    bundler = _bundler({"Odometer": FieldConfig(interval=1)}, version=version)
    bundler.changes(_samples(Odometer=100.0), 0)
    assert bool(bundler.changes(_samples(Odometer=100 + change), 1)) is told


@pytest.mark.parametrize(("version", "told"), [(NEW, ["Soc", "Odometer"]), ((2026, 20), ["Soc"])])
def test_a_field_takes_others_along(version: tuple[int, ...], told: list[str]) -> None:
    """Where the software knows that; they count as told with it."""
    bundler = _bundler({"Soc": FieldConfig(interval=1, include=("Odometer",))}, version=version)
    assert bundler.changes(_samples(Soc=50.0, Odometer=1.0), 0) == told
    assert bundler.changes(_samples(Soc=50.0, Odometer=2.0), 60) == []
    assert bundler.names() == set(told)


def test_a_new_start_tells_everything() -> None:
    """And owes nothing of before."""
    bundler = _bundler(latest=True)
    bundler.changes(_samples(Soc=50.0), 0)
    bundler.hold(["Soc"])
    bundler.start_over()
    assert bundler.overdue(100) == []
    assert bundler.changes(_samples(Soc=50.0), 0.5) == ["Soc"]


def test_what_was_sent_is_owed_until_it_is_confirmed() -> None:
    """And sent again after a while."""
    bundler = _bundler(latest=True)
    bundler.sent(["Soc", "Odometer"], b"1", 0)
    assert bundler.overdue(RESEND_SECONDS - 0.5) == []
    assert bundler.overdue(RESEND_SECONDS) == ["Soc", "Odometer"]
    bundler.sent(["Odometer"], b"2", 5)
    bundler.confirmed(b"1")
    assert bundler.owed == {"Odometer": b"2"}
    bundler.confirmed(b"2")
    assert bundler.owed == {}


def test_a_late_ack_does_not_settle_what_is_newer() -> None:
    """The field is owed by the record that had it last."""
    bundler = _bundler(latest=True)
    bundler.sent(["Soc"], b"1", 0)
    bundler.sent(["Soc"], b"2", 1)
    bundler.confirmed(b"1")
    assert bundler.owed == {"Soc": b"2"}


def test_a_lost_link_makes_everything_due() -> None:
    """At once."""
    bundler = _bundler(latest=True)
    bundler.sent(["Soc"], b"1", 0)
    bundler.cut_off()
    bundler.hold(["Odometer"])
    assert bundler.overdue(0) == ["Soc", "Odometer"]


@pytest.mark.parametrize(("latest", "version"), [(False, NEW), (True, (2024, 44, 32))])
def test_without_the_policy_nothing_is_owed(version: tuple[int, ...], *, latest: bool) -> None:
    """Also where the software is too old for it."""
    bundler = _bundler(latest=latest, version=version)
    bundler.sent(["Soc"], b"1", 0)
    bundler.hold(["Soc"])
    bundler.cut_off()
    assert bundler.overdue(1000) == []


def test_what_was_told_is_remembered() -> None:
    """For the last word before sleep."""
    bundler = _bundler()
    assert bundler.told("Soc") is None
    bundler.changes(_samples(Soc=50.0), 0)
    assert bundler.told("Soc") == Sample(kind=REAL, content=50.0)
