"""Sentry, valet, guest mode, PINs, speed limit, parental controls."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import voluptuous as vol

from .model import Command, Expectation, Fields, Params, RouteRule, becomes, becomes_parameter
from .parameters import flag, number, pin

if TYPE_CHECKING:
    from collections.abc import Mapping

_ON: Final = vol.Schema({vol.Required("on"): flag})
_ON_WITH_PIN: Final = vol.Schema({vol.Required("on"): flag, vol.Optional("password"): pin})
_ENABLE: Final = vol.Schema({vol.Required("enable"): flag})
_PIN: Final = vol.Schema({vol.Required("pin"): pin})
_LIMIT: Final = vol.Schema({vol.Required("limit_mph"): number(50, 120)})
# The mode ends with its PIN.
_WITHOUT_SPEED_LIMIT_PIN: Final[Mapping[str, Expectation]] = {
    "speed_limit_active": becomes(value=False),
    "speed_limit_pin_set": becomes(value=False),
}
_PARENTAL_SETTINGS: Final = [
    "SpeedLimit",
    "Acceleration",
    "SafetyFeatures",
    "Curfew",
    "BrowserBlocked",
    "TheaterBlocked",
    "ArcadeBlocked",
]


def _password(params: Params) -> Fields:
    """Only turning on carries the PIN."""
    if params["on"] and "password" in params:
        return {"on": True, "password": params["password"]}
    return {"on": params["on"]}


def _plain(
    name: str,
    field: str,
    route: RouteRule = RouteRule.ANY,
    *,
    expects: Mapping[str, Expectation] = MappingProxyType({}),
    changes: tuple[str, ...] = (),
) -> Command:
    return Command(
        name=name,
        message=lambda _: {field: {}},
        route=route,
        expects=expects,
        changes=changes,
    )


SECURITY_COMMANDS: Final = (
    Command(
        name="set_sentry_mode",
        message=lambda params: {"vehicleControlSetSentryModeAction": {"on": params["on"]}},
        schema=_ON,
        expects={"sentry_mode": becomes_parameter("on")},
    ),
    Command(
        # Optional PIN: a car that already stores one turns valet mode on without it.
        name="set_valet_mode",
        message=lambda params: {"vehicleControlSetValetModeAction": _password(params)},
        rest=_password,
        schema=_ON_WITH_PIN,
        expects={"valet_mode": becomes_parameter("on")},
        changes=("valet_pin_needed",),
    ),
    _plain("reset_valet_pin", "vehicleControlResetValetPinAction", changes=("valet_pin_needed",)),
    Command(
        name="set_pin_to_drive",
        message=lambda params: {"vehicleControlSetPinToDriveAction": _password(params)},
        rest=_password,
        schema=_ON_WITH_PIN,
    ),
    _plain(
        "clear_pin_to_drive_admin",
        "vehicleControlResetPinToDriveAdminAction",
        RouteRule.SIGNED_ONLY,
    ),
    _plain("reset_pin_to_drive_pin", "vehicleControlResetPinToDriveAction", RouteRule.SIGNED_ONLY),
    Command(
        name="guest_mode",
        message=lambda params: {"guestModeAction": {"GuestModeActive": params["enable"]}},
        schema=_ENABLE,
        expects={"guest_mode": becomes_parameter("enable")},
    ),
    _plain("erase_user_data", "eraseUserDataAction"),
    Command(
        name="speed_limit_activate",
        message=lambda params: {
            "drivingSpeedLimitAction": {"activate": True, "pin": params["pin"]}
        },
        schema=_PIN,
        expects={
            "speed_limit_active": becomes(value=True),
            "speed_limit_pin_set": becomes(value=True),
        },
    ),
    Command(
        name="speed_limit_deactivate",
        message=lambda params: {"drivingSpeedLimitAction": {"pin": params["pin"]}},
        schema=_PIN,
        expects={"speed_limit_active": becomes(value=False)},
    ),
    Command(
        name="speed_limit_set_limit",
        message=lambda params: {"drivingSetSpeedLimitAction": {"limit_mph": params["limit_mph"]}},
        schema=_LIMIT,
        expects={"speed_limit": becomes_parameter("limit_mph")},
    ),
    Command(
        name="speed_limit_clear_pin",
        message=lambda params: {"drivingClearSpeedLimitPinAction": {"pin": params["pin"]}},
        schema=_PIN,
        expects=_WITHOUT_SPEED_LIMIT_PIN,
    ),
    _plain(
        "speed_limit_clear_pin_admin",
        "drivingClearSpeedLimitPinAdminAction",
        expects=_WITHOUT_SPEED_LIMIT_PIN,
    ),
    Command(
        name="parental_controls_activate",
        message=lambda params: {"parentalControlsAction": {"activate": True, "pin": params["pin"]}},
        schema=_PIN,
    ),
    Command(
        name="parental_controls_deactivate",
        message=lambda params: {"parentalControlsAction": {"pin": params["pin"]}},
        schema=_PIN,
    ),
    Command(
        name="parental_controls_enable_setting",
        message=lambda params: {"parentalControlsEnableSettingsAction": dict(params)},
        schema=vol.Schema(
            {vol.Required("setting"): vol.In(_PARENTAL_SETTINGS), vol.Required("enable"): flag}
        ),
    ),
    Command(
        name="parental_controls_set_speed_limit",
        message=lambda params: {
            "parentalControlsSetSpeedLimitAction": {"limit_mph": params["limit_mph"]}
        },
        schema=_LIMIT,
    ),
    Command(
        name="parental_controls_clear_pin",
        message=lambda params: {"parentalControlsClearPinAction": {"pin": params["pin"]}},
        schema=_PIN,
        route=RouteRule.SIGNED_ONLY,
    ),
    _plain("parental_controls_clear_pin_admin", "parentalControlsClearPinAdminAction"),
)
