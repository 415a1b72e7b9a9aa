"""What people set reaches the car itself, on both routes, and is what the car then tells."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.teslalogger.const import DOMAIN
from simulator.car.model import MODEL_Y_2025
from simulator.garage import ANVIL, FALCON, JUNIPER, OWNER, YUKI

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.car.state import CarState
    from simulator.world import World

    from .live import Live, StartLive

pytestmark = pytest.mark.usefixtures("everything_enabled")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person does, and what is then true of the car."""

    platform: str
    key: str
    action: str
    data: dict[str, Any]
    then: Callable[[CarState], object]
    expected: object = True
    vins: tuple[str, ...] = (FALCON, JUNIPER)


def number(key: str, value: float, then: Callable[[CarState], object]) -> Wish:
    """A number is set."""
    return Wish(
        platform="number",
        key=key,
        action="set_value",
        data={"value": value},
        then=then,
        expected=pytest.approx(value),
    )


def level(key: str, option: str, then: Callable[[CarState], object], *vins: str) -> Wish:
    """A select is set, to high unless it has other options."""
    return Wish(
        platform="select",
        key=key,
        action="select_option",
        data={"option": option},
        then=then,
        expected={"high": 3}.get(option, True),
        vins=vins or (FALCON, JUNIPER),
    )


def heater(key: str, seat: str, *vins: str) -> Wish:
    """A seat heater is set to high."""
    return level(f"seat_heater_{key}", "high", lambda car: car.climate.seat_heaters[seat], *vins)


def act(
    platform: str,
    key: str,
    action: str,
    then: Callable[[CarState], object],
    *vins: str,
    expected: object = True,
    **data: Any,
) -> Wish:
    """Something is done to any entity."""
    return Wish(
        platform=platform,
        key=key,
        action=action,
        data=data,
        then=then,
        expected=expected,
        vins=vins or (FALCON, JUNIPER),
    )


WISHES: Final = (
    number("charge_limit", 85, lambda car: car.charge.limit),
    number("charge_current", 7, lambda car: car.charge.amps),
    number("volume", 6.5, lambda car: car.volume),
    act(
        "number",
        "speed_limit",
        "set_value",
        lambda car: car.speed_limit_mph,
        expected=pytest.approx(100 / 1.609344),
        value=100,
    ),
    heater("left", "front_left"),
    heater("right", "front_right"),
    heater("rear_left", "rear_left"),
    heater("rear_center", "rear_center"),
    heater("rear_right", "rear_right"),
    heater("third_row_left", "third_row_left", FALCON),
    heater("third_row_right", "third_row_right", FALCON),
    level("seat_cooler_left", "high", lambda car: car.climate.seat_coolers[1], YUKI),
    level("seat_cooler_right", "high", lambda car: car.climate.seat_coolers[2], YUKI),
    level(
        "steering_wheel_heat_level",
        "high",
        lambda car: car.climate.steering_wheel and car.climate.steering_wheel_level,
        JUNIPER,
    ),
    level("cabin_overheat_protection", "on", lambda car: car.climate.overheat),
    level(
        "cabin_overheat_protection",
        "fan_only",
        lambda car: car.climate.overheat and car.climate.overheat_fan_only,
        JUNIPER,
    ),
    level(
        "cop_activation_temperature",
        "low",
        lambda car: car.climate.overheat_level == 0,
        JUNIPER,
    ),
    act("climate", "cabin", "turn_on", lambda car: car.climate.on),
    act(
        "climate",
        "cabin",
        "set_temperature",
        lambda car: (car.climate.driver, car.climate.passenger),
        expected=(23.5, 23.5),
        temperature=23.5,
    ),
    act(
        "climate",
        "cabin",
        "set_preset_mode",
        lambda car: (car.climate.keeper, car.climate.on),
        expected=(2, True),
        preset_mode="dog",
    ),
    act(
        "climate",
        "cabin",
        "set_preset_mode",
        lambda car: car.climate.defrost,
        preset_mode="defrost",
    ),
    act(
        "climate",
        "cabin",
        "set_fan_mode",
        lambda car: car.climate.bioweapon,
        fan_mode="bioweapon",
    ),
    act(
        "climate",
        "cabin_overheat_protection",
        "set_hvac_mode",
        lambda car: car.climate.overheat,
        hvac_mode="cool",
    ),
    act(
        "climate",
        "cabin_overheat_protection",
        "set_temperature",
        lambda car: car.climate.overheat_level,
        JUNIPER,
        expected=1,
        temperature=35,
    ),
    act("cover", "windows", "open_cover", lambda car: len(car.open_windows), expected=4),
    act("cover", "charge_port", "open_cover", lambda car: car.charge.port_open),
    act("cover", "front_trunk", "open_cover", lambda car: car.open_trunks, expected={"ft"}),
    act("cover", "rear_trunk", "open_cover", lambda car: car.open_trunks, expected={"rt"}),
    act("cover", "tonneau", "open_cover", lambda car: car.tonneau, ANVIL, expected="open"),
    act("cover", "tonneau", "stop_cover", lambda car: car.tonneau, ANVIL, expected="stopped"),
    act("lock", "doors", "unlock", lambda car: car.locked, expected=False),
    act(
        "switch",
        "auto_seat_climate_left",
        "turn_off",
        lambda car: car.climate.auto_seats,
        expected={1: False, 2: True},
    ),
    act(
        "switch",
        "auto_seat_climate_right",
        "turn_off",
        lambda car: car.climate.auto_seats,
        expected={1: True, 2: False},
    ),
    act(
        "switch",
        "auto_steering_wheel_heat",
        "turn_on",
        lambda car: car.climate.steering_wheel_auto,
    ),
    act("switch", "steering_wheel_heater", "turn_on", lambda car: car.climate.steering_wheel),
    act("button", "remote_start", "press", lambda car: car.remote_start > 0),
    act("button", "homelink", "press", lambda car: car.counts["homelink"], expected=1),
    act("button", "boombox", "press", lambda car: car.counts["boombox"], expected=1),
    act("button", "locate", "press", lambda car: car.counts["boombox"], expected=1),
)
CASES: Final = [
    pytest.param(vin, wish, id=f"{wish.platform} {wish.key} {wish.action} {vin[-3:]}")
    for wish in WISHES
    for vin in wish.vins
]


