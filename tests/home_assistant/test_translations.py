"""Conventions that nothing else holds: every name, message and action has its texts and icons."""

import ast
import json
from pathlib import Path
import re
from typing import TYPE_CHECKING, Any, Final

from homeassistant.util.yaml import load_yaml_dict
import pytest

from custom_components.teslalogger import issues
from custom_components.teslalogger.binary_sensor import BINARY_SENSORS
from custom_components.teslalogger.button import BUTTONS, HELPS
from custom_components.teslalogger.climate import CLIMATES, FAN_MODES, PRESETS
from custom_components.teslalogger.cover import COVERS
from custom_components.teslalogger.device_tracker import TRACKERS
from custom_components.teslalogger.energy.binary_sensor import (
    CONNECTOR_BINARY_SENSORS,
    SITE_BINARY_SENSORS,
)
from custom_components.teslalogger.energy.calendar import SITE_CALENDARS
from custom_components.teslalogger.energy.issues import SITE_SILENT
from custom_components.teslalogger.energy.number import SITE_NUMBERS
from custom_components.teslalogger.energy.select import SITE_SELECTS
from custom_components.teslalogger.energy.sensor import CONNECTOR_SENSORS, SITE_SENSORS
from custom_components.teslalogger.energy.switch import SITE_SWITCHES
from custom_components.teslalogger.energy_site import TariffError
from custom_components.teslalogger.event import EVENTS
from custom_components.teslalogger.fleet_telemetry.eligibility import (
    CHECKS,
    Finding,
    Severity,
    Step,
)
from custom_components.teslalogger.fleet_telemetry.errors import (
    AuthoritiesUnreachable,
    DamagedAuthority,
    NoAuthorities,
    UselessFile,
)
from custom_components.teslalogger.image import IMAGES
from custom_components.teslalogger.lock import LOCKS
from custom_components.teslalogger.media_player import PLAYERS
from custom_components.teslalogger.number import NUMBERS
from custom_components.teslalogger.schedules.calendar import CALENDARS
from custom_components.teslalogger.schedules.switch import SCHEDULED_SWITCHES
from custom_components.teslalogger.select import SELECTS
from custom_components.teslalogger.sensor import SENSORS
from custom_components.teslalogger.streaming.identity import TelemetryIdentityError
from custom_components.teslalogger.streaming.mqtt import MqttProblem
from custom_components.teslalogger.switch import SWITCHES
from custom_components.teslalogger.tesla.catalogue import CATALOGUE
from custom_components.teslalogger.tesla.errors import TeslaError
from custom_components.teslalogger.tesla.public_key import PublicKeyProblem
from custom_components.teslalogger.text import TEXTS
from custom_components.teslalogger.time import TIMES
from custom_components.teslalogger.update import UPDATES
from custom_components.teslalogger.vehicle.commands import COMMANDS
from custom_components.teslalogger.vehicle.errors import VehicleError
from custom_components.teslalogger.vehicle.outcome import Result
from custom_components.teslalogger.vehicle_command.errors import VehicleCommandError
from custom_components.teslalogger.vehicle_command.faults import FAULTS
from custom_components.teslalogger.vehicle_command.replies import GENERIC_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custom_components.teslalogger.energy.entity import EnergyRow
    from custom_components.teslalogger.entity import CarRow

ROOT: Final = Path(__file__).parents[2] / "custom_components" / "teslalogger"
type RoomError = type[TeslaError | VehicleError | VehicleCommandError]

