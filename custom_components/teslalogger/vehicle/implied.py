"""What a change of one signal says about others, which no stream may tell.

Most of what a stream leaves out stays as it is. Some of it cannot: a car in park does not move,
and one that has stopped charging draws no current.
"""

from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .signals import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Implication:
    """When `signal` comes to read one of `values`, the `others` read this; None: nobody knows.

    `if_not_streamed` leaves those alone that the car itself was the last to tell.
    """

    signal: str
    values: frozenset[Value]
    others: Mapping[str, Value]
    if_not_streamed: bool = False


_PARKED: Final[frozenset[Value]] = frozenset({"p"})
_ON_THE_ROAD: Final[frozenset[Value]] = frozenset({"r", "n", "d"})
_CHARGING: Final[frozenset[Value]] = frozenset({"starting", "charging"})
_NOT_CHARGING: Final[frozenset[Value]] = frozenset(
    {"disconnected", "no_power", "complete", "stopped", "calibrating"}
)

IMPLICATIONS: Final = (
    Implication(signal="shift_state", values=_PARKED, others={"speed": 0}),
    Implication(signal="shift_state", values=_PARKED, others={"power": None}, if_not_streamed=True),
    Implication(
        signal="shift_state",
        values=_ON_THE_ROAD,
        others={"speed": None, "power": None, "is_user_present": True},
        if_not_streamed=True,
    ),
    Implication(
        signal="charging_state",
        values=_NOT_CHARGING,
        others={
            "charger_power": 0,
            "charger_actual_current": 0,
            "charge_rate": 0,
            "minutes_to_full_charge": 0,
        },
    ),
    # A current that flows, and the voltage then: without a field nobody knows them. The power
    # is not among them, for the stream tells it as two signals of their own.
    Implication(
        signal="charging_state",
        values=_NOT_CHARGING,
        others={"charger_voltage": None, "charger_phases": None},
        if_not_streamed=True,
    ),
    Implication(
        signal="charging_state",
        values=_CHARGING,
        others={
            "charger_actual_current": None,
            "charge_rate": None,
            "minutes_to_full_charge": None,
            "charger_voltage": None,
            "charger_phases": None,
        },
        if_not_streamed=True,
    ),
)


def _by_signal() -> dict[str, tuple[Implication, ...]]:
    found = defaultdict(list)
    for implication in IMPLICATIONS:
        found[implication.signal].append(implication)
    return {signal: tuple(implications) for signal, implications in found.items()}


IMPLIED_BY: Final[Mapping[str, tuple[Implication, ...]]] = MappingProxyType(_by_signal())
