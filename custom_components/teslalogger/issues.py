"""Repairs: what only a person can mend. They open and close by themselves."""

import hashlib
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from .data import TeslaLoggerConfigEntry

KEY_NOT_PAIRED: Final = "key_not_paired"
# What every issue about streaming begins with.
_TELEMETRY: Final = "telemetry_"
_RECEIVER: Final = "receiver"


def key_issue_id(entry: TeslaLoggerConfigEntry, vin: str) -> str:
    """The id of the car's issue: other accounts may share the car, and a VIN is private."""
    return f"{KEY_NOT_PAIRED}_{_of_car(entry, vin)}"


def telemetry_issue_id(entry: TeslaLoggerConfigEntry, vin: str, key: str) -> str:
    """The id of what keeps a car from streaming; whoever ignores one thing may mind another."""
    return f"{key}_{_of_car(entry, vin)}"


def is_about_telemetry(entry: TeslaLoggerConfigEntry, vin: str, issue_id: str) -> bool:
    """Whether an issue is what keeps this car from streaming."""
    return issue_id.startswith(_TELEMETRY) and issue_id.endswith(_of_car(entry, vin))


def _of_car(entry: TeslaLoggerConfigEntry, vin: str) -> str:
    return f"{entry.entry_id}_{hashlib.sha256(vin.encode()).hexdigest()[:12]}"


@callback
def async_key_not_paired(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str, car: str
) -> None:
    """The car refused a command because our key is not in it."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        key_issue_id(entry, vin),
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=KEY_NOT_PAIRED,
        translation_placeholders={"car": car},
    )


@callback
def async_clear_key_not_paired(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str
) -> None:
    """Our key is in the car, or is not needed there any more."""
    ir.async_delete_issue(hass, DOMAIN, key_issue_id(entry, vin))


def is_key_not_paired(hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str) -> bool:
    """Whether the issue is open."""
    return ir.async_get(hass).async_get_issue(DOMAIN, key_issue_id(entry, vin)) is not None


@callback
def async_keeps_from_streaming(
    hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    vin: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    """What a person has to do before the car streams; it takes the place of what was before."""
    wanted = telemetry_issue_id(entry, vin, key)
    _delete(hass, lambda issue_id: issue_id != wanted and is_about_telemetry(entry, vin, issue_id))
    ir.async_create_issue(
        hass,
        DOMAIN,
        wanted,
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders=placeholders,
    )


@callback
def async_clear_streaming(hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str) -> None:
    """Nothing that a person could mend keeps the car from streaming."""
    _delete(hass, lambda issue_id: is_about_telemetry(entry, vin, issue_id))


@callback
def async_receiver_problem(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, key: str, placeholders: dict[str, str]
) -> None:
    """No car can stream to the entry, whatever is in order in the cars."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{_TELEMETRY}{entry.entry_id}_{_RECEIVER}",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders=placeholders,
    )


@callback
def async_clear_receiver_problem(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """The receiver listens, or is not wanted."""
    ir.async_delete_issue(hass, DOMAIN, f"{_TELEMETRY}{entry.entry_id}_{_RECEIVER}")


@callback
def async_clear_all(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """The entry is gone, and with it whatever was to be mended."""
    _delete(hass, lambda issue_id: entry.entry_id in issue_id)


@callback
def _delete(hass: HomeAssistant, is_one: Callable[[str], bool]) -> None:
    registry = ir.async_get(hass)
    for domain, issue_id in list(registry.issues):
        if domain == DOMAIN and is_one(issue_id):
            registry.async_delete(domain, issue_id)
