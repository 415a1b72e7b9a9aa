"""What a person at the simulator can see of a car and do to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
import math
import re
from typing import TYPE_CHECKING, Any, Final

from tesla_protocol.command.universal_message_pb2 import (
    DOMAIN_INFOTAINMENT,
    DOMAIN_VEHICLE_SECURITY,
)

from simulator.car.physics import charging_state, soc
from simulator.car.protocol.faults import NEED_A_FAULT, Mischief
from simulator.telemetry.certificates import Variant
from simulator.telemetry.subscriptions import Alert

if TYPE_CHECKING:
    from simulator.vehicle import Vehicle
    from simulator.world import World

type Deed = Callable[[World, Vehicle, Any], None]

COMPUTERS: Final = {
    "vehicle_security": DOMAIN_VEHICLE_SECURITY,
    "infotainment": DOMAIN_INFOTAINMENT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """Something that can be done to a car; `takes` says in words what `accepts` lets through."""

    takes: str
    accepts: Callable[[Any], bool]
    do: Deed


def truth(car: Vehicle) -> dict[str, Any]:
    """All about a car, whether or not it could tell Tesla. km, km/h, °C, %, degrees."""
    state = car.state
    return {
        "vin": car.vin,
        "name": state.name,
        "availability": car.availability,
        "protocol": car.protocol,
        "paired_keys": [key.hex() for key in car.paired_keys],
        "mobile_access": car.mobile_access,
        "locked": state.locked,
        "sentry_mode": state.sentry_mode,
        "valet_mode": state.valet_mode,
        "user_present": state.user_present,
        "open_trunks": sorted(state.open_trunks),
        "open_windows": sorted(state.open_windows),
        "climate_on": state.climate.on,
        "inside_temp": round(state.climate.inside, 1),
        "driver_temp": state.climate.driver,
        "charge_level": round(soc(state, car.model), 2),
        "charge_limit": state.charge.limit,
        "charging_state": charging_state(state, car.model),
        "charge_amps": state.charge.amps,
        "cable": state.charge.cable,
        "charge_port_open": state.charge.port_open,
        "shift_state": "P" if state.motion.trip is None else "D",
        "speed": state.motion.speed,
        "odometer": round(state.motion.odometer, 3),
        "latitude": round(state.motion.latitude, 6),
        "longitude": round(state.motion.longitude, 6),
        "counts": dict(state.counts),
        "executions": len(car.executions),
        "last_execution": _last_execution(car),
    }


def _last_execution(car: Vehicle) -> dict[str, Any] | None:
    if not car.executions:
        return None
    last = car.executions[-1]
    return {"command": last.command, "route": last.route, "reason": last.reason}


def row(car: Vehicle) -> dict[str, Any]:
    """A car's line on the status page."""
    state = car.state
    last = car.executions[-1] if car.executions else None
    return {
        "name": state.name,
        "vin": car.vin,
        "state": car.availability,
        "battery": f"{soc(state, car.model):.0f} %",
        "charging": charging_state(state, car.model),
        "gear": "P" if state.motion.trip is None else "D",
        "locked": "yes" if state.locked else "no",
        "sentry": "on" if state.sentry_mode else "off",
        "climate": "on" if state.climate.on else "off",
        "keys": len(car.paired_keys),
        "last_command": "" if last is None else f"{last.command} ({last.reason or 'done'})",
    }


def apply(world: World, car: Vehicle, changes: Mapping[str, Any]) -> None:
    """Do what the changes say, in their order; all of it, or nothing and a ValueError."""
    for name, value in changes.items():
        if (control := CONTROLS.get(name)) is None:
            msg = f"unknown change {name!r}; possible are {', '.join(CONTROLS)}"
            raise ValueError(msg)
        if not control.accepts(value):
            msg = f"{name!r} takes {control.takes}"
            raise ValueError(msg)
    for name, value in changes.items():
        CONTROLS[name].do(world, car, value)


def _pair(world: World, car: Vehicle, wanted: Any) -> None:
    region = world.accounts[car.owner].region
    for kept in world.registrations:
        if kept.region is region:
            (car.pair if wanted else car.unpair)(kept.public_key)


def _shift_clocks(_world: World, car: Vehicle, shifts: Any) -> None:
    for name, seconds in shifts.items():
        car.shift_clock(COMPUTERS[name], seconds)


def _allow_mobile_access(_world: World, car: Vehicle, allowed: Any) -> None:
    car.mobile_access = allowed


def _charge_to(_world: World, car: Vehicle, percent: Any) -> None:
    car.state.charge.energy = car.model.pack * percent / 100.0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


def _are_shifts(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and value.keys() <= COMPUTERS.keys()
        and all(map(_is_number, value.values()))
    )


def _are_plans(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and value.keys() <= COMPUTERS.keys()
        and all(map(_is_plan, value.values()))
    )


