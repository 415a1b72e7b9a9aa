"""What is written about the entities from their tables: docs/entities.md."""

from itertools import groupby
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from custom_components.teslalogger.entity import CarRow, always
from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle import COMMANDS, SIGNALS

from .places import INTEGRATION, ROOT
from .tables import entity_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .tables import EntityRow

PAGE: Final = ROOT / "docs" / "entities.md"
_TEXTS: Final = Path(__file__).with_name("entities.txt")
_MANY: Final = 14
"""States that are listed; of more, the first ones are enough."""

_SUBJECTS: Final = {
    "battery": "Battery",
    "charging": "Charging",
    "driving": "Driving",
    "climate": "Climate",
    "body": "Body",
    "powertrain": "Powertrain",
    "system": "The car itself",
}
_PLATFORMS: Final = {
    "binary_sensor": "Binary sensors",
    "button": "Buttons",
    "calendar": "Calendars",
    "climate": "Climate",
    "cover": "Covers",
    "device_tracker": "Places",
    "event": "Events",
    "image": "Image",
    "lock": "Locks",
    "media_player": "Media player",
    "number": "Numbers",
    "select": "Selects",
    "sensor": "Sensors",
    "switch": "Switches",
    "text": "Text",
    "time": "Times",
    "update": "Update",
}
_TO_PRESS: Final = (
    *("climate", "number", "select", "cover", "switch", "lock", "button", "media_player"),
    *("text", "time", "calendar", "update"),
)


def page() -> str:
    """docs/entities.md: the texts, with a table in place of each line in braces."""
    texts = json.loads((INTEGRATION / "translations" / "en.json").read_text())["entity"]
    rows = [row for row in entity_rows() if row.platform in _PLATFORMS]
    cars = [row for row in rows if isinstance(row.description, CarRow)]
    sites = [row for row in rows if not isinstance(row.description, CarRow)]
    pressed = [row for row in cars if row.platform in _TO_PRESS]
    read = [row for row in cars if row.platform not in _TO_PRESS]
    tables = {
        "{to press}": _platforms(pressed, texts, _TO_PRESS),
        "{to read}": _platforms(
            read, texts, ("device_tracker", "event", "image", "binary_sensor", "sensor")
        ),
        "{sites}": _platforms(sites, texts, tuple(_PLATFORMS)),
    }
    lines: list[str] = []
    for line in _TEXTS.read_text().splitlines():
        lines += tables.get(line, [line])
    return "\n".join(lines) + "\n"


def _platforms(
    rows: Iterable[EntityRow], texts: dict[str, Any], platforms: tuple[str, ...]
) -> list[str]:
    """A table for each platform that has rows, and for each subject of the cars' sensors."""
    lines: list[str] = []
    by_platform = {
        platform: list(found)
        for platform, found in groupby(
            sorted(rows, key=lambda row: row.platform), lambda row: row.platform
        )
    }
    for platform in platforms:
        found = by_platform.get(platform, [])
        if platform == "sensor" and any(row.subject in _SUBJECTS for row in found):
            for subject, title in _SUBJECTS.items():
                of_it = [row for row in found if row.subject == subject]
                lines += _table(f"Sensors: {title.lower()}", of_it, texts)
            found = [row for row in found if row.subject not in _SUBJECTS]
            lines += _table("Sensors: what the integration knows by itself", found, texts)
        else:
            lines += _table(_PLATFORMS[platform], found, texts)
    return lines


def _table(title: str, rows: list[EntityRow], texts: dict[str, Any]) -> Iterator[str]:
    if not rows:
        return
    yield f"### {title}"
    yield ""
    yield "| Name | Shows or sends | Told by | Exists |"
    yield "|---|---|---|---|"
    yield from sorted((_line(row, texts) for row in rows), key=str.casefold)
    yield ""


def _line(row: EntityRow, texts: dict[str, Any]) -> str:
    text = texts[row.platform][row.description.translation_key or row.key]
    star = "" if row.description.entity_registry_enabled_default else "\\*"
    cells = (f"{text['name']}{star}", _content(row, text), _sources(row), _condition(row))
    return f"| {' | '.join(cells)} |"


def _content(row: EntityRow, text: dict[str, Any]) -> str:
    """Its unit, or its states in words, and the commands that it sends."""
    description = row.description
    unit = getattr(description, "native_unit_of_measurement", None)
    states = list(text.get("state", {}).values())
    shown = ", ".join(states[:_MANY]) + (" and more" if len(states) > _MANY else "")
    sent = ", ".join(f"`{command}`" for command in sorted(row.commands))
    return "; ".join(part for part in (unit or shown, sent) if part)


def _sources(row: EntityRow) -> str:
    """Whether it is asked for, streamed, or both."""
    if not isinstance(row.description, CarRow):
        return "poll"
    signals = [SIGNALS[signal] for signal in row.signals if signal in SIGNALS]
    sources = [
        name
        for name, is_so in (
            ("poll", any(signal.path for signal in signals)),
            ("stream", any(signal.telemetry for signal in signals)),
        )
        if is_so
    ]
    return ", ".join(sources)


def _condition(row: EntityRow) -> str:
    """Where it is there: everywhere, where the car has the thing, where the login allows it."""
    description = row.description
    scopes = sorted({scope.value for name in row.commands for scope in _scopes(name)})
    if row.platform == "device_tracker":
        scopes = [Scope.VEHICLE_LOCATION.value]
    parts = []
    if isinstance(description, CarRow) and description.has_fn is not always:
        parts.append("where the car has it")
    elif not isinstance(description, CarRow) and row.signals:
        parts.append("where the site has it")
    if scopes:
        parts.append(f"with {' or '.join(f'`{scope}`' for scope in scopes)}")
    return ", ".join(parts)


def _scopes(name: str) -> frozenset[Scope]:
    return COMMANDS[name].scopes if name in COMMANDS else frozenset({Scope.ENERGY_CMDS})


def main() -> None:
    """Write it."""
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