async def fulfil(live: Live, vin: str, wish: Wish) -> None:
    """Do what the person does, and wait for what comes of it."""
    target = {ATTR_ENTITY_ID: live.entity_id(wish.platform, vin, wish.key)}
    await live.hass.services.async_call(
        wish.platform, wish.action, target | wish.data, blocking=True
    )


@pytest.mark.parametrize(("vin", "wish"), CASES)
async def test_car_does_what_is_wanted_and_says_so(live: Live, vin: str, wish: Wish) -> None:
    """The entity shows after the command what it shows after the car was asked."""
    await live.look_at(vin)
    state = live.world.cars[vin].state
    assert wish.platform == "button" or wish.then(state) != wish.expected

    await fulfil(live, vin, wish)

    assert wish.then(state) == wish.expected
    routes = {execution.route for execution in live.world.cars[vin].executions}
    assert routes == {"unsigned" if vin == FALCON else "signed"}
    concluded = live.state(wish.platform, vin, wish.key)
    await live.look_at(vin)
    told = live.state(wish.platform, vin, wish.key)
    assert (told.state, told.attributes) == (concluded.state, concluded.attributes)


@pytest.mark.parametrize("protocol", [False, True])
async def test_sunroof_vents_and_closes(
    start_live: StartLive, world: World, *, protocol: bool
) -> None:
    """On either route; no car of the garage has one."""
    vin = YUKI if protocol else FALCON
    car = world.cars[vin]
    car.model = replace(MODEL_Y_2025 if protocol else car.model, has_sun_roof=True)
    live = await start_live()
    await live.look_at(vin)

    def roof(action: str) -> Wish:
        return act("cover", "sun_roof", f"{action}_cover", lambda state: state.sun_roof)

    await fulfil(live, vin, roof("open"))
    assert (car.state.sun_roof, live.state("cover", vin, "sun_roof").state) == (15, "open")
    await fulfil(live, vin, roof("close"))
    assert (car.state.sun_roof, live.state("cover", vin, "sun_roof").state) == (0, "closed")


async def test_trunk_of_a_car_that_signs_is_told_where_to_be(live: Live) -> None:
    """Not to toggle: whatever is known of it, closing closes and opening opens."""
    await live.look_at(JUNIPER)
    car = live.world.cars[JUNIPER]
    car.state.open_trunks = {"rt"}  # by hand, and nobody has told
    live.world.ledger.clear()

    for action, is_open in (("close", False), ("close", False), ("open", True)):
        lid = act("cover", "rear_trunk", f"{action}_cover", lambda state: state.open_trunks)
        await fulfil(live, JUNIPER, lid)
        assert ("rt" in car.state.open_trunks) is is_open

    commands = [execution.command for execution in car.executions]
    assert commands == ["close_trunk", "close_trunk", "open_trunk"]
    assert "vehicle_data" not in {entry.endpoint for entry in live.asked(JUNIPER)}


@pytest.mark.parametrize(
    ("vin", "platform", "key"),
    [
        (JUNIPER, "select", "seat_heater_third_row_left"),
        (JUNIPER, "select", "seat_cooler_left"),
        (FALCON, "select", "steering_wheel_heat_level"),
        (FALCON, "select", "cop_activation_temperature"),
        (JUNIPER, "cover", "sun_roof"),
        (JUNIPER, "cover", "tonneau"),
    ],
)
async def test_car_without_the_thing_has_no_entity_of_it(
    live: Live, vin: str, platform: str, key: str
) -> None:
    """Its own configuration says so."""
    await live.look_at(vin)

    registry = er.async_get(live.hass)
    assert registry.async_get_entity_id(platform, DOMAIN, f"{OWNER}_{vin}_{key}") is None
