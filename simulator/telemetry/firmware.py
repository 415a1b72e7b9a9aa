"""Which cars stream, and what their software understands of it.

Sources: https://developer.tesla.com/docs/fleet-api/fleet-telemetry, release notes of
teslamotors/fleet-telemetry.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from tesla_protocol.telemetry.vehicle_data_pb2 import Field

if TYPE_CHECKING:
    from simulator.car.model import CarModel

type Version = tuple[int, ...]

CONFIGURED: Final = (2024, 26)
DELTAS: Final = (2024, 44, 32)
DELIVERY: Final = (2025, 2, 6)
OLD_DESIGN: Final = (2025, 20)
TYPED: Final = (2025, 26)
INCLUDES: Final = (2026, 26, 6)
ALWAYS_TYPED_FROM: Final = Field.DetailedChargeState
NEW_DESIGN_YEAR: Final = 2021

_OLD_DESIGNS: Final = frozenset({"models", "models2", "modelx"})
_CLIENTS: Final = (
    (INCLUDES, "1.3.0"),
    ((2025, 44, 25, 5), "1.2.0"),
    (DELIVERY, "1.0.0"),
)
_FLOORS: Final = (
    (range(107, 113), CONFIGURED),
    (range(163, 164), CONFIGURED),
    (range(179, 180), (2024, 38)),
    (range(184, 185), DELTAS),
    (range(180, 229), (2024, 44, 25)),
    (range(229, 239), DELTAS),
    (range(239, 258), DELIVERY),
    (range(258, 260), (2025, 44, 25, 5)),
    (range(260, 270), (2026, 32)),
    (range(270, 300), (2026, 40)),
)


def version_of(model: CarModel) -> Version:
    """The numbers of the car's software."""
    return _numbers(model.firmware)


def client_of(model: CarModel) -> str:
    """The version of the program in the car that streams; empty in old cars."""
    version = version_of(model)
    return next((client for floor, client in _CLIENTS if version >= floor), "")


def has_old_design(model: CarModel) -> bool:
    """Whether it is one of the cars whose owner has to allow streaming in the car."""
    return model.car_type in _OLD_DESIGNS and model.option_year < NEW_DESIGN_YEAR


def has_toggle(model: CarModel) -> bool:
    """Whether the car shows the switch for that."""
    return (
        has_old_design(model) and model.infotainment == "intel" and version_of(model) >= OLD_DESIGN
    )


@cache
def floor_of(field: int) -> Version:
    """The software from which on a field is sent."""
    return next((floor for fields, floor in _FLOORS if field in fields), ())


@cache
def _numbers(firmware: str) -> Version:
    return tuple(map(int, firmware.partition(" ")[0].split(".")))


def knows(model: CarModel, field: int) -> bool:
    """Whether the car's software sends a field."""
    return version_of(model) >= floor_of(field)


def sends_types(model: CarModel, field: int, *, preferred: bool) -> bool:
    """Whether the field's values have types, and are not all written as text."""
    return preferred or field >= ALWAYS_TYPED_FROM or version_of(model) >= TYPED
