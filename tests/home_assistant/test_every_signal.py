"""Whatever a car can tell, people can see; or it says here why not."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from custom_components.teslalogger.cover import COVERS, CarCoverDescription
from custom_components.teslalogger.select import SELECTS
from custom_components.teslalogger.switch import SWITCHES
from custom_components.teslalogger.text import TEXTS
from custom_components.teslalogger.vehicle import SIGNALS, Value
from scripts.workshop.tables import entity_rows

from .cloud import MODEL_X

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.entity import CarRow

SHOWN: Final = frozenset(signal for row in entity_rows() for signal in row.signals)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A signal that says whether the entity of a row is there, or can close."""

    row: CarRow
    no: Value
    yes: Value
    given: Mapping[str, Value] = field(default_factory=dict)


def _row(rows: tuple[CarRow, ...], key: str) -> CarRow:
    return next(row for row in rows if row.key == key)


# Seen in what an entity is, not in a state.
DECIDES: Final = {
    "has_seat_cooling": Decision(
        row=_row(SELECTS, "seat_cooler_left"),
        no=False,
        yes=True,
        given={"seat_fan_front_left": "off"},
    ),
    "rear_seat_heaters": Decision(
        row=_row(SELECTS, "seat_heater_rear_left"),
        no=0,
        yes=1,
        given={"seat_heater_rear_left": "off"},
    ),
    "third_row_seats": Decision(
        row=_row(SELECTS, "seat_heater_third_row_left"),
        no="None",
        yes="FuturisFoldFlat",
        given={"seat_heater_third_row_left": "off"},
    ),
    "sun_roof_installed": Decision(row=_row(COVERS, "sun_roof"), no=0, yes=2),
    "sentry_mode_available": Decision(row=_row(SWITCHES, "sentry_mode"), no=False, yes=True),
    "can_accept_navigation_requests": Decision(row=_row(TEXTS, "destination"), no=False, yes=True),
    "motorized_charge_port": Decision(row=_row(COVERS, "charge_port"), no=False, yes=True),
    "plg": Decision(row=_row(COVERS, "rear_trunk"), no=False, yes=True),
}

_LOOKS: Final = "how the car looks; it does not change, and no automation asks"
_IN_THE_CAR: Final = "how the car's own screen writes things; Home Assistant has its own settings"
_ELSEWHERE: Final = "of a function that Tesla opens to nobody else"
_ALWAYS: Final = "true of every car that is known"
_HALF: Final = "only together with a command, whose refusal says the same"

NOT_SHOWN: Final = {
    "vehicle_name": "the device bears the name, as Tesla's list of products tells it",
    "api_version": "a number of Tesla's own interface",
    "car_type": "the device says the model, as the VIN tells it: Tesla's word was wrong before",
    "car_special_type": _LOOKS,
    "exterior_trim": _LOOKS,
    "spoiler_type": _LOOKS,
    "headlamp_type": _LOOKS,
    "performance_package": _LOOKS,
    "rear_drive_unit": "a part number",
    "utc_offset": "of the car's own clock; every time here is told with its zone",
    "has_air_suspension": "equipment without a function that Tesla opens",
    "has_ludicrous_mode": "equipment without a function that Tesla opens",
    "pws": "equipment that the law asks for; nothing can be done with it",
    "webcam_supported": _ELSEWHERE,
    "webcam_available": _ELSEWHERE,
    "smart_summon_available": _ELSEWHERE,
    "summon_standby_mode_enabled": _ELSEWHERE,
    "dashcam_clip_save_supported": _ELSEWHERE,
    "dashcam_clip_save_available": "the sensor of the dashcam says whether it records",
    "can_actuate_trunks": _ALWAYS,
    "remote_start_supported": _ALWAYS,
    "remote_heater_control_enabled": "without a published meaning; the climate is what runs",
    "allow_cabin_overheat_protection": _HALF,
    "valet_pin_needed": _HALF,
    "speed_limit_pin_set": _HALF,
    "charge_limit_soc_std": "a mark on the slider of Tesla's app",
    "user_charge_enable_request": "what an app asked for; the switch shows what came of it",
    "managed_charging_user_canceled": "the binary sensor of managed charging shows what is",
    "preconditioning_times": "part of the departure, which is set as a whole by an action",
    "off_peak_charging_times": "part of the departure, which is set as a whole by an action",
    "is_auto_conditioning_on": "the same as the climate being on",
    "seat_heater_rear_left_back": "a backrest alone; no command sets it",
    "seat_heater_rear_right_back": "a backrest alone; no command sets it",
    "media_volume_increment": "the size of a step, which the car knows itself",
    "media_bluetooth_device": "the name of somebody's phone",
    "software_update_warning_time": "the last two minutes before an installation",
    **dict.fromkeys((key for key in SIGNALS if key.startswith("gui_")), _IN_THE_CAR),
    "show_range_units": _IN_THE_CAR,
}
# The one setting of the screen that an entity heeds: in which unit a speed limit is set.
del NOT_SHOWN["gui_distance_units"]


def _car(values: Mapping[str, Value]) -> CarCoordinator:
    """A car that has told just these."""
    stub: Any = SimpleNamespace(
        vin=MODEL_X,
        has_answered=True,
        was_asked=True,
        value=values.get,
        knows=values.__contains__,
        data=SimpleNamespace(has_told=values.__contains__),
    )
    return cast("CarCoordinator", stub)


@pytest.mark.parametrize("key", SIGNALS)
def test_every_signal_is_seen_or_has_a_reason(key: str) -> None:
    """By an entity's state, by its being there, or not at all."""
    assert (key in SHOWN) + (key in DECIDES) + (key in NOT_SHOWN) == 1, key


def test_every_reason_is_about_a_signal() -> None:
    """None that is gone, none without words."""
    assert SIGNALS.keys() >= DECIDES.keys() | NOT_SHOWN.keys()
    assert all(NOT_SHOWN.values())


@pytest.mark.parametrize("key", DECIDES)
def test_signal_decides_what_there_is(key: str) -> None:
    """With one value an entity is there, or can close; with the other not."""
    decision = DECIDES[key]
    row = decision.row
    no, yes = (_car({**decision.given, key: value}) for value in (decision.no, decision.yes))

    if isinstance(row, CarCoverDescription) and key in row.topics:
        assert (row.can_close_fn(no), row.can_close_fn(yes)) == (False, True)
    else:
        assert (row.has_fn(no), row.has_fn(yes)) == (False, True)
        assert key in row.decided_by