LANGUAGES: Final = ("en", "de")
ROWS: Final[dict[str, tuple[CarRow, ...]]] = {
    "binary_sensor": BINARY_SENSORS,
    "button": (*BUTTONS, *HELPS),
    "calendar": CALENDARS,
    "climate": CLIMATES,
    "cover": COVERS,
    "device_tracker": TRACKERS,
    "event": EVENTS,
    "image": IMAGES,
    "lock": LOCKS,
    "media_player": PLAYERS,
    "number": NUMBERS,
    "select": SELECTS,
    "sensor": SENSORS,
    "switch": (*SWITCHES, *SCHEDULED_SWITCHES),
    "text": TEXTS,
    "time": TIMES,
    "update": UPDATES,
}
SITE_ROWS: Final[dict[str, tuple[EnergyRow, ...]]] = {
    "binary_sensor": (*SITE_BINARY_SENSORS, *CONNECTOR_BINARY_SENSORS),
    "calendar": SITE_CALENDARS,
    "number": SITE_NUMBERS,
    "select": SITE_SELECTS,
    "sensor": (*SITE_SENSORS, *CONNECTOR_SENSORS),
    "switch": SITE_SWITCHES,
}
ALL_ROWS: Final[dict[str, tuple[CarRow | EnergyRow, ...]]] = {
    platform: (*ROWS.get(platform, ()), *SITE_ROWS.get(platform, ()))
    for platform in ROWS.keys() | SITE_ROWS.keys()
}
ICONS: Final[dict[str, Any]] = json.loads((ROOT / "icons.json").read_text())
OF_THE_IDENTITY: Final = {
    error.translation_key
    for error in (AuthoritiesUnreachable, DamagedAuthority, NoAuthorities, UselessFile)
}
"""What keeps the receiver from knowing who it is, or who a car is."""
SERVICES: Final = load_yaml_dict(str(ROOT / "services.yaml"))


def texts(language: str) -> dict[str, Any]:
    """All texts of a language."""
    loaded: dict[str, Any] = json.loads((ROOT / "translations" / f"{language}.json").read_text())
    return loaded


def subclasses(root: RoomError) -> Iterator[RoomError]:
    """A class and all that derive from it."""
    yield root
    for child in root.__subclasses__():
        yield from subclasses(child)


def keys_of_the_rooms() -> set[str]:
    """The translation keys of every error that can reach a person from the rooms.

    Problems with the public key are the config flow's to explain.
    """
    classes = {
        error.translation_key
        for root in (TeslaError, VehicleError, VehicleCommandError)
        for error in subclasses(root)
        if error.__module__.startswith("custom_components")
        and not issubclass(error, PublicKeyProblem)
    }
    return (
        classes
        | {row.translation_key for row in CATALOGUE}
        | {fault.translation_key for fault in FAULTS.values()}
        | {key for _, key in GENERIC_ERRORS.values()}
        | {f"command_{result}" for result in Result if result is not Result.DONE}
        | {error.translation_key for error in TariffError.__subclasses__()}
        | {row.refusal for row in (*SWITCHES, *LOCKS) if row.refusal}
    )


def keys_in_the_code() -> set[str]:
    """The literal translation keys of the errors that Home Assistant's modules raise."""
    keys = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not _raises(ast.unparse(node.func)):
                continue
            names = {"translation_key"}
            if ast.unparse(node.func) == TelemetryIdentityError.__name__:
                names |= {"key"}
            keys |= {
                keyword.value.value
                for keyword in node.keywords
                if keyword.arg in names
                and isinstance(keyword.value, ast.Constant)
                and isinstance(keyword.value.value, str)
            }
    return keys | OF_THE_IDENTITY


def keys_of_receiver_problems() -> set[str]:
    """Why nobody can stream to us: every problem of the receiver, and a choice that is none."""
    code = "".join((ROOT / f"streaming/{part}.py").read_text() for part in ("identity", "server"))
    return {
        *re.findall(r'key="(\w+)"', code),
        *OF_THE_IDENTITY,
        "telemetry_choice_invalid",
    }


def keys_of_findings() -> set[str]:
    """What keeps a car from streaming until somebody does something."""
    return {Finding.NOT_REACHED.translation_key, Finding.TURNED_AWAY.translation_key} | {
        check.finding.translation_key
        for check in CHECKS
        if check.severity is Severity.BLOCKS and check.step is not Step.NONE
    }


def _raises(function: str) -> bool:
    """Whether this makes an error: one of Home Assistant's, or the base of one of our own."""
    return "Error" in function or function == "super().__init__"


