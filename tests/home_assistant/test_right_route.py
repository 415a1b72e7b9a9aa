"""A press reaches each car on the way that this car needs, from the switch to the car itself."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.vehicle import Reason, Route
from simulator.car import Car
from simulator.car.model import MODEL_S_2021
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import ANVIL, FALCON, GUEST_S, JUNIPER, OWNER, PEARL, YUKI

if TYPE_CHECKING:
    from simulator.world import World

    from .live import Live, StartLive

# A 2020 Model S: by its VIN it takes unsigned commands.
LEGACY: Final = "5YJSA1E25LF012399"
SEED: Final = (
    "Tesla Vehicle Command Protocol required, please refer to the documentation here: "
    "https://developer.tesla.com/docs/fleet-api"
    "#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning"
)


def endpoints(live: Live, vin: str) -> list[str]:
    """What Tesla was asked about the car, in order."""
    return [entry.endpoint for entry in live.asked(vin)]


def issues(live: Live) -> list[ir.IssueEntry]:
    """The open repairs."""
    return [issue for (domain, _), issue in live_issues(live).items() if domain == DOMAIN]


def live_issues(live: Live) -> dict[tuple[str, str], ir.IssueEntry]:
    """All repairs of Home Assistant."""
    return ir.async_get(live.hass).issues


def say_of_every_product(world: World, **facts: Any) -> None:
    """Let the product list tell something else than the truth."""
    products = [car.product(OWNER) | facts for car in world.cars_of(OWNER)]
    body = {"response": products, "count": len(products)}
    world.faults.add(
        FaultRule(kind=FaultKind.STATUS, endpoint="products", status=200, body=body, count=None)
    )


def add_legacy_car(world: World, *, protocol: bool) -> Car:
    """A car whose VIN does not tell that it signs, if it does."""
    car = Car(
        LEGACY, "Legacy", model=MODEL_S_2021, clock=world.clock, owner=OWNER, protocol=protocol
    )
    world.cars[LEGACY] = car
    world.preapproved.add(LEGACY)
    return car


async def test_old_car_is_told_without_a_signature(live: Live) -> None:
    """No key is ever asked for."""
    await live.look_at(FALCON)
    live.world.ledger.clear()

    await live.press(FALCON)

    assert live.world.cars[FALCON].state.sentry_mode
    assert endpoints(live, FALCON)[0] == "command/set_sentry_mode"
    assert "signed_command" not in endpoints(live, FALCON)
    assert live.state("switch", FALCON, "sentry_mode").state == "on"
    assert not issues(live)


@pytest.mark.parametrize("vin", [JUNIPER, YUKI, ANVIL, GUEST_S])
async def test_paired_car_is_told_with_a_signature(live: Live, vin: str) -> None:
    """One handshake and one command, and no unsigned attempt before."""
    await live.look_at(vin)
    live.world.ledger.clear()

    await live.press(vin)

    assert live.world.cars[vin].state.sentry_mode
    assert endpoints(live, vin)[:2] == ["signed_command", "signed_command"]
    assert live.state("switch", vin, "sentry_mode").state == "on"
    assert not issues(live)


async def test_unpaired_car_gives_an_error_and_a_repair_that_closes_itself(live: Live) -> None:
    """The next check finds the key, and the next press works."""
    await live.look_at(PEARL)

    with pytest.raises(HomeAssistantError) as caught:
        await live.press(PEARL)

    assert caught.value.translation_key == "key_not_paired"
    assert not live.world.cars[PEARL].state.sentry_mode
    assert live.state("switch", PEARL, "sentry_mode").state == "off"
    (issue,) = issues(live)
    assert issue.is_fixable
    assert issue.translation_placeholders == {"car": "Pearl"}

    (registration,) = live.world.registrations
    live.world.cars[PEARL].pair(registration.public_key)
    await live.entry.runtime_data.account.async_check_keys()

    assert not issues(live)
    await live.press(PEARL)
    assert live.world.cars[PEARL].state.sentry_mode


async def test_the_seeds_error_makes_the_same_press_succeed(
    start_live: StartLive, world: World
) -> None:
    """Byte for byte, once, and remembered over a restart."""
    car = add_legacy_car(world, protocol=True)
    say_of_every_product(world, command_signing=None)
    live = await start_live()
    await live.look_at(LEGACY)
    assert live.car(LEGACY).commander.route is Route.UNSIGNED
    live.world.ledger.clear()
    world.faults.add(
        FaultRule(
            kind=FaultKind.STATUS,
            endpoint="command/set_sentry_mode",
            status=403,
            body={"response": None, "error": SEED, "error_description": ""},
        )
    )

    await live.press(LEGACY)

    assert car.state.sentry_mode
    assert endpoints(live, LEGACY)[:3] == [
        "command/set_sentry_mode",
        "signed_command",
        "signed_command",
    ]
    assert [execution.route for execution in car.executions] == ["signed"]

    await live.restart()
    live.world.ledger.clear()
    await live.press(LEGACY, service="turn_off")

    assert live.car(LEGACY).commander.router.beliefs.current.reason is Reason.LEARNT
    assert endpoints(live, LEGACY)[0] == "signed_command"
    assert not car.state.sentry_mode


async def test_the_simulated_car_says_the_same_words_by_itself(
    start_live: StartLive, world: World
) -> None:
    """No fault is needed: that is how a car with the protocol answers."""
    car = add_legacy_car(world, protocol=True)
    say_of_every_product(world, command_signing=None)
    live = await start_live()
    await live.look_at(LEGACY)

    await live.press(LEGACY)

    assert car.state.sentry_mode
    assert [execution.route for execution in car.executions] == ["signed"]


async def test_car_without_the_protocol_is_told_the_other_way(
    start_live: StartLive, world: World
) -> None:
    """422 on signed_command turns to unsigned, in the same press and for good."""
    car = add_legacy_car(world, protocol=False)
    say_of_every_product(world, command_signing="required")
    live = await start_live()
    await live.look_at(LEGACY)
    assert live.car(LEGACY).commander.route is Route.SIGNED
    live.world.ledger.clear()

    await live.press(LEGACY)

    assert car.state.sentry_mode
    assert endpoints(live, LEGACY)[:2] == ["signed_command", "command/set_sentry_mode"]

    await live.restart()
    live.world.ledger.clear()
    await live.press(LEGACY, service="turn_off")

    assert endpoints(live, LEGACY)[0] == "command/set_sentry_mode"
    assert not car.state.sentry_mode


async def test_first_command_after_a_restart_costs_one_request(live: Live) -> None:
    """The session is still good: no handshake, and nobody asks the car anything first."""
    await live.look_at(JUNIPER)
    await live.press(JUNIPER)
    await live.restart()
    live.world.ledger.clear()

    await live.press(JUNIPER, service="turn_off")

    assert endpoints(live, JUNIPER) == ["signed_command"]
    assert not live.world.cars[JUNIPER].state.sentry_mode
