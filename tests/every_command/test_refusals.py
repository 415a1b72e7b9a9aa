"""What is not done: here, because it makes no sense, or there, because the car has its reasons."""

from typing import TYPE_CHECKING, Final

import pytest
import voluptuous as vol

from custom_components.teslalogger.tesla.errors import SigningUnsupported
from custom_components.teslalogger.vehicle import (
    COMMANDS,
    InvalidParameter,
    NoKey,
    Result,
    Route,
    RouteRule,
)
from custom_components.teslalogger.vehicle_command import Refused

from .driver import difference
from .out_of_bounds import OUT_OF_BOUNDS
from .refusals import NEEDLESS, REFUSALS
from .table import CASES

if TYPE_CHECKING:
    from custom_components.teslalogger.vehicle import Command

    from .case import Case
    from .conftest import Drive

EXAMPLES: Final = {case.command: case for case in reversed(CASES)}
"""One case of every command."""
BOUNDED: Final = [
    (name, parameter, car)
    for name, parameters in OUT_OF_BOUNDS.items()
    for parameter in parameters
    for car in EXAMPLES[name].cars
]
# The car's other computer has numbers for a few reasons only, and one number for all others.
UNSPOKEN: Final = {"invalid_value"}


def _parameters(row: Command) -> set[str]:
    schema = row.schema.schema
    if isinstance(schema, vol.All):
        schema = schema.validators[0]
    return {str(marker) for marker in schema}


def test_every_parameter_of_every_row_has_values_out_of_bounds() -> None:
    """And no other has."""
    assert {name: set(parameters) for name, parameters in OUT_OF_BOUNDS.items()} == {
        name: _parameters(row) for name, row in COMMANDS.items() if _parameters(row)
    }


@pytest.mark.parametrize(("name", "parameter", "car"), BOUNDED)
async def test_nonsense_does_not_leave_the_house(
    drive: Drive, name: str, parameter: str, car: Route
) -> None:
    """The parameter is named, and neither Tesla nor the car hears of it."""
    driver, example = drive(car), EXAMPLES[name]
    driver.prepare(example)
    before = driver.look()

    for value in OUT_OF_BOUNDS[name][parameter]:
        with pytest.raises(InvalidParameter) as caught:
            await driver.send(name, {**example.params, parameter: value})
        assert caught.value.placeholders == {"command": name, "parameter": parameter}, value

    assert driver.ledger == []
    assert difference(before, driver.look()) == {}


@pytest.mark.parametrize(
    ("case", "reason", "car"),
    [(case, reason, car) for case, reason in REFUSALS for car in case.cars],
    ids=str,
)
async def test_a_car_has_its_own_reasons(drive: Drive, case: Case, reason: str, car: Route) -> None:
    """They reach whoever pressed, in the car's words, and nothing has changed."""
    driver = drive(car)
    driver.prepare(case)
    before = driver.look()

    outcome = await driver.send(case.command, case.params)

    assert (outcome.result, outcome.reason) == (Result.REFUSED, reason)
    assert isinstance(outcome.error, Refused)
    assert (outcome.route, outcome.attempts) == (car, 1)
    assert [(command, told) for command, _, _, told in driver.log] == [(case.command, reason)]
    assert difference(before, driver.look()) == {}


@pytest.mark.parametrize(
    ("case", "word", "car"),
    [(case, word, car) for case, word in NEEDLESS for car in case.cars],
    ids=str,
)
async def test_a_car_that_has_done_it_already_does_not_refuse(
    drive: Drive, case: Case, word: str, car: Route
) -> None:
    """What is foretold then is true already."""
    driver = drive(car)
    driver.prepare(case)
    before, told = driver.look(), await driver.read()

    outcome = await driver.send(case.command, case.params)

    assert (outcome.result, outcome.error, outcome.attempts) == (Result.DONE, None, 1)
    assert [reason for _, _, _, reason in driver.log] == [word]
    assert difference(before, driver.look()) == {}
    assert outcome.expected == case.known
    assert outcome.expected.items() <= told.items()


@pytest.mark.parametrize("name", [name for name, row in COMMANDS.items() if row.message])
async def test_nothing_that_must_be_signed_leaves_without_a_key(drive: Drive, name: str) -> None:
    """The car is not asked, and the way without a key is not tried."""
    driver, example = drive(Route.SIGNED, has_key=False), EXAMPLES[name]
    driver.prepare(example)
    before = driver.look()

    outcome = await driver.send(name, example.params)

    assert (outcome.result, outcome.attempts) == (Result.REFUSED, 0)
    assert isinstance(outcome.error, NoKey)
    assert (driver.ledger, driver.log) == ([], [])
    assert difference(before, driver.look()) == {}


@pytest.mark.parametrize(
    "name", [name for name, row in COMMANDS.items() if row.route is RouteRule.SIGNED_ONLY]
)
async def test_what_has_no_unsigned_form_is_not_sent_to_a_car_that_takes_no_other(
    drive: Drive, name: str
) -> None:
    """It is asked for a session, which tells; the command stays here."""
    driver, example = drive(Route.UNSIGNED), EXAMPLES[name]
    driver.prepare(example)
    before = driver.look()

    outcome = await driver.send(name, example.params)

    assert (outcome.result, outcome.attempts) == (Result.REFUSED, 0)
    assert isinstance(outcome.error, SigningUnsupported)
    assert [(entry.endpoint, entry.status) for entry in driver.ledger] == [("signed_command", 422)]
    assert driver.log == []
    assert difference(before, driver.look()) == {}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, row in COMMANDS.items()
        if row.route in {RouteRule.UNSIGNED_ONLY, RouteRule.WAKE}
    ],
)
def test_what_is_never_signed_has_no_payload(name: str) -> None:
    """Nobody can sign it by mistake."""
    row = COMMANDS[name]
    with pytest.raises(TypeError, match="no signed form"):
        row.encode(row.validate(EXAMPLES[name].params))


async def test_nobody_signs_the_stopping_of_a_sunroof(drive: Drive) -> None:
    """Its signed form is not known, so it stays here; the unsigned one goes out."""
    driver = drive(Route.SIGNED)
    driver.build({"has_sun_roof": True})

    outcome = await driver.send("sun_roof_control", {"state": "stop"})

    assert outcome.result is Result.REFUSED
    assert isinstance(outcome.error, InvalidParameter)
    assert (driver.ledger, driver.log) == ([], [])
