"""Everything that goes wrong in the long run, as a table."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Fault, Mischief
from simulator.cloud.faults import FaultKind, FaultRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    import random

    from simulator.car import Car
    from simulator.world import World

DOMAINS: Final = (INFOTAINMENT, VEHICLE_SECURITY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """One way for things to go wrong; `only_signing` cars know it."""

    name: str
    happen: Callable[[World, Car, random.Random], None]
    only_signing: bool = False


def _status(
    status: int, body: Any, *, executed: bool, headers: Mapping[str, str] = MappingProxyType({})
) -> Trouble:
    def happen(world: World, _car: Car, _dice: random.Random) -> None:
        rule = FaultRule(
            kind=FaultKind.STATUS,
            endpoint="*command*",
            status=status,
            body=body,
            executed=executed,
            headers=headers,
        )
        world.faults.add(rule)

    return Trouble(name=f"{status}, {'executed' if executed else 'lost'}", happen=happen)


def _broken(kind: FaultKind, *, executed: bool) -> Trouble:
    def happen(world: World, _car: Car, _dice: random.Random) -> None:
        world.faults.add(FaultRule(kind=kind, endpoint="*command*", executed=executed, status=200))

    return Trouble(name=f"{kind}, {'executed' if executed else 'lost'}", happen=happen)


def _plan(mischief: Mischief, fault: int = 0) -> Trouble:
    def happen(_world: World, car: Car, dice: random.Random) -> None:
        for domain in DOMAINS:
            bit = dice.randrange(1000)
            car.computers.faults.plan(domain, mischief, fault=fault, bit=bit)

    return Trouble(name=f"{mischief} {fault or ''}".strip(), happen=happen, only_signing=True)


def _reboot(_world: World, car: Car, _dice: random.Random) -> None:
    car.computers.reboot()


def _rotate(_world: World, car: Car, dice: random.Random) -> None:
    car.computers.rotate_key(dice.choice(DOMAINS))


def _shift(_world: World, car: Car, dice: random.Random) -> None:
    car.computers.shift_clock(dice.choice(DOMAINS), dice.uniform(-120, 120))


def _sleep(_world: World, car: Car, _dice: random.Random) -> None:
    car.fall_asleep()


_ERROR: Final = {"response": None, "error": "internal server error", "error_description": ""}
_LOST_ON_THE_WAY: Final = {
    "response": None,
    "error": "vehicle unavailable: vehicle is offline or asleep",
    "error_description": "",
}

TROUBLES: Final = (
    _status(500, _ERROR, executed=True),
    _status(500, _ERROR, executed=False),
    _status(502, "Bad Gateway", executed=True),
    _status(504, "Gateway Time-out", executed=True),
    _status(504, "Gateway Time-out", executed=False),
    _status(503, _ERROR, executed=False),
    _status(408, _LOST_ON_THE_WAY, executed=False),
    _status(429, "Retry in 3 seconds", executed=False, headers={"Retry-After": "3"}),
    _broken(FaultKind.LOST, executed=True),
    _broken(FaultKind.LOST, executed=False),
    _broken(FaultKind.TRUNCATED, executed=True),
    _broken(FaultKind.HTML, executed=True),
    _plan(Mischief.REFUSE, Fault.BUSY),
    _plan(Mischief.REFUSE, Fault.TIMEOUT),
    _plan(Mischief.REFUSE, Fault.INVALID_SIGNATURE),
    _plan(Mischief.REFUSE, Fault.INVALID_TOKEN_OR_COUNTER),
    _plan(Mischief.REFUSE, Fault.INTERNAL),
    _plan(Mischief.REFUSE, Fault.INCORRECT_EPOCH),
    _plan(Mischief.REFUSE, Fault.TIME_EXPIRED),
    _plan(Mischief.REFUSE, 77),
    _plan(Mischief.FAIL, Fault.INTERNAL),
    _plan(Mischief.FAIL, Fault.RESPONSE_MTU_EXCEEDED),
    _plan(Mischief.WAIT),
    _plan(Mischief.LOSE),
    _plan(Mischief.FLIP),
    _plan(Mischief.PLAIN),
    Trouble(name="reboot", happen=_reboot, only_signing=True),
    Trouble(name="new key", happen=_rotate, only_signing=True),
    Trouble(name="clock shift", happen=_shift, only_signing=True),
    Trouble(name="sleep", happen=_sleep),
)
