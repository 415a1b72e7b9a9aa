"""An integration for the Home Assistant that is killed: writes down what is shown, when it is.

Each line is handed to the kernel at once, so that it outlives the process.
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant, callback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import Event, EventStateChangedData

DOMAIN: Final = "witness"
TOLD: Final = "shown.jsonl"
"""In the configuration folder: a null for each start, else [entity, state before, state].

Of an alert that is raised its name alone.
"""


async def async_setup(hass: HomeAssistant, config: Mapping[str, Any]) -> bool:
    """Watch `entities` and `alerts`."""
    wanted = config[DOMAIN]
    entities, alerts = frozenset(wanted["entities"]), frozenset(wanted["alerts"])
    book = await hass.async_add_executor_job(_open, Path(hass.config.path(TOLD)))
    os.write(book, b"null\n")

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] in entities:
            states = [
                state and state.state
                for state in (event.data["old_state"], event.data["new_state"])
            ]
            os.write(book, json.dumps([event.data["entity_id"], *states]).encode() + b"\n")
        elif event.data["entity_id"] in alerts and (name := _raised(event.data)):
            os.write(book, json.dumps(name).encode() + b"\n")

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    return True


def _raised(change: EventStateChangedData) -> str | None:
    """Which alert, unless an older one is shown again after a start."""
    old, new = change["old_state"], change["new_state"]
    if old is None or new is None or old.state == new.state:
        return None
    return new.attributes.get("alert")


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
