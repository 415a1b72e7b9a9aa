"""Which way to believe in, and why."""

import json
from typing import Any

import pytest

from custom_components.teslalogger.vehicle import Reason, Route, RouteBelief, RouteBeliefs

from .doubles import LEGACY_VIN, VIN, Clock

UNDECIDED_VIN = "5YJSA1E25MF012350"


@pytest.fixture
def beliefs(clock: Clock) -> RouteBeliefs:
    """Of a car whose VIN decides nothing."""
    return RouteBeliefs(UNDECIDED_VIN, clock=clock.wall)


def test_each_better_reason_beats_the_worse_ones(beliefs: RouteBeliefs) -> None:
    """Override, learnt, product list, fleet status, VIN, guess."""
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.GUESS, Route.SIGNED)
    beliefs.note_fleet_status(protocol_required=False)
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.FLEET_STATUS, Route.UNSIGNED)
    beliefs.note_product("required")
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.PRODUCT, Route.SIGNED)
    beliefs.learn(Route.UNSIGNED)
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.LEARNT, Route.UNSIGNED)
    beliefs.override(Route.SIGNED)
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.OVERRIDE, Route.SIGNED)
    assert [belief.reason for belief in beliefs.all] == list(Reason)[:4]
    beliefs.override(None)
    assert beliefs.current.reason is Reason.LEARNT


@pytest.mark.parametrize(("vin", "route"), [(VIN, Route.SIGNED), (LEGACY_VIN, Route.UNSIGNED)])
def test_the_vin_decides_where_nobody_else_does(vin: str, route: Route) -> None:
    """From the first press on."""
    beliefs = RouteBeliefs(vin)
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.VIN, route)


def test_a_wrong_no_of_fleet_status_does_not_beat_the_vin() -> None:
    """Tesla has said so of Model 3, Y and Cybertruck."""
    beliefs = RouteBeliefs(VIN)
    beliefs.note_fleet_status(protocol_required=False)
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.VIN, Route.SIGNED)
    beliefs.note_fleet_status(protocol_required=True)
    assert beliefs.current.reason is Reason.FLEET_STATUS


@pytest.mark.parametrize(
    ("signing", "reason", "route"),
    [
        ("required", Reason.PRODUCT, Route.SIGNED),
        ("allowed", Reason.PRODUCT, Route.UNSIGNED),
        ("off", Reason.PRODUCT, Route.UNSIGNED),
        ("perhaps", Reason.GUESS, Route.SIGNED),
        (None, Reason.GUESS, Route.SIGNED),
    ],
)
def test_words_of_the_product_list(
    beliefs: RouteBeliefs, signing: str | None, reason: Reason, route: Route
) -> None:
    """An unknown word says nothing, and takes back what was said before."""
    beliefs.note_product("off")
    beliefs.note_product(signing)
    assert (beliefs.current.reason, beliefs.current.route) == (reason, route)


def test_since_when_stays_while_the_belief_stays(beliefs: RouteBeliefs, clock: Clock) -> None:
    """Hearing the same again does not make it new."""
    beliefs.learn(Route.SIGNED)
    since = beliefs.current.since
    clock.now += 100
    beliefs.learn(Route.SIGNED)
    assert beliefs.current.since == since
    beliefs.learn(Route.UNSIGNED)
    assert beliefs.current.since == since + 100


def test_new_firmware_makes_us_learn_anew(beliefs: RouteBeliefs) -> None:
    """The first version seen is no change, and the user's word stays."""
    beliefs.learn(Route.UNSIGNED)
    assert beliefs.note_firmware("2026.1")
    assert beliefs.current.route is Route.UNSIGNED
    assert not beliefs.note_firmware("2026.1")
    assert not beliefs.note_firmware(None)
    assert beliefs.note_firmware("2026.2")
    assert beliefs.current == RouteBelief(
        route=Route.SIGNED, reason=Reason.GUESS, since=beliefs.current.since
    )


def test_a_restart_keeps_reason_date_and_firmware(beliefs: RouteBeliefs, clock: Clock) -> None:
    """Through real JSON; what the VIN says is worked out again."""
    beliefs.learn(Route.UNSIGNED)
    beliefs.note_product("required")
    beliefs.note_firmware("2026.1")
    stored = json.loads(json.dumps(beliefs.to_dict()))
    clock.now += 500
    restored = RouteBeliefs.from_dict(UNDECIDED_VIN, stored, clock=clock.wall)
    assert restored.all == beliefs.all
    assert restored.note_firmware("2026.2")
    assert restored.current.reason is Reason.PRODUCT


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"beliefs": None},
        {"beliefs": {"learnt": "signed", "override": ["flying", 1], "product": ["signed", "x"]}},
        {"firmware": 5, "beliefs": {"vin": ["unsigned", 1], "nonsense": 1}},
    ],
)
def test_what_cannot_be_read_is_left_out(stored: dict[str, Any]) -> None:
    """The beliefs then begin with the VIN."""
    beliefs = RouteBeliefs.from_dict(VIN, stored)
    assert (beliefs.current.reason, beliefs.current.route) == (Reason.VIN, Route.SIGNED)
