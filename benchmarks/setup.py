"""Setting up twenty sleeping cars: ours beside Home Assistant's own tesla_fleet.

Both run in a real Home Assistant, with every entity enabled, against the same simulated cloud under
Tesla's own host names. They have run once while the cars were awake; then Home Assistant starts
again while all of them sleep. Ready is when the entry is loaded and its entities are there; done is
when what each side leaves to the background has ended, too. Requests are those until then.

Afterwards one car wakes up, warmer than before, and is asked once: how many states are written?

Run: python -m benchmarks.setup
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
import logging
from pathlib import Path
import platform
import statistics
import tempfile
import time
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import PropertyMock, patch

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import OWNER
from tests.interop.tesla_hosts import serve_as_tesla

from .stage import CARS, home_assistant, many_cars, our_entry, sign_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import Event

    from simulator.world import World

    from .stage import MakeConnector

ROUNDS: Final = 5
LATENCY: Final = 0.08
"""Seconds that every answer of the cloud takes, as over the internet."""
NO_VALUE: Final = {"unknown", "unavailable"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One integration: how its entry is made, and how a car of it is asked."""

    name: str
    make_entry: Callable[[HomeAssistant, World], Awaitable[MockConfigEntry]]
    ask: Callable[[ConfigEntry, str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """One start with sleeping cars."""

    ready: float
    done: float
    requests: Counter[str]
    entities: int
    with_value: int
    written: int


async def _ask_ours(entry: ConfigEntry, vin: str) -> None:
    await entry.runtime_data.cars[vin].async_refresh()


async def _their_entry(_hass: HomeAssistant, world: World) -> MockConfigEntry:
    answer = sign_in(world)
    return MockConfigEntry(
        entry_id="theirs",
        domain="tesla_fleet",
        unique_id=OWNER,
        data={
            "auth_implementation": "tesla_fleet",
            "token": answer | {"expires_at": time.time() + answer["expires_in"]},
        },
    )


async def _ask_theirs(entry: ConfigEntry, vin: str) -> None:
    (car,) = (car for car in entry.runtime_data.vehicles if car.vin == vin)
    await car.coordinator.async_refresh()


SIDES: Final = (
    Side(name="teslalogger", make_entry=our_entry, ask=_ask_ours),
    Side(name="tesla_fleet", make_entry=_their_entry, ask=_ask_theirs),
)


async def _load(hass: HomeAssistant, side: Side, world: World) -> MockConfigEntry:
    entry = await side.make_entry(hass, world)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def _prime(side: Side, world: World, folder: Path, make_connector: MakeConnector) -> None:
    """Run once while every car is awake, and ask each of them."""
    for car in world.cars.values():
        car.wake_now()
    async with home_assistant(folder, make_connector) as hass:
        entry = await _load(hass, side, world)
        for vin in world.cars:
            await side.ask(entry, vin)
        await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)


async def _start(side: Side, world: World, folder: Path, make_connector: MakeConnector) -> Start:
    """Start again while all sleep, then let one car wake up warmer."""
    for car in world.cars.values():
        car.fall_asleep()
    async with home_assistant(folder, make_connector) as hass:
        entry = await side.make_entry(hass, world)
        entry.add_to_hass(hass)
        world.ledger.clear()
        rule = FaultRule(kind=FaultKind.DELAY, delay=LATENCY, count=None)
        world.faults.add(rule)
        began = time.perf_counter()
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        ready = time.perf_counter() - began
        await hass.async_block_till_done(wait_background_tasks=True)
        done = time.perf_counter() - began
        world.faults.clear()
        requests = Counter(logged.endpoint for logged in world.ledger.entries)
        entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
        states = [hass.states.get(entity.entity_id) for entity in entities]
        written = await _count_writes(hass, side, world, entry)
        await hass.config_entries.async_unload(entry.entry_id)
    return Start(
        ready=ready,
        done=done,
        requests=requests,
        entities=len(entities),
        with_value=sum(state is not None and state.state not in NO_VALUE for state in states),
        written=written,
    )


async def _count_writes(hass: HomeAssistant, side: Side, world: World, entry: ConfigEntry) -> int:
    """States that are written when a car that is known tells that it is a little warmer."""
    vin, car = next((vin, car) for vin, car in world.cars.items() if vin.startswith("LRW3E7E"))
    car.wake_now()
    await side.ask(entry, vin)
    await hass.async_block_till_done()
    car.state.climate.inside += 1.0
    world.clock.advance(1)
    written = 0

    @callback
    def count(_event: Event[Any]) -> None:
        nonlocal written
        written += 1

    stops = [
        hass.bus.async_listen(kind, count, event_filter=_any_event)
        for kind in (EVENT_STATE_CHANGED, EVENT_STATE_REPORTED)
    ]
    await side.ask(entry, vin)
    await hass.async_block_till_done()
    for stop in stops:
        stop()
    return written


@callback
def _any_event(_data: Mapping[str, Any]) -> bool:
    return True


async def _measure(folder: Path) -> dict[str, list[Start]]:
    starts: dict[str, list[Start]] = {side.name: [] for side in SIDES}
    world = many_cars()
    (folder / "tls").mkdir()
    async with serve_as_tesla(world, folder / "tls") as make_connector:
        for side in SIDES:
            (folder / side.name).mkdir()
            await _prime(side, world, folder / side.name, make_connector)
        for _ in range(ROUNDS):
            for side in SIDES:
                starts[side.name].append(
                    await _start(side, world, folder / side.name, make_connector)
                )
    return starts


def main() -> int:
    """Measure, and print one line for each side."""
    logging.disable(logging.CRITICAL)
    enabled = patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock,
        return_value=True,
    )
    with tempfile.TemporaryDirectory() as folder, enabled:
        starts = asyncio.run(_measure(Path(folder)))
    print(f"{platform.machine()}, CPython {platform.python_version()}")
    print(f"{CARS} sleeping cars, {LATENCY * 1000:.0f} ms for each answer, median of {ROUNDS}")
    for name, each in starts.items():
        ready = statistics.median(start.ready for start in each)
        done = statistics.median(start.done for start in each)
        last = each[-1]
        print(
            f"{name:12} ready in {ready:6.2f} s, done in {done:6.2f} s, "
            f"{last.requests.total():3} requests, "
            f"{last.with_value:4} of {last.entities:4} entities with a value, "
            f"{last.written:3} states written for one change"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
