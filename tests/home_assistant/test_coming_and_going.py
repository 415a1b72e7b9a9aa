"""Cars and sites that come and go while Home Assistant runs: the real way, from Tesla's list on."""

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.teslalogger.account import INTERVAL, MISSING_BEFORE_GONE
from custom_components.teslalogger.const import DOMAIN
from simulator.clock import Clock
from simulator.energy.data import CONNECTOR
from simulator.garage import ANVIL, LIGHTHOUSE, YUKI, standard_world

from .everything import everything
from .running import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from freezegun.api import FrozenDateTimeFactory

    from simulator.world import World

    from .everything import Shown
    from .live import Live, StartLive

LIST: Final = INTERVAL + timedelta(seconds=1)
MINUTE: Final = timedelta(seconds=61)

# Who comes and goes, with what belongs to it.
WHO: Final = {
    "car": (ANVIL, frozenset({ANVIL})),
    "site": (LIGHTHOUSE, frozenset({LIGHTHOUSE, CONNECTOR})),
}


@pytest.fixture
def world(freezer: FrozenDateTimeFactory) -> World:
    """A car and a house, to which others come."""
    freezer.move_to(NOW)
    world = standard_world(clock=Clock(0, start=datetime.fromisoformat(NOW).timestamp()))
    for vin in world.cars.keys() - {YUKI, ANVIL}:
        del world.cars[vin]
    world.preapproved &= world.cars.keys()
    return world


async def ask(live: Live) -> Shown:
    """What there is once the list was read, and everybody on it has answered."""
    await live.pass_time(LIST)
    await live.pass_time(MINUTE)
    for vin, car in live.world.cars.items():
        car.wake_now()
        await live.look_at(vin)
    return everything(live.hass, live.entry)


def leave(world: World, name: str) -> Callable[[], None]:
    """Out of the account; who calls what comes back takes it in again."""
    world.preapproved.discard(name)
    if name in world.cars:
        return partial(world.cars.__setitem__, name, world.cars.pop(name))
    return partial(world.sites.__setitem__, name, world.sites.pop(name))


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize("kind", WHO)
async def test_what_comes_brings_every_entity_and_what_goes_takes_them_along(
    start_live: StartLive, world: World, kind: str
) -> None:
    """On every platform, without a restart; and the others are left alone."""
    name, devices = WHO[kind]
    join = leave(world, name)
    live = await start_live()
    before = await ask(live)
    assert before.keys() == {YUKI, ANVIL, LIGHTHOUSE, CONNECTOR} - devices

    join()
    after = await ask(live)

    assert after.keys() == before.keys() | devices
    assert all(after[other].rows == before[other].rows for other in before)
    await live.restart()
    restarted = await ask(live)
    assert {device: shown.rows for device, shown in restarted.items()} == {
        device: shown.rows for device, shown in after.items()
    }, "all of it was there without a restart"

    join = leave(world, name)
    for _ in range(MISSING_BEFORE_GONE - 1):
        assert (await ask(live)).keys() == after.keys()
    gone = await ask(live)

    assert {device: shown.rows for device, shown in gone.items()} == {
        device: shown.rows for device, shown in before.items()
    }
    assert not entities(live, devices)
    join()
    again = await ask(live)
    assert again.keys() == after.keys()
    assert all(again[device].rows == after[device].rows for device in devices)


def entities(live: Live, devices: frozenset[str]) -> set[str]:
    """What the registries and the states still hold of them."""
    registered = er.async_entries_for_config_entry(er.async_get(live.hass), live.entry.entry_id)
    owned = {
        row.entity_id
        for row in registered
        if any(f"_{device}_" in row.unique_id for device in devices)
    }
    shown = {
        state.entity_id
        for state in live.hass.states.async_all()
        if state.entity_id not in {row.entity_id for row in registered}
        and state.entity_id.partition(".")[2].startswith(("anvil_", "lighthouse_", "wall_"))
    }
    known = {
        identifier
        for device in dr.async_entries_for_config_entry(
            dr.async_get(live.hass), live.entry.entry_id
        )
        for domain, identifier in device.identifiers
        if domain == DOMAIN and identifier in devices
    }
    return owned | shown | known
