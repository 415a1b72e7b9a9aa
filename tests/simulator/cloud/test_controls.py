"""What a person at the simulator can see of a car and do to it."""

from typing import TYPE_CHECKING, Any

import pytest

from simulator.car import Car
from simulator.car.physics import soc
from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Mischief
from simulator.car.protocol.faults import Planned
from simulator.clock import Clock
from simulator.cloud import controls
from simulator.cloud.controls import CONTROLS
from simulator.cloud.hosts import Region
from simulator.garage import FALCON, JUNIPER, PEARL, standard_world
from simulator.telemetry.certificates import Variant
from tests.simulator_fixtures import register_key

if TYPE_CHECKING:
    from simulator.world import World

POINT = b"\x04" + bytes(64)
STREAMING: dict[str, Any] = {
    "firmware": "2025.20.1",
    "streaming_allowed": True,
    "telemetry_link": False,
    "silent_limit": True,
    "other_apps": 5,
    "certificate": "expired",
    "alert": "VCFRONT_a180",
    "end_alert": "VCFRONT_a180",
}


@pytest.fixture
def world() -> World:
    """The standard world with a registered key; its time stands still."""
    world = standard_world(clock=Clock(0))
    register_key(world, POINT)
    return world


@pytest.fixture
def car(world: World) -> Car:
    """Juniper, which has the key."""
    car = world.cars[JUNIPER]
    assert isinstance(car, Car)
    return car


def epochs(car: Car) -> list[bytes]:
    """The epochs of both computers."""
    return [car.computers[domain].verifier.epoch for domain in (VEHICLE_SECURITY, INFOTAINMENT)]


def test_the_truth_about_a_car(world: World, car: Car) -> None:
    """In the units of the metric world."""
    car.execute_unsigned("set_charge_limit", {"percent": 90})
    car.execute_unsigned("actuate_trunk", {"which_trunk": "rear"})
    car.execute_unsigned("set_charge_limit", {"percent": 90})
    assert controls.truth(car) == {
        "vin": JUNIPER,
        "name": "Juniper",
        "availability": "online",
        "protocol": True,
        "paired_keys": [POINT.hex()],
        "mobile_access": True,
        "locked": True,
        "sentry_mode": False,
        "valet_mode": False,
        "user_present": False,
        "open_trunks": ["rt"],
        "open_windows": [],
        "climate_on": False,
        "inside_temp": 19.0,
        "driver_temp": 21.0,
        "charge_level": 64.0,
        "charge_limit": 90,
        "charging_state": "Disconnected",
        "charge_amps": 16,
        "cable": None,
        "charge_port_open": False,
        "shift_state": "P",
        "speed": 0.0,
        "odometer": 24_500.0,
        "latitude": 52.5219,
        "longitude": 13.4132,
        "counts": {"trunk_rt": 1},
        "executions": 3,
        "last_execution": {
            "command": "set_charge_limit",
            "route": "unsigned",
            "reason": "already_set",
        },
    }
    assert controls.truth(world.cars[FALCON])["last_execution"] is None


def test_the_truth_is_known_of_a_sleeping_car(car: Car) -> None:
    """Nobody has to wake it for that."""
    car.fall_asleep()
    assert controls.truth(car)["availability"] == controls.row(car)["state"] == "asleep"


def test_the_truth_moves_with_the_time(world: World, car: Car) -> None:
    """It is not what was true when somebody asked last."""
    car.drive(100)
    world.clock.advance(600)
    truth = controls.truth(car)
    assert (truth["shift_state"], truth["speed"]) == ("D", 100)
    assert truth["odometer"] > 24_515
    assert controls.row(car)["gear"] == "D"


