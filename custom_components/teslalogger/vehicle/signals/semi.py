"""What only the Semi has: a second and a third axle, air brakes, a trailer."""

from typing import Final

from .rows import choice, named, quantity

_WHEELS: Final = tuple(
    f"Re{axle}{side}{place}" for axle in (1, 2) for side in "LR" for place in (0, 1)
)
_PRESSURE_CHANGES: Final = (
    "Charged",
    "BuildingPressureIntermediate",
    "ExhaustingPressureIntermediate",
    "Exhausted",
)

SEMI_SIGNALS: Final = (
    *(
        quantity(
            f"semi_tpms_pressure_{wheel.lower()}",
            "bar",
            telemetry=f"SemitruckTpmsPressure{wheel}",
        )
        for wheel in _WHEELS
    ),
    choice(
        "semi_passenger_seat",
        named("Faulted", "NotConfigured", "Folded", "Unfolded"),
        telemetry="SemitruckPassengerSeatFoldPosition",
        prefix="SeatFoldPosition",
    ),
    choice(
        "semi_tractor_park_brake",
        named("NotAvailable", "Error", *_PRESSURE_CHANGES),
        telemetry="SemitruckTractorParkBrakeStatus",
        prefix="TractorAirStatus",
    ),
    choice(
        "semi_trailer_park_brake",
        named("BobtailMode", *_PRESSURE_CHANGES),
        telemetry="SemitruckTrailerParkBrakeStatus",
        prefix="TrailerAirStatus",
    ),
    quantity("semi_lifetime_energy_used_drive", "kWh", telemetry="LifetimeEnergyUsedDrive"),
    quantity("semi_cruise_speed_limit", "mph", telemetry="SemiCruiseSpeedLimitMph"),
    quantity("semi_vehicle_mass", "kg", telemetry="SemiVehicleMassKg"),
)
