"""Drive units: front, rear, and the rear pair of a car with three motors."""

from typing import Final

from .model import DIAGNOSTIC, rare

_UNITS: Final = ("f", "r", "rel", "rer")

POWERTRAIN_SENSORS: Final = (
    *(
        rare(f"di_{what}_{unit}", **DIAGNOSTIC)
        for unit in _UNITS
        for what in (
            "state",
            "torque_actual",
            "axle_speed",
            "motor_current",
            "v_bat",
            "stator_temp",
            "inverter_t",
            "heatsink_t",
        )
    ),
    rare("di_torque_motor", **DIAGNOSTIC),
    rare("di_slave_torque_cmd", **DIAGNOSTIC),
)
