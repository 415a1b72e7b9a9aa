"""The words of Tesla's enumerations, from the table of them and from the car's own protocol.

What is expected here follows from Tesla's names, never from the converters.
"""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from tesla_protocol.command import vehicle_pb2

from custom_components.teslalogger.vehicle import SIGNALS, Kind
from custom_components.teslalogger.vehicle.signals import INVALID

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA: Final = Path(__file__).parents[1] / "data"


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open() as file:
        return list(csv.DictReader(file))


ENUM_OF: Final = {
    row["name"]: row["enum_type"] for row in _table("telemetry-fields.csv") if row["enum_type"]
}
NAMES: Final[dict[str, dict[str, str]]] = {}
for _row in _table("telemetry-enums.csv"):
    NAMES.setdefault(_row["enum"], {})[_row["short"]] = _row["name"]

NOTHING: Final = {"Unknown", "SNA", "Invalid"}
# Signals of fields that are enumerations. Doors and wheels are messages, not words.
WORDED: Final = {
    key: ENUM_OF[signal.telemetry]
    for key, signal in SIGNALS.items()
    if signal.telemetry and ENUM_OF.get(signal.telemetry) in NAMES
}

# Where our word is not Tesla's: people know these things by other names.
OTHER_WORDS: Final = {
    ("automatic_emergency_braking_state", "Unavailable"): "not_available",
    ("climate_keeper_mode", "On"): "keep",
    ("climate_keeper_mode", "Party"): "camp",
    ("tonneau_position", "FullyOpen"): "open",
    ("gui_distance_units", "Miles"): "mi",
    ("gui_distance_units", "Kilometers"): "km",
    ("car_type", "SemiTruck"): "semi",
    ("car_type", "SemiTruckV2"): "semi_v2",
    **{(f"di_state_{place}", "Unavailable"): "not_available" for place in ("f", "r", "rel", "rer")},
}
_LATCHED: Final = {"Latched": True, "Unlatched": False, "Faulted": None}
_OPEN: Final = {"Closed": False, "PartiallyOpen": True, "Opened": True}
_OFF_ON: Final = {"Off": False, "On": True}
_HVAC: Final = {"Off": False, "On": False, "Precondition": False, "OverheatProtect": False}
# What the words mean for a signal that is yes or no, or a number.
MEANINGS: Final[dict[str, dict[str, Any]]] = {
    "charge_cable_connected": {
        "Disconnected": False,
        **dict.fromkeys(
            ("NoPower", "Starting", "Charging", "Complete", "Stopped", "Calibrating"), True
        ),
    },
    "is_climate_on": _HVAC | {"On": True, "Precondition": True},
    "is_preconditioning": _HVAC | {"Precondition": True},
    "cabin_overheat_protection_actively_cooling": _HVAC | {"OverheatProtect": True},
    "sentry_mode": {
        "Off": False,
        **dict.fromkeys(("Idle", "Armed", "Aware", "Panic", "Quiet"), True),
    },
    "driver_seat_belt": _LATCHED,
    "passenger_seat_belt": _LATCHED,
    "window_front_driver": _OPEN,
    "window_front_passenger": _OPEN,
    "window_rear_driver": _OPEN,
    "window_rear_passenger": _OPEN,
    "cabin_12v_port_keep_on": _OFF_ON,
    "cabin_48v_port_keep_on": _OFF_ON,
    "cruise_follow_distance": {str(step): step for step in range(1, 8)},
    "sun_roof_installed": {"NotInstalled": 0, "Gen1Installed": 1, "Gen2Installed": 2},
}


def _same(*words: str) -> dict[Any, str]:
    return dict(zip(words, words, strict=True))