def test_a_line_of_the_page_is_for_people(world: World, car: Car) -> None:
    """Short, and in words."""
    car.execute_unsigned("set_sentry_mode", {"on": True})
    assert controls.row(car) == {
        "name": "Juniper",
        "vin": JUNIPER,
        "state": "online",
        "battery": "64 %",
        "charging": "Disconnected",
        "gear": "P",
        "locked": "yes",
        "sentry": "on",
        "climate": "off",
        "keys": 1,
        "last_command": "set_sentry_mode (done)",
    }
    car.execute_unsigned("charge_stop", {})
    assert controls.row(car)["last_command"] == "charge_stop (not_charging)"
    assert controls.row(world.cars[FALCON])["last_command"] == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"paired": False}, {"paired_keys": []}),
        ({"mobile_access": False}, {"mobile_access": False}),
        ({"mobile_access": True}, {"mobile_access": True}),
        ({"asleep": True}, {"availability": "asleep"}),
        ({"offline": True}, {"availability": "offline"}),
        ({"offline": True, "awake": True}, {"availability": "online"}),
        ({"locked": False}, {"locked": False}),
        ({"sentry_mode": True}, {"sentry_mode": True}),
        ({"drive": 2.5}, {"shift_state": "D", "user_present": True}),
        ({"drive": 2, "park": True}, {"shift_state": "P", "locked": True}),
        ({"plug_in": "ac"}, {"cable": "ac", "charging_state": "Charging"}),
        ({"plug_in": "dc", "charge_level": 80}, {"cable": "dc", "charging_state": "Complete"}),
        ({"plug_in": "dc", "unplug": True}, {"cable": None, "charge_port_open": False}),
        ({"charge_level": 12.5}, {"charge_level": 12.5}),
        ({}, {}),
    ],
)
def test_a_change_is_the_truth_at_once(
    world: World, car: Car, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Several are done in their order."""
    controls.apply(world, car, changes)
    assert controls.truth(car).items() >= expected.items()


def test_every_control_is_used_here() -> None:
    """So none can rot unnoticed."""
    used = {"paired", "mobile_access", "asleep", "awake", "offline", "locked", "sentry_mode"}
    used |= {"drive", "park", "plug_in", "unplug", "charge_level"}
    used |= {"reboot", "rotate_key", "shift_clock", "mischief", *STREAMING}
    assert CONTROLS.keys() == used


def test_what_happens_to_a_stream_can_be_ordered(world: World, car: Car) -> None:
    """The link, the certificate, the crowd, the software, the owner's consent."""
    told = world.streaming.circumstances(JUNIPER)
    controls.apply(world, car, STREAMING)
    assert (told.link, told.other_apps, told.silent_limit) == (False, 5, True)
    assert told.variant is Variant.EXPIRED
    assert car.model.firmware == "2025.20.1"
    assert car.state.streaming_allowed
    assert told.alerts["VCFRONT_a180"].ended_at == world.clock.now()
    controls.apply(world, car, {"telemetry_link": True, "certificate": "", "end_alert": "none"})
    now = world.streaming.circumstances(JUNIPER)
    assert (now.link, now.variant) == (True, None)
    assert list(now.alerts) == ["VCFRONT_a180"]


@pytest.mark.parametrize(
    "changes",
    [
        {"certificate": "golden"},
        {"firmware": "new"},
        {"firmware": 2026.4},
        {"other_apps": -1},
        {"other_apps": True},
        {"alert": ""},
        {"end_alert": None},
        {"telemetry_link": "on"},
    ],
)
def test_a_stream_takes_no_nonsense(world: World, car: Car, changes: dict[str, Any]) -> None:
    """It is told what would be possible."""
    (name,) = changes
    with pytest.raises(ValueError, match=f"'{name}' takes "):
        controls.apply(world, car, changes)


def test_pairing_takes_the_keys_of_the_car_s_region(world: World) -> None:
    """And no others."""
    car = world.cars[PEARL]
    controls.apply(world, car, {"paired": True})
    assert car.paired_keys == {POINT}
    world.registrations.clear()
    register_key(world, POINT, Region.NA)
    controls.apply(world, car, {"paired": False})
    assert car.paired_keys == {POINT}


def test_a_reboot_begins_new_epochs(world: World, car: Car) -> None:
    """In both computers."""
    before = epochs(car)
    controls.apply(world, car, {"reboot": True})
    assert all(new != old for new, old in zip(epochs(car), before, strict=True))


def test_a_key_is_rotated_in_one_computer(world: World, car: Car) -> None:
    """With a new epoch."""
    before = epochs(car)
    controls.apply(world, car, {"rotate_key": "infotainment"})
    assert [new != old for new, old in zip(epochs(car), before, strict=True)] == [False, True]


def test_clocks_are_shifted_one_by_one(world: World, car: Car) -> None:
    """By seconds."""
    world.clock.advance(60)
    controls.apply(world, car, {"shift_clock": {"vehicle_security": 90, "infotainment": -30}})
    times = [car.computers[domain].verifier.time for domain in (VEHICLE_SECURITY, INFOTAINMENT)]
    assert times == [150, 30]


def test_mischief_is_planned_for_a_computer(world: World, car: Car) -> None:
    """For its next commands."""
    plan = {"what": "refuse", "fault": 6, "times": 2}
    controls.apply(
        world, car, {"mischief": {"infotainment": plan, "vehicle_security": {"what": "lose"}}}
    )
    faults = car.computers.faults
    assert [faults.next(INFOTAINMENT) for _ in range(3)] == [
        Planned(mischief=Mischief.REFUSE, fault=6),
        Planned(mischief=Mischief.REFUSE, fault=6),
        None,
    ]
    assert faults.next(VEHICLE_SECURITY) == Planned(mischief=Mischief.LOSE)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"fly": True}, "unknown change 'fly'; possible are paired, .*, mischief"),
        ({"asleep": False}, "'asleep' takes true"),
        ({"asleep": 1}, "'asleep' takes true"),
        ({"paired": "yes"}, "'paired' takes true or false"),
        ({"drive": 0}, "'drive' takes a length in km, above 0"),
        ({"drive": True}, "'drive' takes a length"),
        ({"drive": "far"}, "'drive' takes a length"),
        ({"drive": float("inf")}, "'drive' takes a length"),
        ({"plug_in": "usb"}, "'plug_in' takes 'ac' or 'dc'"),
        ({"plug_in": ["ac"]}, "'plug_in' takes 'ac' or 'dc'"),
        ({"charge_level": 101}, "'charge_level' takes a percentage"),
        ({"rotate_key": "radio"}, "'rotate_key' takes one of vehicle_security, infotainment"),
        ({"shift_clock": 5}, "'shift_clock' takes seconds by computer"),
        ({"shift_clock": {"radio": 5}}, "'shift_clock' takes seconds by computer"),
        ({"shift_clock": {"infotainment": "5"}}, "'shift_clock' takes seconds by computer"),
        ({"mischief": "refuse"}, "'mischief' takes .*'what', 'fault', 'bit', 'times'"),
        ({"mischief": {"radio": {"what": "lose"}}}, "'mischief' takes"),
        ({"mischief": {"infotainment": {"what": "explode"}}}, "'mischief' takes .* lose"),
        ({"mischief": {"infotainment": {"what": "refuse"}}}, "a fault for fail, refuse"),
        ({"mischief": {"infotainment": {"what": "flip", "bit": True}}}, "'mischief' takes"),
        ({"mischief": {"infotainment": {"what": "flip", "byte": 1}}}, "'mischief' takes"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    world: World, car: Car, change: dict[str, Any], says: str
) -> None:
    """Not even what stands before it, and the answer says what can be done."""
    before = controls.truth(car), epochs(car)
    with pytest.raises(ValueError, match=says):
        controls.apply(world, car, {"sentry_mode": True, "reboot": True, **change})
    assert (controls.truth(car), epochs(car)) == before


@pytest.mark.parametrize("deed", ["asleep", "offline"])
def test_a_car_can_be_driven_whatever_it_did(world: World, car: Car, deed: str) -> None:
    """Somebody simply gets in."""
    controls.apply(world, car, {deed: True})
    controls.apply(world, car, {"drive": 10})
    world.clock.advance(3600)
    assert car.availability == "asleep"
    assert soc(car.state, car.model) < 64
