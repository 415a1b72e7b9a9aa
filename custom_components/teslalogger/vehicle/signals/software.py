"""The software in the car and the one that is to come."""

from typing import Final

from .converters import first_word, scaled, truth, within
from .model import OnInvalid
from .rows import choice, flag, label, moment, quantity
from .times import epoch, wall_clock

_CLEAR: Final = OnInvalid.CLEAR
_PERCENT: Final = within(0, 100)
_STATUSES: Final = {
    "": "none",
    "available": "available",
    "downloading": "downloading",
    "downloading_wifi_wait": "waiting_for_wifi",
    "scheduled": "scheduled",
    "installing": "installing",
}
_UPDATE: Final = "vehicle_state.software_update"

SOFTWARE_SIGNALS: Final = (
    label("car_version", "vehicle_state.car_version", "Version", convert=first_word),
    choice("software_update_status", _STATUSES, f"{_UPDATE}.status"),
    flag(
        "software_update_available",
        f"{_UPDATE}.status",
        "SoftwareUpdateAvailable",
        convert=truth({name: bool(name) for name in _STATUSES}),
    ),
    flag(
        "software_update_in_progress",
        f"{_UPDATE}.status",
        "SoftwareUpdateInProgress",
        convert=truth({name: name == "installing" for name in _STATUSES}),
    ),
    label(
        "software_update_version",
        f"{_UPDATE}.version",
        "SoftwareUpdateVersion",
        convert=first_word,
        on_invalid=_CLEAR,
    ),
    quantity(
        "software_update_download",
        "%",
        f"{_UPDATE}.download_perc",
        "SoftwareUpdateDownloadPercentComplete",
        convert=_PERCENT,
        on_invalid=_CLEAR,
    ),
    quantity(
        "software_update_installation",
        "%",
        f"{_UPDATE}.install_perc",
        "SoftwareUpdateInstallationPercentComplete",
        convert=_PERCENT,
        on_invalid=_CLEAR,
    ),
    quantity(
        "software_update_duration",
        "min",
        f"{_UPDATE}.expected_duration_sec",
        "SoftwareUpdateExpectedDurationMinutes",
        convert=scaled(1 / 60),
        stream=scaled(1),
        on_invalid=_CLEAR,
    ),
    moment(
        "software_update_scheduled_time",
        f"{_UPDATE}.scheduled_time_ms",
        epoch(per_second=1000),
        "SoftwareUpdateScheduledStartTime",
        wall_clock,
        vanishes=True,
        on_invalid=_CLEAR,
    ),
    quantity(
        "software_update_warning_time",
        "min",
        f"{_UPDATE}.warning_time_remaining_ms",
        convert=scaled(1 / 60_000),
        vanishes=True,
        on_invalid=_CLEAR,
    ),
)
