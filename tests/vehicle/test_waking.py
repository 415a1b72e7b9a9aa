"""Waking: one wake-up, however many wait for it."""

import asyncio

from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.vehicle.tally import Tally
from custom_components.teslalogger.vehicle.waking import Waker

from .doubles import VIN, Clock, Cloud


async def test_commands_that_wait_for_the_same_car_share_one_wake_up(
    clock: Clock, cloud: Cloud
) -> None:
    """Tesla charges for each."""
    cloud.availability = Availability.ASLEEP
    waker = Waker(vin=VIN, transport=cloud, clock=clock, sleep=clock.sleep)
    tallies = [Tally() for _ in range(3)]
    await asyncio.gather(*(waker.wake(tally) for tally in tallies))
    assert cloud.wakes == 1
    assert sum(tally.requests > 0 for tally in tallies) == 1


async def test_a_car_that_fell_asleep_again_is_woken_again(clock: Clock, cloud: Cloud) -> None:
    """Only those who waited are served by another's wake-up."""
    waker = Waker(vin=VIN, transport=cloud, clock=clock, sleep=clock.sleep)
    await waker.wake(Tally())
    await waker.wake(Tally())
    assert cloud.wakes == 2
