"""What Tesla can tell and no signal holds, with the reason."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_RESERVED: Final = "reserved by Tesla; must not be configured"
_WITHDRAWN: Final = "withdrawn by Tesla; nothing is sent any more"
_SAME: Final = "told by another signal: "
_SCREEN: Final = "about the car's own screens and Tesla's own app"

NOT_SIGNALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Unknown": "the placeholder of the enumeration",
        **{f"Experimental_{number}": _RESERVED for number in range(1, 16)},
        **{f"Deprecated_{number}": _WITHDRAWN for number in (1, 3)},
        "RouteLastUpdated": "Tesla: broken, returns nothing",
        "RouteLine": "a drawing of up to many thousand characters, which no state can hold",
    }
)

# By signal: what the car could tell once, and only a source of that time still tells.
NOT_OFFERED: Final[Mapping[str, str]] = MappingProxyType(
    {"autopilot_state": "withdrawn_by_tesla_2024_11_14"}
)

NOT_POLLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "charge_state.charge_amps": f"{_SAME}charge_current_request",
        "charge_state.time_to_full_charge": f"{_SAME}minutes_to_full_charge",
        "climate_state.battery_heater": f"{_SAME}battery_heater_on",
        "climate_state.battery_heater_no_power": f"{_SAME}not_enough_power_to_heat",
        "climate_state.left_temp_direction": "a number without a meaning for people",
        "climate_state.right_temp_direction": "a number without a meaning for people",
        "drive_state.native_latitude": f"{_SAME}latitude",
        "drive_state.native_longitude": f"{_SAME}longitude",
        "drive_state.native_location_supported": "always yes",
        "drive_state.native_type": "always wgs",
        "vehicle_config.aux_park_lamps": "part numbers of a lamp",
        "vehicle_config.ece_restrictions": f"{_SAME}eu_vehicle",
        "vehicle_config.supports_qr_pairing": _SCREEN,
        "vehicle_config.use_range_badging": _SCREEN,
        "vehicle_state.autopark_state_v3": "of a remote control that Tesla does not open",
        "vehicle_state.calendar_supported": _SCREEN,
        "vehicle_state.feature_bitmask": "bits without a published meaning",
        "vehicle_state.notifications_supported": _SCREEN,
        "vehicle_state.parsed_calendar_supported": _SCREEN,
        "vehicle_state.santa_mode": "a toy",
        "vehicle_state.vehicle_self_test_progress": "of Tesla's workshops",
        "vehicle_state.vehicle_self_test_requested": "of Tesla's workshops",
    }
)