# What a poll says (as vehicle_data of real cars has it) for what the stream says.
POLLED: Final[dict[str, dict[Any, str]]] = {
    "car_type": {
        "models": "ModelS",
        "models2": "ModelS",
        "lychee": "ModelS",
        "modelx": "ModelX",
        "tamarind": "ModelX",
        "model3": "Model3",
        "modely": "ModelY",
        "cybertruck": "Cybertruck",
        "semi": "SemiTruck",
    },
    "charge_port_type": _same("US", "EU", "GB", "CCS"),
    "shift_state": _same("P", "R", "N", "D") | {None: "SNA"},
    "charging_state": _same(
        "Disconnected", "NoPower", "Starting", "Charging", "Complete", "Stopped", "Calibrating"
    ),
    "conn_charge_cable": _same("IEC", "SAE", "GB_AC", "GB_DC") | {"<invalid>": "SNA"},
    "fast_charger_type": {"Tesla": "Supercharger", "<invalid>": "SNA"}
    | _same(
        "Supercharger", "CHAdeMO", "GB", "ACSingleWireCAN", "Combo", "MCSingleWireCAN", "Other"
    ),
    "charge_port_latch": _same("Engaged", "Disengaged", "Blocking"),
    "scheduled_charging_mode": _same("Off", "StartAt", "DepartBy"),
    "climate_keeper_mode": {"off": "Off", "on": "On", "dog": "Dog", "camp": "Party"},
    "hvac_auto_mode": _same("On", "Override"),
    "defrost_mode": {0: "Off", 1: "Normal", 2: "Max"},
    "cabin_overheat_protection": _same("Off", "On", "FanOnly"),
    "cop_activation_temperature": _same("Low", "Medium", "High"),
    "center_display_state": {
        0: "Off",
        1: "Dim",
        2: "Accessory",
        3: "On",
        4: "Driving",
        5: "Charging",
        6: "Lock",
        7: "Sentry",
        8: "Dog",
        9: "Entertainment",
    },
    "media_playback_status": _same("Stopped", "Playing", "Paused"),
    "gui_distance_units": {"mi/hr": "Miles", "km/hr": "Kilometers"},
    "gui_temperature_units": {"F": "Fahrenheit", "C": "Celsius"},
    "gui_tirepressure_units": _same("Psi", "Bar"),
    "is_climate_on": {True: "On", False: "Off"},
    "is_preconditioning": {True: "Precondition", False: "Off"},
    "cabin_overheat_protection_actively_cooling": {True: "OverheatProtect", False: "Off"},
    "sentry_mode": {True: "Armed", False: "Off"},
    **{
        f"window_{row}_{side}": {0: "Closed", 1: "PartiallyOpen", 2: "Opened"}
        for row in ("front", "rear")
        for side in ("driver", "passenger")
    },
    "sun_roof_installed": {0: "NotInstalled", 1: "Gen1Installed", 2: "Gen2Installed"},
    # Polled it is about the cable, streamed about the charging.
    "charge_cable_connected": {"IEC": "Stopped", "<invalid>": "Disconnected"},
}
# Words that a poll has no word for.
ONLY_STREAMED: Final = {
    ("car_type", "SemiTruckV2"): "newer than any polled Semi that is known",
    ("car_type", "Cybercab"): "newer than any polled answer that is known",
    ("defrost_mode", "AutoDefog"): "the car's own protocol has three modes",
}
# The same things in the protocol in which cars answer Tesla's app.
OF_THE_CAR: Final[Mapping[str, Any]] = {
    "charging_state": vehicle_pb2.ChargeState.ChargingState,
    "conn_charge_cable": vehicle_pb2.ChargeState.CableType,
    "fast_charger_type": vehicle_pb2.ChargeState.ChargerType,
    "climate_keeper_mode": vehicle_pb2.ClimateState.ClimateKeeperMode,
    "defrost_mode": vehicle_pb2.ClimateState.DefrostMode,
    "center_display_state": vehicle_pb2.ClosuresState.DisplayState,
    "sentry_mode_state": vehicle_pb2.ClosuresState.SentryModeState,
    "shift_state": vehicle_pb2.ShiftState,
    "sun_roof_state": vehicle_pb2.ClosuresState.SunRoofState,
}
# Neither open nor closed nor on the way: the cover is better unknown.
NO_STATE: Final = {("sun_roof_state", "Calibrating")}


