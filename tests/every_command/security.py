"""Sentry, valet and guest mode, PINs, the speed limit and parental controls."""

from typing import Final

from .case import Case

_PIN: Final = "1234"
_GIVEN: Final = {"pin": _PIN}


def _mode(name: str, flag: str, kept: str, active: str = "", pin: str = "") -> tuple[Case, ...]:
    """A mode that a PIN switches on, off and, with the PIN itself, away.

    Args:
        name: The first part of its commands.
        flag: Where the car's state has the mode.
        kept: Where it has the PIN.
        active: The signal that tells the mode; parental controls are told by none.
        pin: The signal that tells whether there is a PIN.
    """
    on, off, gone = (
        {active: mode} | ({} if stored is None else {pin: stored}) if active else {}
        for mode, stored in ((True, True), (False, None), (False, False))
    )
    begun = {flag: True, f"pins.{kept}": _PIN}
    ended = {flag: False, f"pins.{kept}": None}
    return (
        Case(command=f"{name}_activate", params=_GIVEN, after=begun, reads=on),
        Case(
            command=f"{name}_activate",
            params=_GIVEN,
            before={f"pins.{kept}": _PIN},
            after={flag: True},
            reads={active: True} if active else {},
            known={pin: True} if pin else {},
        ),
        Case(
            command=f"{name}_deactivate",
            params=_GIVEN,
            before=begun,
            after={flag: False},
            reads=off,
        ),
        Case(command=f"{name}_clear_pin", params=_GIVEN, before=begun, after=ended, reads=gone),
        Case(command=f"{name}_clear_pin_admin", before=begun, after=ended, reads=gone),
    )


def _parental_setting(setting: str) -> Case:
    return Case(
        command="parental_controls_enable_setting",
        params={"setting": setting, "enable": True},
        before={"parental_settings": {"Curfew": False}},
        after={f"parental_settings.{setting}": True},
    )


SECURITY: Final = (
    Case(
        command="set_sentry_mode",
        params={"on": True},
        after={"sentry_mode": True},
        reads={"sentry_mode": True},
        moves=("dashcam_state",),
    ),
    Case(
        command="set_sentry_mode",
        params={"on": False},
        before={"sentry_mode": True},
        after={"sentry_mode": False},
        reads={"sentry_mode": False},
        moves=("dashcam_state",),
    ),
    Case(
        command="set_valet_mode",
        params={"on": True, "password": _PIN},
        after={"valet_mode": True, "pins.valet": _PIN},
        reads={"valet_mode": True, "valet_pin_needed": False},
    ),
    Case(
        command="set_valet_mode",
        params={"on": True},
        before={"pins.valet": _PIN},
        after={"valet_mode": True},
        reads={"valet_mode": True},
    ),
    Case(
        command="set_valet_mode",
        params={"on": False},
        before={"valet_mode": True, "pins.valet": _PIN},
        after={"valet_mode": False},
        reads={"valet_mode": False},
    ),
    Case(
        command="reset_valet_pin",
        before={"pins.valet": _PIN},
        after={"pins.valet": None},
        reads={"valet_pin_needed": True},
    ),
    Case(
        command="set_pin_to_drive",
        params={"on": True, "password": _PIN},
        after={"pin_to_drive": True, "pins.drive": _PIN},
    ),
    Case(
        command="set_pin_to_drive",
        params={"on": True, "password": "4321"},
        before={"pins.drive": _PIN},
        after={"pin_to_drive": True},
    ),
    Case(
        command="set_pin_to_drive",
        params={"on": False},
        before={"pin_to_drive": True, "pins.drive": _PIN},
        after={"pin_to_drive": False},
    ),
    Case(
        command="clear_pin_to_drive_admin",
        before={"pin_to_drive": True, "pins.drive": _PIN},
        after={"pin_to_drive": False, "pins.drive": None},
    ),
    Case(
        command="reset_pin_to_drive_pin",
        before={"pins.drive": _PIN},
        after={"pins.drive": None},
    ),
    Case(
        command="guest_mode",
        params={"enable": True},
        after={"guest_mode": True},
        reads={"guest_mode": True},
    ),
    Case(
        command="guest_mode",
        params={"enable": False},
        before={"guest_mode": True},
        after={"guest_mode": False},
        reads={"guest_mode": False},
    ),
    Case(
        command="erase_user_data",
        before={"guest_mode": True},
        after={"counts.erase_user_data": 1},
    ),
    *_mode(
        "speed_limit",
        "speed_limit_active",
        "speed_limit",
        active="speed_limit_active",
        pin="speed_limit_pin_set",
    ),
    Case(
        command="speed_limit_set_limit",
        params={"limit_mph": 65.5},
        after={"speed_limit_mph": 65.5},
        reads={"speed_limit": 65.5},
    ),
    *_mode("parental_controls", "parental_active", "parental"),
    *(
        _parental_setting(setting)
        for setting in (
            "SpeedLimit",
            "Acceleration",
            "SafetyFeatures",
            "Curfew",
            "BrowserBlocked",
            "TheaterBlocked",
            "ArcadeBlocked",
        )
    ),
    Case(
        command="parental_controls_enable_setting",
        params={"setting": "Curfew", "enable": False},
        before={"parental_settings": {"Curfew": True}},
        after={"parental_settings.Curfew": False},
    ),
    Case(
        command="parental_controls_set_speed_limit",
        params={"limit_mph": 70},
        after={"parental_limit_mph": 70},
    ),
)
