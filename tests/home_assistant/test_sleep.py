"""A car that sleeps is let sleep."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from simulator.garage import JUNIPER

if TYPE_CHECKING:
    from simulator.world import World

    from .live import Live, StartLive

STEP: Final = timedelta(minutes=5)
DAY: Final = timedelta(hours=24)


def put_to_sleep(world: World) -> None:
    """Let every car sleep."""
    for car in world.cars.values():
        car.fall_asleep()


async def test_sleeping_cars_are_let_sleep_for_a_day(start_live: StartLive, world: World) -> None:
    """No wake_up, no vehicle_data, no command: only state checks."""
    world.sites.clear()  # a house never sleeps
    live = await start_live()
    put_to_sleep(live.world)
    for vin in live.world.cars:
        await live.look_at(vin)
    live.world.ledger.clear()

    for _ in range(DAY // STEP):
        await live.pass_time(STEP)

    ledger = live.world.ledger
    asked = {entry.endpoint for entry in ledger.entries}
    assert asked <= {"vehicle", "products", "fleet_status", "oauth/token"}
    assert len(ledger.of("vehicle", JUNIPER)) > DAY // timedelta(hours=1)
    assert len(ledger.of("oauth/token")) > 1, "a login has to be renewed every eight hours"
    # Whether the key is in the cars is asked once a day, and may be billed.
    assert len(ledger.of("fleet_status")) <= 1
    assert ledger.cost == sum(entry.billed for entry in ledger.of("fleet_status"))
    assert {car.availability for car in live.world.cars.values()} == {"asleep"}
    assert live.state("sensor", JUNIPER, "availability").state == "asleep"


async def test_parked_car_that_was_awake_falls_asleep_under_our_eyes(live: Live) -> None:
    """Polling does not keep it awake."""
    car = live.world.cars[JUNIPER]
    car.wake_now()
    await live.look_at(JUNIPER)
    assert car.availability == "online"

    for _ in range(timedelta(hours=2) // STEP):
        await live.pass_time(STEP)

    assert car.availability == "asleep"
    assert not live.world.ledger.of("wake_up")
