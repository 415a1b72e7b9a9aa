"""Breaks the integration on purpose, to find out whether anybody notices.

It is done before Home Assistant starts: once it does, nobody knows what is set up first. And it is
never undone: the process is killed.
"""

import asyncio
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from custom_components.teslalogger.streaming import journal as journals
from custom_components.teslalogger.streaming.entry import StreamingCar
from custom_components.teslalogger.streaming.journal import StreamJournal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def sabotage(mutant: str | None, journal: int | None) -> None:
    """Be one of the `MUTANTS`; write the journal anew from so many bytes."""
    if mutant is not None:
        MUTANTS[mutant]()
    if journal is not None:
        patch.multiple(journals, MAX_SIZE=journal, GROWTH=0).start()


def _acknowledge_at_once() -> None:
    """Cars are told that it is safe before the disk gets anything, which is once a minute."""
    patch.object(journals, "COMMIT_AFTER", 60.0).start()  # as rarely as the file of states
    add = StreamJournal.async_add

    def hasty(
        self: StreamJournal, vin: str, *records: Mapping[str, Any], **more: Any
    ) -> asyncio.Future[None]:
        add(self, vin, *records, **more)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    patch.object(StreamJournal, "async_add", hasty).start()


def _apply_twice() -> None:
    """What the journal holds is applied once more when a car is back, whatever came meanwhile."""
    load, take = StreamJournal.async_load, StreamingCar.async_records
    loaded: dict[str, Any] = {}

    async def remember(self: StreamJournal) -> dict[str, Any]:
        loaded.update(await load(self))
        return dict(loaded)

    def again(self: StreamingCar, records: Any) -> Any:
        safe = take(self, records)
        car = self.stream.car
        old = loaded.get(car.vin)
        # What is sent again reads as what is known: only a car that went on shows the difference.
        if old and "odometer" in old and car.value("odometer") != old.value("odometer"):
            car.async_tell_concerned()
            del loaded[car.vin]
            # Shown and no more: what the state keeps is written to the journal.
            for reading in (old.readings["odometer"], car.data.readings["odometer"]):
                car.data._readings["odometer"] = reading
                car._changed.add("odometer")
                car.async_tell_concerned()
        return safe

    patch.object(StreamJournal, "async_load", remember).start()
    patch.object(StreamingCar, "async_records", again).start()


MUTANTS: Final[Mapping[str, Callable[[], None]]] = {
    "acknowledges at once": _acknowledge_at_once,
    "applies twice": _apply_twice,
}
