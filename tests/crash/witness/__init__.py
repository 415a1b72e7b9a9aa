"""An integration for the Home Assistant that is killed: writes down what is shown, when it is.

Each line is handed to the kernel at once, so that it outlives the process. It can also break the
integration on purpose, to find out whether anybody notices.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant, callback

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from homeassistant.core import Event, EventStateChangedData

DOMAIN: Final = "witness"
TOLD: Final = "shown.jsonl"
"""In the configuration folder: a null for each start, else [entity, state before, state].

Of an alert that is raised its name alone.
"""


async def async_setup(hass: HomeAssistant, config: Mapping[str, Any]) -> bool:
    """Watch `entities`; break the integration as the `mutant` says; resize the `journal`."""
    wanted = config[DOMAIN]
    for change in (MUTANTS.get(wanted.get("mutant")), _resize(wanted.get("journal"))):
        if change is not None:
            await hass.async_add_executor_job(change)
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


def _resize(size: int | None) -> Callable[[], None] | None:
    def resize() -> None:
        from custom_components.teslalogger.streaming import journal  # noqa: PLC0415 - only here

        journal.MAX_SIZE = size  # type: ignore[misc, assignment] # smaller than real

    return resize if size else None


# Receivers that break their promise


def _acknowledge_at_once() -> None:
    """Cars are told that it is safe before the disk gets anything, which is once a minute."""
    from custom_components.teslalogger.streaming import journal  # noqa: PLC0415
    from custom_components.teslalogger.streaming.journal import StreamJournal  # noqa: PLC0415

    journal.COMMIT_AFTER = 60.0  # type: ignore[misc] # as rarely as the file of states
    add = StreamJournal.async_add

    def hasty(
        self: StreamJournal, vin: str, readings: Mapping[str, Any], alerts: Any = None
    ) -> asyncio.Future[None]:
        add(self, vin, readings, alerts)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    StreamJournal.async_add = hasty  # type: ignore[method-assign]


def _apply_twice() -> None:
    """What the journal holds is applied once more when a car is back, whatever came meanwhile."""
    from custom_components.teslalogger.streaming.entry import StreamingCar  # noqa: PLC0415
    from custom_components.teslalogger.streaming.journal import StreamJournal  # noqa: PLC0415

    load, take = StreamJournal.async_load, StreamingCar.async_record
    loaded: dict[str, Any] = {}

    async def remember(self: StreamJournal) -> dict[str, Any]:
        loaded.update(await load(self))
        return dict(loaded)

    def again(self: StreamingCar, record: Any) -> Any:
        safe = take(self, record)
        car = self.stream.car
        old = loaded.get(car.vin)
        # What is sent again reads as what is known: only a car that went on shows the difference.
        if old and "odometer" in old and car.value("odometer") != old.value("odometer"):
            car.async_tell_concerned()
            del loaded[car.vin]
            car.data._readings["odometer"] = old.readings["odometer"]
            car._changed.add("odometer")
            car.async_tell_concerned()
        return safe

    StreamJournal.async_load = remember  # type: ignore[method-assign]
    StreamingCar.async_record = again  # type: ignore[method-assign]


MUTANTS: Final[Mapping[str | None, Callable[[], None]]] = {
    "acknowledges at once": _acknowledge_at_once,
    "applies twice": _apply_twice,
}
