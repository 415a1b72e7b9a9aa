"""Of many values few are sent, and the last one always."""

import asyncio
from collections import Counter
import heapq
import itertools
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.vehicle.coalescing import (
    CALM,
    FIRST_PAUSE,
    LONGEST_PAUSE,
    Coalescer,
)

ENOUGH: Final = 20  # turns of the event loop until everybody has reacted


class Time:
    """Time that passes only when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._numbers = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        """Monotonic seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Wait for the time."""
        alarm = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, next(self._numbers), alarm))
        await alarm

    async def pass_by(self, seconds: float) -> None:
        """Let time pass, and everything happen in its order."""
        until = self.now + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= until:
            self.now, _, alarm = heapq.heappop(self._sleepers)
            if not alarm.done():
                alarm.set_result(None)
            await settle()
        self.now = until


class Car:
    """Takes values; each takes a while, and some are refused."""

    def __init__(self, time: Time, *, takes: float = 0.0) -> None:
        self.time = time
        self.takes = takes
        self.began: list[tuple[float, int]] = []
        self.done: list[int] = []
        self.under_way: Counter[str] = Counter()
        self.refused: set[int] = set()

    async def send(self, value: int) -> None:
        """Take a value."""
        self.under_way["now"] += 1
        assert self.under_way["now"] == 1, "never two at a time"
        self.began.append((self.time.now - 1000.0, value))
        try:
            if self.takes:
                await self.time.sleep(self.takes)
            if value in self.refused:
                msg = f"refused {value}"
                raise ValueError(msg)
            self.done.append(value)
        finally:
            self.under_way["now"] -= 1


async def settle() -> None:
    """Let everybody react."""
    for _ in range(ENOUGH):
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> Time:
    """Time in the hands of the test."""
    return Time()


@pytest.fixture
def car(clock: Time) -> Car:
    """A car that obeys at once."""
    return Car(clock)


@pytest.fixture
def coalescer(clock: Time, car: Car) -> Coalescer[int]:
    """What is tested."""
    return Coalescer(car.send, clock=clock, sleep=clock.sleep)


async def test_one_value_goes_at_once(clock: Time, car: Car, coalescer: Coalescer[int]) -> None:
    """Whoever moves a slider once waits for nothing."""
    await coalescer.submit(16)

    assert car.began == [(0.0, 16)]
    assert clock.now == 1000.0


async def test_of_a_thousand_values_in_ten_minutes_few_are_sent(
    clock: Time, car: Car, coalescer: Coalescer[int]
) -> None:
    """The first at once, the last at the end, and in between ever less often."""
    calls = []
    for value in range(1000):
        calls.append(asyncio.create_task(coalescer.submit(value)))
        await clock.pass_by(0.6)
    await clock.pass_by(LONGEST_PAUSE)

    await asyncio.gather(*calls)
    assert car.began[0] == (0.0, 0)
    assert car.done[-1] == 999
    assert len(car.done) == 15
    pauses = [after - before for (before, _), (after, _) in itertools.pairwise(car.began)]
    assert pauses == pytest.approx([2, 4, 8, 16, 32, *[60] * 9])


async def test_replaced_values_return_at_once_and_without_error(
    clock: Time, car: Car, coalescer: Coalescer[int]
) -> None:
    """Nobody waits for what will not be sent."""
    await coalescer.submit(1)
    replaced = asyncio.create_task(coalescer.submit(2))
    await settle()
    assert not replaced.done()

    newest = asyncio.create_task(coalescer.submit(3))
    await settle()

    assert replaced.done()
    assert replaced.exception() is None
    assert not newest.done()
    await clock.pass_by(FIRST_PAUSE)
    await newest
    assert car.done == [1, 3]


async def test_error_reaches_the_caller_whose_value_was_sent(
    clock: Time, car: Car, coalescer: Coalescer[int]
) -> None:
    """And no other; the next value is sent all the same."""
    car.takes = 1.0
    car.refused = {1}
    first = asyncio.create_task(coalescer.submit(1))
    second = asyncio.create_task(coalescer.submit(2))
    third = asyncio.create_task(coalescer.submit(3))
    await clock.pass_by(0)
    car.refused = {3}
    await clock.pass_by(1.5)
    fourth = asyncio.create_task(coalescer.submit(4))
    await clock.pass_by(10)

    results = await asyncio.gather(first, second, third, fourth, return_exceptions=True)
    assert [str(result) for result in results] == ["None", "None", "refused 3", "None"]
    assert [value for _, value in car.began] == [3, 4]


async def test_value_waits_until_the_one_before_it_is_done(clock: Time, car: Car) -> None:
    """A car that has to wake up takes a minute and a half; nothing overtakes."""
    car.takes = 90.0
    coalescer = Coalescer(car.send, clock=clock, sleep=clock.sleep)
    first = asyncio.create_task(coalescer.submit(1))
    await settle()
    second = asyncio.create_task(coalescer.submit(2))
    await clock.pass_by(89)
    assert [value for _, value in car.began] == [1]

    await clock.pass_by(92)
    await asyncio.gather(first, second)

    assert car.began == [(0.0, 1), (90.0, 2)]


async def test_after_a_quiet_while_a_value_goes_at_once_again(
    clock: Time, car: Car, coalescer: Coalescer[int]
) -> None:
    """The pause does not stay long for ever."""
    for value in range(100):
        call = asyncio.create_task(coalescer.submit(value))
        await clock.pass_by(3)
    await clock.pass_by(LONGEST_PAUSE)
    await call
    await clock.pass_by(CALM)
    car.began.clear()
    now = clock.now - 1000.0

    await coalescer.submit(100)
    last = asyncio.create_task(coalescer.submit(101))
    await clock.pass_by(FIRST_PAUSE)
    await last

    assert car.began == [(now, 100), (now + FIRST_PAUSE, 101)]


async def test_caller_who_gives_up_does_not_take_the_value_back(
    clock: Time, car: Car, coalescer: Coalescer[int]
) -> None:
    """Those before it have been told that a newer one took their place."""
    await coalescer.submit(1)
    given_up = asyncio.create_task(coalescer.submit(2))
    await settle()
    given_up.cancel()

    await clock.pass_by(FIRST_PAUSE)

    assert car.done == [1, 2]


async def test_hurry_sends_what_waits(clock: Time, car: Car, coalescer: Coalescer[int]) -> None:
    """Before nobody can send any more; from then on there are no pauses."""
    await coalescer.submit(1)
    waiting = asyncio.create_task(coalescer.submit(2))
    await settle()

    coalescer.hurry()
    await waiting
    coalescer.hurry()
    await coalescer.submit(3)

    assert car.began == [(0.0, 1), (0.0, 2), (0.0, 3)]
    assert clock.now == 1000.0


@pytest.mark.parametrize("at", ["pause", "send"])
async def test_end_of_everything_leaves_no_caller_waiting(
    clock: Time, car: Car, coalescer: Coalescer[int], at: str
) -> None:
    """Whoever stops the work stops the wait."""
    if at == "pause":
        await coalescer.submit(1)
    else:
        car.takes = 5.0
    waiting = asyncio.create_task(coalescer.submit(2))
    await clock.pass_by(0)
    assert coalescer._worker is not None
    coalescer._worker.cancel()
    await settle()

    assert waiting.cancelled()
    car.takes = 0.0
    await clock.pass_by(FIRST_PAUSE)
    await coalescer.submit(3)
    assert car.done[-1] == 3


@given(
    steps=st.lists(st.tuples(st.floats(0, 200), st.booleans()), min_size=1, max_size=40),
    takes=st.sampled_from([0.0, 0.5, 7.0, 90.0]),
)
def test_the_last_value_is_always_the_last_one_sent(
    steps: list[tuple[float, bool]], takes: float
) -> None:
    """Whatever comes when, however slow the car is, and whatever it refuses."""

    async def run() -> None:
        clock = Time()
        car = Car(clock, takes=takes)
        coalescer = Coalescer(car.send, clock=clock, sleep=clock.sleep)
        calls = []
        for value, (wait, is_refused) in enumerate(steps):
            if is_refused:
                car.refused.add(value)
            calls.append(asyncio.create_task(coalescer.submit(value)))
            await clock.pass_by(wait)
        await clock.pass_by(LONGEST_PAUSE + 2 * takes)

        results = await asyncio.gather(*calls, return_exceptions=True)
        sent = [value for _, value in car.began]
        assert sent[-1] == len(steps) - 1
        assert sent == sorted(set(sent))
        failed = {value for value, result in enumerate(results) if result is not None}
        assert failed == car.refused & set(sent)
        times = [moment for moment, _ in car.began]
        quick = [b - a for a, b in itertools.pairwise(times) if b - a < FIRST_PAUSE - 1e-6]
        assert not quick

    asyncio.run(run())