@pytest.mark.parametrize(
    ("key", "short"), [(key, short) for key, enum in WORDED.items() for short in NAMES[enum]]
)
def test_word_means_what_its_name_says(key: str, short: str) -> None:
    """Each word of an enumeration is one of ours; only what says nothing is none."""
    signal = SIGNALS[key]
    value = signal.streamed(NAMES[WORDED[key]][short])

    if short == "Unknown":
        assert value is (None if signal.kind is Kind.ENUM else INVALID)
    elif short in NOTHING:
        assert value == signal.streamed(None)
    elif key in MEANINGS:
        assert value == MEANINGS[key][short]
        assert type(value) is type(MEANINGS[key][short])
    elif (key, short) in OTHER_WORDS:
        assert value == OTHER_WORDS[key, short]
    else:
        assert isinstance(value, str)
        assert value.replace("_", "") == short.casefold().replace("_", "")


@pytest.mark.parametrize("key", WORDED)
def test_no_two_words_are_one(key: str) -> None:
    """Nothing that Tesla tells apart is lost where we show words."""
    if SIGNALS[key].kind is Kind.ENUM:
        words = [SIGNALS[key].streamed(NAMES[WORDED[key]][short]) for short in NAMES[WORDED[key]]]
        known = [word for word in words if isinstance(word, str) and word]
        assert len(known) - len(set(known)) == (2 if key == "shift_state" else 0)  # no gear: p, too


@pytest.mark.parametrize(
    ("key", "raw", "short"),
    [(key, raw, short) for key, words in POLLED.items() for raw, short in words.items()],
)
def test_both_sources_say_the_same(key: str, raw: object, short: str) -> None:
    """One entity shows one state, whoever told it."""
    signal = SIGNALS[key]
    polled, streamed = signal.polled(raw), signal.streamed(NAMES[WORDED[key]][short])

    assert polled == streamed
    assert type(polled) is type(streamed)
    assert polled is not INVALID


def test_no_word_of_either_source_was_forgotten() -> None:
    """Every signal with both, every polled word of the table of values, every streamed word."""
    both = {key for key in WORDED if SIGNALS[key].path is not None}
    told = {
        (row["signal"], row["raw"].strip('"'))
        for row in _table("signal-values.csv")
        if row["signal"] in both
        and row["source"] == "poll"
        and row["case"] in {"real", "zero"}
        and SIGNALS[row["signal"]].kind is Kind.ENUM
    }

    assert both == set(POLLED)
    assert told <= {(key, str(raw)) for key, words in POLLED.items() for raw in words}
    for key in both - set(MEANINGS):
        words = set(NAMES[WORDED[key]]) - NOTHING
        assert words - set(POLLED[key].values()) == {
            short for signal, short in ONLY_STREAMED if signal == key
        }


@pytest.mark.parametrize("key", OF_THE_CAR)
def test_the_car_s_own_protocol_has_no_word_that_we_lack(key: str) -> None:
    """Where vehicle_data counts, it counts in the order of that protocol."""
    signal = SIGNALS[key]
    words = [field.name for field in OF_THE_CAR[key].DESCRIPTOR.fields if field.name not in NOTHING]
    is_counted = key in {"defrost_mode", "center_display_state"}

    for number, word in enumerate(words):
        if (key, word) not in NO_STATE:
            value = signal.polled(number) if is_counted else signal.polled(word)
            assert isinstance(value, str), word
            assert signal.telemetry is None or value == signal.streamed(word) or word == "Tesla"


def test_dashcam_has_the_words_of_the_car() -> None:
    """The stream has none of them."""
    words = {
        value.name.removeprefix("DashCamState_").casefold()
        for value in vehicle_pb2.DashCamState.DESCRIPTOR.values
    }

    told = {SIGNALS["dashcam_state"].polled(word) for word in ("Unavailable", "Recording")}
    assert told == {"not_available", "recording"}
    assert words - {"unavailable"} == set(SIGNALS["dashcam_state"].options) - {"not_available"}
