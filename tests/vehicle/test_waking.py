"""Waking: one wake-up, however many wait for it."""

import asyncio

import pytest

from custom_components.teslalogger.tesla.errors import (
    AnswerLost,
    InService,
    NotSent,
    RateLimited,
    TeslaError,
    VehicleUnavailable,
)
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


async def test_a_car_that_was_unavailable_is_not_believed_awake_at_once(
    clock: Clock, cloud: Cloud
) -> None:
    """Tesla's list goes on saying "online" for minutes after a car fell asleep."""
    waker = Waker(vin=VIN, transport=cloud, clock=clock, sleep=clock.sleep)
    await waker.wake(Tally())
    assert clock.naps == []
    await waker.wake(Tally(), was_unavailable=True)
    assert clock.naps == [8.0]


@pytest.mark.parametrize("error", [RateLimited, InService])
@pytest.mark.parametrize("question", ["wake_up", "vehicle"])
async def test_what_waiting_does_not_mend_is_said_at_once(
    clock: Clock,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    error: type[TeslaError],
    question: str,
) -> None:
    """Not a minute and a half later, as if the car did not wake."""

    async def refuse(vin: str) -> Availability:
        raise error(vin)

    monkeypatch.setattr(cloud, question, refuse)
    cloud.availability = Availability.ASLEEP
    began = clock()
    waker = Waker(vin=VIN, transport=cloud, clock=clock, sleep=clock.sleep)
    with pytest.raises(error):
        await waker.wake(Tally())
    assert clock() - began <= 2


@pytest.mark.parametrize("failures", [1, 2, 3])
async def test_a_wake_up_that_was_not_sent_is_sent_again_twice(
    clock: Clock, cloud: Cloud, *, failures: int
) -> None:
    """And what keeps it from being sent is told if it lasts."""
    left = failures

    def fail() -> Exception:
        nonlocal left
        left -= 1
        if left == 0:
            cloud.wake_error = None
        return NotSent()

    cloud.wake_error = fail
    tally = Tally()
    waker = Waker(vin=VIN, transport=cloud, clock=clock, sleep=clock.sleep)
    if failures > 2:
        with pytest.raises(NotSent):
            await waker.wake(tally)
        assert cloud.wakes == 0
    else:
        await waker.wake(tally)
        assert cloud.wakes == 1
    assert tally.requests == 3 if failures > 1 else 2


@pytest.mark.parametrize("error", [AnswerLost, VehicleUnavailable])
async def test_a_car_that_may_be_waking_is_waited_for(
    clock: Clock, cloud: Cloud, error: type[TeslaError]
) -> None:
    """Nobody knows yet, or it is not awake yet."""
    cloud.wake_error = error
    waker = Waker(vin=VIN, transport=cloud, clock=clock, sleep=clock.sleep)
    await waker.wake(Tally())
    assert clock.naps == [2.0]
