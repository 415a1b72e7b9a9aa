"""What is written about the actions from their tables: services.yaml and docs/actions.md."""

import json
from typing import TYPE_CHECKING, Any, Final

from homeassistant.util import yaml

from custom_components.teslalogger.actions.reads import READS, Read
from custom_components.teslalogger.actions.sites import SITE_ACTIONS, SiteAction
from custom_components.teslalogger.actions.table import ACTIONS, Action
from custom_components.teslalogger.tesla.endpoints import ENDPOINTS
from custom_components.teslalogger.tesla.prices import PRICES

from .places import INTEGRATION, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custom_components.teslalogger.actions.model import Field

type Row = Action | Read | SiteAction

SERVICES: Final = INTEGRATION / "services.yaml"
PAGE: Final = ROOT / "docs" / "actions.md"
_CAR: Final[dict[str, Any]] = {
    "required": True,
    "selector": {"device": {"filter": [{"integration": "teslalogger"}]}},
}
_SITE: Final[dict[str, Any]] = {
    "required": True,
    "selector": {
        "device": {
            "filter": [
                {"integration": "teslalogger", "model": model}
                for model in ("Powerwall", "Solar", "Energy site")
            ]
        }
    },
}
_INTRODUCTION: Final = """\
# Actions

What a car or an energy site can be told or asked beside its entities. Every action takes one of
them as `device_id`. This page is written from the tables in
`custom_components/teslalogger/actions/` by `python -m scripts.workshop.action_pages`.

PINs are sent to the car and kept nowhere. Home Assistant itself notes in an automation's trace what
an action was called with.

## To tell

A command that is not known to be done is an error, and the error says why. On request the response
tells what became of it: `command`, `result`, `route` (signed or unsigned), `attempts` (how often
the command was sent), `requests` (everything that was sent for it), `seconds`, `cost_usd` and
`reason`.
"""
_READS: Final = """\
## To ask

Objects in the response are Tesla's own, in Tesla's names. `cost_usd` is what Tesla charges for the
question. None of these wakes a car.
"""
_SITES: Final = """\
## Energy sites

Objects in the response are Tesla's own here too, with energies in Wh and durations in seconds.
"""


def services_yaml() -> str:
    """The file from which Home Assistant draws the forms."""
    services = {row.name: {"fields": _fields(row)} for row in (*ACTIONS, *READS, *SITE_ACTIONS)}
    unshared: dict[str, Any] = json.loads(json.dumps(services))  # else YAML would use references
    return yaml.dump(unshared)


def _fields(row: Row) -> dict[str, Any]:
    device = _SITE if isinstance(row, SiteAction) else _CAR
    return {"device_id": device} | {field.name: _drawn(field) for field in row.fields}


def _drawn(field: Field) -> dict[str, Any]:
    drawn: dict[str, Any] = {"required": True} if field.required else {}
    if field.default is not None:
        drawn["default"] = field.default
    return drawn | {"selector": dict(field.selector)}


def page() -> str:
    """docs/actions.md."""
    texts = json.loads((INTEGRATION / "translations" / "en.json").read_text())
    lines = [_INTRODUCTION]
    for action in ACTIONS:
        lines += _section(action, texts["services"][action.name], _sent(action))
    lines.append(_READS)
    for read in READS:
        lines += _section(read, texts["services"][read.name], _cost(read))
    lines.append(_SITES)
    for site_action in SITE_ACTIONS:
        lines += _section(site_action, texts["services"][site_action.name], _cost(site_action))
    return "\n".join(lines)


def _sent(action: Action) -> str:
    if action.commands is None:
        return "Sends any command of the table in `vehicle/commands/`, by its REST name."
    return f"Sends {', '.join(f'`{command}`' for command in action.commands)}."


def _cost(row: Read | SiteAction) -> str:
    price = PRICES[ENDPOINTS[row.endpoint].price]
    return f"Costs US$ {price:g}." if price else "Costs nothing so far."


def _section(row: Row, texts: dict[str, Any], note: str) -> Iterator[str]:
    yield f"### teslalogger.{row.name}\n"
    yield f"{texts['description']} {note}\n"
    if not row.fields:
        return
    yield "| Field | |\n|---|---|"
    for field in row.fields:
        need = " Required." if field.required else ""
        options = f" One of {_quoted(field.options)}." if field.options else ""
        default = "" if need or field.default is None else f" Default: `{_shown(field.default)}`."
        said = texts["fields"][field.name]["description"]
        yield f"| `{field.name}` | {said}{need}{options}{default} |"
    yield ""


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _quoted(options: tuple[str, ...]) -> str:
    return ", ".join(f"`{option}`" for option in options)


def main() -> None:
    """Write both."""
    SERVICES.write_text(services_yaml())
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
