"""The simulated world on a busy day, and what Home Assistant shows of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from simulator.car import Car
from simulator.car.model import MODEL_S_2016
from simulator.car.state import Update
from simulator.clock import Clock
from simulator.energy.state import Connector
from simulator.garage import (
    ANVIL,
    FALCON,
    GUEST_S,
    JUNIPER,
    LIGHTHOUSE,
    OWNER,
    PEARL,
    YUKI,
    standard_world,
)

from .everything import everything
from .running import NOW

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory

    from simulator.world import World

    from .everything import Shown
    from .live import Live, StartLive

METHUSELAH: Final = "5YJSA1E20GF012351"
"""A 2016 Model S with a sunroof and without cameras, as nobody builds them any more."""

HOUR: Final = 3600.0
FIRST_MINUTE: Final = timedelta(seconds=61)


@pytest.fixture
def world(freezer: FrozenDateTimeFactory) -> World:
    """The standard world and one more car; it is always the same noon."""
    freezer.move_to(NOW)
    world = standard_world(clock=Clock(0, start=datetime.fromisoformat(NOW).timestamp()))
    world.cars[METHUSELAH] = Car(
        METHUSELAH,
        "Methuselah",
        model=MODEL_S_2016,
        clock=world.clock,
        owner=OWNER,
        protocol=False,
    )
    _keep_busy(world)
    return world


def _keep_busy(world: World) -> None:
    """Every car does something else."""
    falcon, methuselah = world.cars[FALCON].state, world.cars[METHUSELAH].state
    falcon.open_windows, falcon.open_trunks, falcon.tires["rl"] = {"fd"}, {"ft"}, 2.3
    falcon.charge.scheduled = 120
    methuselah.sun_roof = 15

    world.cars[JUNIPER].drive(40.0)
    world.cars[JUNIPER].state.stops = ["52.6219,13.4132"]
    world.cars[PEARL].plug_in("dc")
    world.cars[YUKI].plug_in("ac")
    world.sites[LIGHTHOUSE].state.connector = Connector(vin=YUKI, charging=True)

    anvil = world.cars[ANVIL].state
    anvil.climate.on, anvil.climate.seat_coolers[1], anvil.tonneau = True, 2, "open"
    anvil.update, anvil.update_in = Update(status="available", version="2026.40.1"), HOUR
    place = {"latitude": 52.5219, "longitude": 13.4132, "enabled": True, "one_time": False}
    daily = {**place, "days_of_week": ("MON", "TUES", "WED", "THURS", "FRI")}
    times = {"start_enabled": True, "start_time": 60, "end_enabled": True, "end_time": 360}
    anvil.charge.schedules[1] = {**daily, **times}
    anvil.charge.precondition_schedules[2] = {**daily, "precondition_time": 420}

    world.cars[GUEST_S].plug_in("ac")
    guest = world.cars[GUEST_S].state
    guest.charge.managed_in, guest.sentry_mode, guest.playing = 2 * HOUR, True, True
    guest.charge.departure = {"departure_time": 450, "preconditioning_enabled": True}


async def look_around(live: Live) -> Shown:
    """The devices once everybody, all of them awake, has been asked."""
    await live.pass_time(FIRST_MINUTE)
    for vin in live.world.cars:
        await live.look_at(vin)
    return everything(live.hass, live.entry)


@pytest.fixture(scope="module")
def seen() -> Shown:
    """What the first test of a module saw: a minute of six cars is not lived through for each."""
    return {}


@pytest.fixture
async def shown(seen: Shown, start_live: StartLive, everything_enabled: None) -> Shown:  # noqa: ARG001 - shows all
    """What the owner sees who allows everything."""
    if not seen:
        seen.update(await look_around(await start_live()))
    return seen
