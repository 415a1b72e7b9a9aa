"""Presets ask for what they are for, in a form that a car takes."""

from typing import Final

import pytest

from custom_components.teslalogger.fleet_telemetry.checks import check_choice
from custom_components.teslalogger.fleet_telemetry.fields import FIELDS, OFFERED
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, Preset, suggested

EVERYDAY: Final = """
DetailedChargeState Soc RatedRange ChargeLimitSoc TimeToFullCharge ACChargingPower DCChargingPower
ChargePortDoorOpen ChargePortLatch HvacPower InsideTemp OutsideTemp HvacLeftTemperatureRequest
SeatHeaterLeft DoorState FdWindow RpWindow Locked SentryMode Location Gear Odometer TpmsPressureFl
TpmsPressureRr TpmsSoftWarnings Version SoftwareUpdateVersion SoftwareUpdateAvailable
"""
LOG: Final = """
Gear VehicleSpeed PackVoltage PackCurrent Location Soc EnergyRemaining Odometer RatedRange
DetailedChargeState ACChargingPower DCChargingPower ACChargingEnergyIn DCChargingEnergyIn
OutsideTemp
"""


@pytest.mark.parametrize("preset", Preset)
def test_a_car_takes_every_line(preset: Preset) -> None:
    """Fields that are offered, at intervals and deltas that are valid."""
    for name, choice in PRESETS[preset].items():
        check_choice(name, choice)
        least = FIELDS[name].least_delta
        assert least is None or (choice.minimum_delta or 0) >= least


def test_there_is_a_choice_for_every_preset() -> None:
    """And no other."""
    assert set(PRESETS) == set(Preset)


def test_economy_has_the_everyday_entities() -> None:
    """Charge, climate, doors, locks, place, tyres, software."""
    assert set(EVERYDAY.split()) <= set(PRESETS[Preset.ECONOMY])


def test_each_step_up_from_economy_has_all_of_the_one_before() -> None:
    """At least as often."""
    economy, balanced, live = (
        PRESETS[preset] for preset in (Preset.ECONOMY, Preset.BALANCED, Preset.LIVE)
    )
    for less, more in ((economy, balanced), (balanced, live)):
        assert set(less) < set(more)
        slower = {name for name in less if more[name].interval > less[name].interval}
        assert not slower


def test_live_has_all_but_what_only_costs() -> None:
    """Clocks that tick all the time."""
    left_out = set(OFFERED) - set(PRESETS[Preset.LIVE])
    assert left_out == {
        "MediaNowPlayingElapsed",
        *(f"TpmsLastSeenPressureTime{corner}" for corner in ("Fl", "Fr", "Rl", "Rr")),
    }


def test_a_log_is_dense_while_driving() -> None:
    """Power is voltage times current, so both come within two seconds."""
    logger = PRESETS[Preset.LOGGER]
    assert set(LOG.split()) <= set(logger)
    dense = ("VehicleSpeed", "Location", "PackVoltage", "PackCurrent", "Gear")
    assert max(logger[name].interval for name in dense) <= 2
    assert logger["Odometer"].interval <= 10


@pytest.mark.parametrize("preset", Preset)
def test_the_edges_that_hurt_are_sent_again(preset: Preset) -> None:
    """A lock that is believed to be open."""
    assert PRESETS[preset]["Locked"].resend == 300
    assert PRESETS[preset]["DetailedChargeState"].resend == 300


def test_the_suggestion_is_the_table() -> None:
    """And there is none for what is not offered."""
    odometer = suggested("Odometer")
    assert (odometer.interval, odometer.minimum_delta, odometer.resend) == (60, 0.1, None)
    for name in ("RouteLine", "CruiseState"):
        with pytest.raises(KeyError):
            suggested(name)