def _is_plan(value: Any) -> bool:
    if not isinstance(value, Mapping) or value.get("what") not in list(Mischief):
        return False
    numbers = {name: number for name, number in value.items() if name != "what"}
    return (
        numbers.keys() <= {"fault", "bit", "times"}
        and all(type(number) is int and number >= 0 for number in numbers.values())
        and (value["what"] not in NEED_A_FAULT or numbers.get("fault", 0) > 0)
    )


def _plan(_world: World, car: Vehicle, plans: Any) -> None:
    for name, plan in plans.items():
        numbers = {key: number for key, number in plan.items() if key != "what"}
        car.plan_mischief(COMPUTERS[name], Mischief(plan["what"]), **numbers)


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)+( [0-9a-f]+)?", value) is not None


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _install(_world: World, car: Vehicle, version: Any) -> None:
    car.model = replace(car.model, firmware=version)


def _change_certificate(world: World, car: Vehicle, variant: Any) -> None:
    world.streaming.circumstances(car.vin).variant = Variant(variant) if variant else None


def _alert(world: World, car: Vehicle, name: Any) -> None:
    world.streaming.circumstances(car.vin).alerts[name] = Alert(
        name=name, audiences=frozenset({"customer", "service"}), started_at=world.clock.now()
    )


def _end_alert(world: World, car: Vehicle, name: Any) -> None:
    alerts = world.streaming.circumstances(car.vin).alerts
    if name in alerts:
        alerts[name] = replace(alerts[name], ended_at=world.clock.now())


def _circumstance_switch(name: str) -> Control:
    """Something about a car's streaming."""
    return _switch(
        lambda world, car, wanted: setattr(world.streaming.circumstances(car.vin), name, wanted)
    )


def _once(do: Callable[[Vehicle], None]) -> Control:
    """Something that is done or left."""
    return Control(
        takes="true", accepts=lambda value: value is True, do=lambda _world, car, _: do(car)
    )


def _switch(do: Deed) -> Control:
    return Control(takes="true or false", accepts=lambda value: isinstance(value, bool), do=do)


def _state_switch(name: str) -> Control:
    """Something that a person in the car switches."""
    return _switch(lambda _world, car, wanted: setattr(car.state, name, wanted))


CONTROLS: Final[Mapping[str, Control]] = {
    "paired": _switch(_pair),
    "mobile_access": _switch(_allow_mobile_access),
    "asleep": _once(lambda car: car.fall_asleep()),
    "awake": _once(lambda car: car.wake_now()),
    "offline": _once(lambda car: car.go_offline()),
    "locked": _state_switch("locked"),
    "sentry_mode": _state_switch("sentry_mode"),
    "streaming_allowed": _state_switch("streaming_allowed"),
    "drive": Control(
        takes="a length in km, above 0",
        accepts=lambda value: _is_number(value) and value > 0,
        do=lambda _, car, length: car.drive(length),
    ),
    "park": _once(lambda car: car.park()),
    "plug_in": Control(
        takes="'ac' or 'dc'",
        accepts=_is_one_of("ac", "dc"),
        do=lambda _, car, cable: car.plug_in(cable),
    ),
    "unplug": _once(lambda car: car.unplug()),
    "charge_level": Control(
        takes="a percentage",
        accepts=lambda value: _is_number(value) and 0 <= value <= 100,  # noqa: PLR2004 - percent
        do=_charge_to,
    ),
    "reboot": _once(lambda car: car.reboot()),
    "rotate_key": Control(
        takes=f"one of {', '.join(COMPUTERS)}",
        accepts=_is_one_of(*COMPUTERS),
        do=lambda _, car, name: car.rotate_key(COMPUTERS[name]),
    ),
    "shift_clock": Control(
        takes=f"seconds by computer: {', '.join(COMPUTERS)}",
        accepts=_are_shifts,
        do=_shift_clocks,
    ),
    "mischief": Control(
        takes=(
            f"{{'what', 'fault', 'bit', 'times'}} by computer ({', '.join(COMPUTERS)}); what: "
            f"{', '.join(Mischief)}; a fault for {', '.join(sorted(NEED_A_FAULT))}"
        ),
        accepts=_are_plans,
        do=_plan,
    ),
    "firmware": Control(takes="a version, such as '2025.20.1'", accepts=_is_version, do=_install),
    "telemetry_link": _circumstance_switch("link"),
    "silent_limit": _circumstance_switch("silent_limit"),
    "other_apps": Control(
        takes="a number of applications",
        accepts=lambda value: type(value) is int and value >= 0,
        do=lambda world, car, count: setattr(
            world.streaming.circumstances(car.vin), "other_apps", count
        ),
    ),
    "certificate": Control(
        takes=f"'' or one of {', '.join(Variant)}",
        accepts=_is_one_of("", *Variant),
        do=_change_certificate,
    ),
    "alert": Control(takes="a name", accepts=_is_name, do=_alert),
    "end_alert": Control(takes="the name of an alert", accepts=_is_name, do=_end_alert),
}
