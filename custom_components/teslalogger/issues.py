"""Repairs: what only a person can mend. They open and close by themselves."""

import hashlib
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .logins import is_of_owner_api
from .tesla.redact import short_vin

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .data import TeslaLoggerConfigEntry

APPS_URL: Final = "https://accounts.tesla.com/account-settings/security?tab=tpty-apps"
"""Where a user takes back what an application was allowed."""

LEFT_BEHIND: Final = "left_behind"
KEY_NOT_PAIRED: Final = "key_not_paired"
OWNER_API_CLOSED: Final = "owner_api_closed"
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


def owner_api_issue_id(entry: TeslaLoggerConfigEntry) -> str:
    """The id of the one issue about the owner API."""
    return f"owner_api_{entry.entry_id}"


def no_key_issue_id(entry: TeslaLoggerConfigEntry) -> str:
    """The id of the issue about a key that has to be made."""
    return f"no_key_{entry.entry_id}"


def _of_car(entry: TeslaLoggerConfigEntry, vin: str) -> str:
    return f"{entry.entry_id}_{hashlib.sha256(vin.encode()).hexdigest()[:12]}"


@callback
def async_key_not_paired(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str, car: str
) -> None:
    """The car refused a command because our key is not in it."""
    _key_issue(hass, entry, vin, car, KEY_NOT_PAIRED)


@callback
def _key_issue(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str, car: str, key: str
) -> None:
    is_missing = key == KEY_NOT_PAIRED
    issue_id = key_issue_id(entry, vin)
    _make_way(hass, issue_id, key)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR if is_missing else ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders={"car": car},
    )


@callback
def _make_way(hass: HomeAssistant, issue_id: str, key: str) -> None:
    """Let an issue not take the place of one that said something else, which may be ignored."""
    known = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    if known is not None and known.translation_key != key:
        ir.async_delete_issue(hass, DOMAIN, issue_id)  # whoever ignored that may mind this


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
def async_owner_api_closed(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """The owner API does not serve the account any more: nothing of it works."""
    _owner_api_problem(hass, entry, OWNER_API_CLOSED, "-")


@callback
def async_owner_api_open(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """It does, all the same."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, owner_api_issue_id(entry))
    if issue is not None and issue.translation_key == OWNER_API_CLOSED:
        ir.async_delete_issue(hass, DOMAIN, issue.issue_id)


@callback
def async_owner_api_cannot_sign(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str, car: str
) -> None:
    """A car wants signed commands, which the owner API does not carry."""
    if ir.async_get(hass).async_get_issue(DOMAIN, owner_api_issue_id(entry)) is None:
        _owner_api_problem(hass, entry, "owner_api_cannot_sign", car, _of_car(entry, vin))


@callback
def async_owner_api_without_car(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str
) -> None:
    """The car has left the account, and whatever it wants does not matter."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, owner_api_issue_id(entry))
    if issue is not None and (issue.data or {}).get("about") == _of_car(entry, vin):
        ir.async_delete_issue(hass, DOMAIN, issue.issue_id)


@callback
def _owner_api_problem(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, key: str, car: str, about: str | None = None
) -> None:
    """One repair, whatever the problem is: all of them lead to the Fleet API."""
    if not is_of_owner_api(entry):
        return
    issue_id = owner_api_issue_id(entry)
    _make_way(hass, issue_id, key)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "about": about},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders={"car": car, "account": entry.title},
    )


@callback
def async_key_wanted(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, vin: str, car: str
) -> None:
    """Somebody wants to see the way to the virtual key, whether it is missing or not."""
    issue_id = key_issue_id(entry, vin)
    if is_key_not_paired(hass, entry, vin):
        ir.async_ignore_issue(hass, DOMAIN, issue_id, ignore=False)
    else:
        _key_issue(hass, entry, vin, car, "key_wanted")


@callback
def async_no_key(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """There is no command key, so no signed command can be sent: a new one has to be made."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        no_key_issue_id(entry),
        data={"entry_id": entry.entry_id},
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key="no_key",
        translation_placeholders={"account": entry.title},
    )


@callback
def async_clear_no_key(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """There is one, or nobody needs it."""
    ir.async_delete_issue(hass, DOMAIN, no_key_issue_id(entry))


@callback
def async_left_behind(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, streaming: Collection[str]
) -> None:
    """The entry is gone, and some of it is out of our reach: key, permission, perhaps streams.

    Of an entry of the owner API it is the login alone.
    """
    cars = ", ".join(map(short_vin, streaming))
    key = f"{LEFT_BEHIND}_streams" if cars else LEFT_BEHIND
    if is_of_owner_api(entry):
        key = f"{LEFT_BEHIND}_owner"
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{LEFT_BEHIND}_{entry.entry_id}",
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders={"account": entry.title, "cars": cars or "-", "url": APPS_URL},
        learn_more_url=None if is_of_owner_api(entry) else APPS_URL,
    )


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
