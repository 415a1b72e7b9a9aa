"""The tyres: pressure, when it was measured, and warnings."""

from typing import TYPE_CHECKING, Final

from .compounds import wheel
from .rows import flag, moment, quantity
from .times import epoch, wall_clock

if TYPE_CHECKING:
    from .model import Signal

_WHEELS: Final = {
    "fl": "front_left",
    "fr": "front_right",
    "rl": "rear_left",
    "rr": "rear_right",
}


def _tyre(corner: str, part: str) -> tuple[Signal, ...]:
    end = corner.capitalize()
    return (
        quantity(
            f"tpms_pressure_{corner}",
            "bar",
            f"vehicle_state.tpms_pressure_{corner}",
            f"TpmsPressure{end}",
        ),
        moment(
            f"tpms_last_seen_{corner}",
            f"vehicle_state.tpms_last_seen_pressure_time_{corner}",
            epoch(),
            f"TpmsLastSeenPressureTime{end}",
            wall_clock,
        ),
        *(
            flag(
                f"tpms_{strength}_warning_{corner}",
                f"vehicle_state.tpms_{strength}_warning_{corner}",
                f"Tpms{strength.capitalize()}Warnings",
                part=part,
                stream=wheel(part),
            )
            for strength in ("soft", "hard")
        ),
    )


TYRE_SIGNALS: Final = (
    *(signal for corner, part in _WHEELS.items() for signal in _tyre(corner, part)),
    # What the maker recommends
    quantity("tpms_recommended_front", "bar", "vehicle_state.tpms_rcp_front_value"),
    quantity("tpms_recommended_rear", "bar", "vehicle_state.tpms_rcp_rear_value"),
)
