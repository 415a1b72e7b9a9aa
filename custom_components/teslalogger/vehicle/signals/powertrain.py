"""The drive units: front, rear, and the rear pair of a car with three motors."""

from typing import TYPE_CHECKING, Final

from .rows import choice, named, quantity

if TYPE_CHECKING:
    from .model import Signal

_STATES: Final = named("Unavailable", "Standby", "Fault", "Abort", "Enable")
_UNITS: Final = ("F", "R", "REL", "RER")


def _drive_unit(unit: str) -> tuple[Signal, ...]:
    end = unit.lower()
    return (
        choice(f"di_state_{end}", _STATES, telemetry=f"DiState{unit}", prefix="DriveInverterState"),
        quantity(f"di_heatsink_t_{end}", "°C", telemetry=f"DiHeatsinkT{unit}"),
        quantity(f"di_inverter_t_{end}", "°C", telemetry=f"DiInverterT{unit}"),
        quantity(f"di_stator_temp_{end}", "°C", telemetry=f"DiStatorTemp{unit}"),
        quantity(f"di_axle_speed_{end}", "rad/s", telemetry=f"DiAxleSpeed{unit}"),
        quantity(f"di_torque_actual_{end}", "Nm", telemetry=f"DiTorqueActual{unit}"),
        quantity(f"di_motor_current_{end}", "A", telemetry=f"DiMotorCurrent{unit}"),
        quantity(f"di_v_bat_{end}", "V", telemetry=f"DiVBat{unit}"),
    )


POWERTRAIN_SIGNALS: Final = (
    *(signal for unit in _UNITS for signal in _drive_unit(unit)),
    quantity("di_torque_motor", "Nm", telemetry="DiTorquemotor"),
    quantity("di_slave_torque_cmd", "Nm", telemetry="DiSlaveTorqueCmd"),
)