def placeholders_in(text: str) -> set[str]:
    """What a text wants to be filled with."""
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("platform", sorted(ALL_ROWS))
def test_every_entity_has_a_name(language: str, platform: str) -> None:
    """And no name is left over."""
    named = {key for key, text in texts(language)["entity"][platform].items() if text["name"]}

    assert named == {row.key for row in ALL_ROWS[platform]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_an_enumeration_has_a_word(language: str) -> None:
    """And no other."""
    words = texts(language)["entity"]["sensor"]

    for row in (*SENSORS, *SITE_SENSORS, *CONNECTOR_SENSORS):
        assert set(row.options or ()) == set(words[row.key].get("state", {})), row.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_and_mode_has_a_word(language: str) -> None:
    """And no other."""
    words = texts(language)["entity"]

    for row in SELECTS:
        assert set(row.orders) == set(words["select"][row.key]["state"]), row.key
    for site_row in SITE_SELECTS:
        assert set(site_row.options or ()) == set(words["select"][site_row.key]["state"])
    modes = words["climate"]["cabin"]["state_attributes"]
    assert set(PRESETS) == set(modes["preset_mode"]["state"])
    assert set(FAN_MODES) == set(modes["fan_mode"]["state"])


@pytest.mark.parametrize("platform", sorted(ALL_ROWS))
def test_every_entity_without_a_class_has_an_icon(platform: str) -> None:
    """The others get theirs from Home Assistant."""
    icons = ICONS["entity"].get(platform, {})
    rows = ALL_ROWS[platform]

    assert not [row.key for row in rows if not row.device_class and row.key not in icons]
    assert set(icons) <= {row.key for row in rows}


@pytest.mark.parametrize("platform", sorted(ALL_ROWS))
def test_no_two_rows_share_a_key(platform: str) -> None:
    """The key is part of the unique id."""
    keys = [row.key for row in ALL_ROWS[platform]]

    assert len(keys) == len(set(keys))


def test_every_command_of_a_row_exists() -> None:
    """In the table of commands."""
    commands = {command for rows in ROWS.values() for row in rows for command in row.commands}

    assert commands <= set(COMMANDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_its_text(language: str) -> None:
    """Whichever error reaches a person; and no text is left over."""
    translated = {key for key, text in texts(language)["exceptions"].items() if text["message"]}

    assert translated == keys_of_the_rooms() | keys_in_the_code()


OF_TESLA: Final = {"text", "status", "txid", "region", "retry_after", "endpoint", "scopes"}
OF_A_TARIFF: Final = {"where", "day", "season", "weekday", "time", "period"}
OF_A_COMMAND: Final = OF_TESLA | {"car", "command", "reason", "parameter", "scope", "fault"}
# Refusals of switches and locks say all by themselves; the rest is named by who knows it.
OF_THE_CODE: Final = {"file", "car", "site", "reason", "port", "hostname"}
OF_A_STREAM: Final = {"car", "hostname", "port", "listen_port", "url", "reason"}


def test_messages_need_only_what_they_get() -> None:
    """A placeholder that nobody fills would be shown as it is; a poll knows no command."""
    messages = texts("en")["exceptions"]
    tesla = {row.translation_key for row in CATALOGUE} | {
        error.translation_key
        for error in subclasses(TeslaError)
        if error.__module__.startswith("custom_components")
    }

    for key, text in messages.items():
        given = OF_TESLA if key in tesla else OF_A_COMMAND
        if key.startswith("tariff_"):
            given = OF_A_TARIFF
        if key in keys_in_the_code():
            given = OF_THE_CODE
        assert placeholders_in(text["message"]) <= given, key


ABOUT_KEYS: Final = (issues.KEY_NOT_PAIRED, "key_wanted")
ABOUT_OWNER_API: Final = (issues.OWNER_API_CLOSED, "owner_api_cannot_sign")
LEADING_TO_THE_DIALOG: Final = (*ABOUT_OWNER_API, "no_key")
ABOUT_LEAVING: Final = {
    issues.LEFT_BEHIND: {"url"},
    f"{issues.LEFT_BEHIND}_streams": {"url", "cars"},
    f"{issues.LEFT_BEHIND}_owner": {"account"},
}


def test_every_repair_has_its_texts() -> None:
    """Title, page, and every way in which the page can answer."""
    code = (ROOT / "repairs.py").read_text()
    for language in LANGUAGES:
        repairs = texts(language)["issues"]

        assert set(repairs) == {
            *(*ABOUT_KEYS, *LEADING_TO_THE_DIALOG, *ABOUT_LEAVING, SITE_SILENT, *MqttProblem),
            *keys_of_receiver_problems(),
            *keys_of_findings(),
        }
        for problem in MqttProblem:
            assert placeholders_in("".join(repairs[problem].values())) <= {"topic"}
        assert placeholders_in("".join(repairs[SITE_SILENT].values())) == {"site"}
        for key in ABOUT_KEYS:
            repair = repairs[key]
            assert placeholders_in(repair["title"]) == {"car"}
            flow = repair["fix_flow"]
            assert set(flow["abort"]) == {"not_loaded"}
            assert set(flow["error"]) == {"not_paired_yet", "no_answer"}
            assert all(f'"{error}"' in code for error in flow["error"])
            page = flow["step"]["pair"]
            assert placeholders_in(page["description"]) == {"car", "url"}
            assert set(page["data"]) == set(page["data_description"]) == {"qr_code"}
        for key in LEADING_TO_THE_DIALOG:
            flow = repairs[key]["fix_flow"]
            assert set(flow["abort"]) == {"go_on_there"}
            assert set(flow["step"]) == {"move"}
            assert placeholders_in("".join(flow["step"]["move"].values())) <= {"car", "account"}
        for key, needed in ABOUT_LEAVING.items():
            flow = repairs[key]["fix_flow"]
            assert set(flow["step"]) == {"confirm"}  # Home Assistant's own page
            assert placeholders_in(flow["step"]["confirm"]["description"]) == needed
        flows = [repair["fix_flow"] for repair in repairs.values() if "fix_flow" in repair]
        steps = {step for flow in flows for step in flow["step"]}
        assert steps - {"confirm"} == set(re.findall(r'step_id="(\w+)"', code))
        aborts = {reason for flow in flows for reason in flow.get("abort", {})}
        assert aborts == set(re.findall(r'reason="(\w+)"', code))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hindrance_of_a_stream_has_its_texts(language: str) -> None:
    """In the words of whoever can do something about it, with what is filled in there."""
    repairs = texts(language)["issues"]
    code = (ROOT / "repairs.py").read_text()
    for key in keys_of_findings():
        assert placeholders_in(repairs[key]["title"]) == {"car"}
        flow = repairs[key]["fix_flow"]
        assert set(flow["step"]) == {"check"}
        assert placeholders_in("".join(flow["step"]["check"].values())) <= OF_A_STREAM
        assert set(flow["error"]) == {"not_mended_yet", "no_answer"}
        assert all(f'"{error}"' in code for error in flow["error"])
        assert set(flow["abort"]) == {"not_loaded"}
    for key in keys_of_receiver_problems():
        needed = placeholders_in("".join(repairs[key].values()))
        assert needed <= {"reason", "file", "port", "hostname"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_the_system_has_a_name(language: str) -> None:
    """In the information that people paste into reports."""
    code = (ROOT / "system_health.py").read_text()

    assert set(texts(language)["system_health"]["info"]) == set(
        re.findall(r'^        "(\w+)":', code, re.MULTILINE)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_has_texts_and_an_icon(language: str) -> None:
    """For itself and for each of its fields."""
    services = texts(language)["services"]

    assert set(services) == set(SERVICES) == set(ICONS["services"])
    for name, service in SERVICES.items():
        assert services[name]["name"]
        assert services[name]["description"]
        assert set(services[name]["fields"]) == set(service["fields"])
        for field in services[name]["fields"].values():
            assert field["name"]
            assert field["description"]


def test_both_languages_say_the_same_things() -> None:
    """Same keys, same placeholders."""

    def flat(node: Any, path: str = "") -> Iterator[tuple[str, frozenset[str]]]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield from flat(value, f"{path}.{key}")
        else:
            yield path, frozenset(placeholders_in(node))

    assert dict(flat(texts("en"))) == dict(flat(texts("de")))
