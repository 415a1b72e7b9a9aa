"""Kill Home Assistant again and again, and see whether it has kept what it promised."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
import time
from typing import TYPE_CHECKING, Final

from .home import Home
from .signals import WATCHED
from .street import CARS, PLACES, open_street

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from .street import Street

SET_UP: Final = 60.0
_LOOK: Final = 0.1


class Moment(StrEnum):
    """When it is killed."""

    STREAMING = "while cars stream"
    RETURNING = "while cars come back"
    STARTING = "while it starts"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How often it is killed, and how.

    Args:
        kills: of a fork of `hass`, whose imports were done before.
        whole: of the program `hass`, before those; cars come back by their own patience.
        mutant: what is broken in forks, one of `sabotage.MUTANTS`.
        patience: seconds in which everything that a car held has to be shown after it is back.
        journal: bytes from which forks write the journal anew, if not as many as for real.
        seed: of the moments.
        driving: seconds for which things happen before it is killed while cars stream.
        promised: whether it is then killed only once there is something to lose: something new of
            every car, and its alert, was acknowledged.
        moments: each with its weight.
    """

    kills: int
    whole: int = 0
    mutant: str | None = None
    patience: float = 30.0
    journal: int | None = None
    seed: int = 1
    driving: tuple[float, float] = (0.2, 2.5)
    promised: bool = False
    moments: dict[Moment, int] = field(
        default_factory=lambda: {
            Moment.STREAMING: 7,
            Moment.RETURNING: 2,
            Moment.STARTING: 1,
        }
    )


@dataclass(kw_only=True, slots=True)
class Report:
    """What came of it; what must not be is in words.

    `held` are the changes that cars still had to tell when Home Assistant was killed and while it
    was gone, `arrived` those of them that were looked for afterwards. `alerts` were acknowledged
    before a kill and told again after it. `shown_again` counts values that were shown, died with
    their process before they were on the disk, and came once more.
    """

    kills: Counter[Moment] = field(default_factory=Counter)
    whole: int = 0
    records: int = 0
    acked: int = 0
    held: int = 0
    arrived: int = 0
    promises: int = 0
    alerts: int = 0
    shown: int = 0
    shown_again: int = 0
    journaled: int = 0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """A household whose cars stream, with nobody at home."""

    home: Home
    street: Street


@asynccontextmanager
async def open_stage(folder: Path, seed: int = 1) -> AsyncIterator[Stage]:
    """Set everything up in an empty folder, through the integration's own flows.

    `seed` is of what happens to the cars. Raises TimeoutError if they do not stream.
    """
    home = Home(folder=folder)
    try:
        async with open_street(home.port, seed) as street:
            street.keep_awake()
            await asyncio.to_thread(home.meet, street.url)
            home.begin(whole=True)
            await home.wait()
            await asyncio.to_thread(home.set_up, CARS)
            await _until(lambda: asyncio.to_thread(home.find_entities))
            await asyncio.to_thread(home.stream)
            await street.settle()
            await _until(lambda: asyncio.to_thread(lambda: not differences(home, street)))
            await asyncio.to_thread(home.prepare_forks)
            street.close_cloud()
            await home.stop()
            await street.notice()
            yield Stage(home=home, street=street)
    finally:
        home.end()


async def _until(is_so: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SET_UP):
        while not await is_so():  # noqa: ASYNC110 - another process is asked
            await asyncio.sleep(_LOOK)


async def carry_out(stage: Stage, plan: Plan, tell: Callable[[str], None] = print) -> Report:
    """Kill as planned, and look once more at the end; nobody is at home again afterwards."""
    stage.home.mutant, stage.home.journal = plan.mutant, plan.journal
    return await _Trial(plan, stage, tell).carry_out()


def differences(home: Home, street: Street) -> list[str]:
    """What is shown otherwise than the cars are."""
    shown = home.shown()
    return [
        f"{_named((vin, name))} is {shown[vin, name]} instead of {known}"
        for vin, name in PLACES
        if shown[vin, name] != (known := WATCHED[name].known(street.world.cars[vin].state))
    ]


class _Trial:
    def __init__(self, plan: Plan, stage: Stage, tell: Callable[[str], None]) -> None:
        self._plan = plan
        self._name = f"alert {len(stage.home.lives())}"
        self._home = stage.home
        self._street = stage.street
        # Not the street's: how often those are thrown depends on how fast this machine is.
        self._dice = Random(plan.seed)  # noqa: S311 - the same moments each time
        self._tell = tell
        self._report = Report()
        self._held = 0
        self._alerts: set[str] = set()
        self._written: set[tuple[str, str, float]] = set()

    async def carry_out(self) -> Report:
        """Kill, look, and kill again."""
        plan, report = self._plan, self._report
        began, editions = time.monotonic(), self._street.editions
        diary, lives = self._street.diary, len(self._home.lives())
        sent, acked = len(diary.sent), len(diary.acked)
        self._written = set(self._readings())
        for number in range(plan.whole + plan.kills):
            is_whole = number < plan.whole
            moment = Moment.STREAMING if is_whole else self._moment()
            await self._live_and_die(f"life {number + 1}", moment, is_whole=is_whole)
            report.kills[moment] += 1
            report.whole += is_whole
            self._tell(f"{number + 1} kills, {moment}, {self._street.held} changes held")
        await self._return("last life", is_whole=False)
        await self._come_back("last life")
        await self._home.kill()
        await self._street.notice()
        report.seconds = time.monotonic() - began
        report.records, report.acked = len(diary.sent) - sent, len(diary.acked) - acked
        if self._street.editions != editions:
            report.broken.append("cars were given another configuration, and told all anew")
        self._count_shown(lives)
        self._count_raised()
        return report

    def _moment(self) -> Moment:
        moments = self._plan.moments
        return self._dice.choices(list(moments), weights=list(moments.values()))[0]

    async def _live_and_die(self, life: str, moment: Moment, *, is_whole: bool) -> None:
        street, warned = self._street, frozenset[str]()
        if moment is Moment.STARTING:
            self._home.begin()
            await asyncio.sleep(self._dice.uniform(0.0, 0.5))
        else:
            await self._return(life, is_whole=is_whole)
            street.reach(home=True)
            if moment is Moment.STREAMING:
                await self._come_back(life)
                promised, warned = street.promised, street.warn(f"{self._name} {life}")
                await street.change_for(self._dice.uniform(*self._plan.driving))
                if self._plan.promised:
                    await street.be_promised(promised, warned)
            else:
                await street.change_for(self._dice.uniform(0.0, 1.5))
        await self._home.kill()
        await street.notice()
        self._alerts |= warned & street.diary.begun
        street.calm()
        if not is_whole:
            street.reach(home=False)
        street.drive()
        for _ in range(self._dice.randrange(1, 4)):
            street.change()
        self._held = street.held
        self._report.held += self._held
        self._read_journal(life)

    async def _return(self, life: str, *, is_whole: bool) -> None:
        """Start; what was promised is known, and of a fork before any car can tell it again."""
        street = self._street
        street.keep_awake()
        street.reach(home=is_whole)
        self._home.begin(whole=is_whole)
        await self._home.wait()
        shown = await asyncio.to_thread(self._home.shown)
        for place in PLACES:
            if not street.diary.has_promise(place):
                continue
            self._report.promises += 1
            if shown[place] not in street.diary.allowed(place):
                self._report.broken.append(
                    f"{life}: {_named(place)} is {shown[place]}, though the car was promised"
                    f" one of {sorted(street.diary.allowed(place))[:5]}"
                )

    async def _come_back(self, life: str) -> None:
        promised = self._street.promised
        self._street.reach(home=True)
        if self._held:
            with suppress(TimeoutError):  # what is missing then is told in words
                await self._street.be_promised(promised, frozenset())
        self._report.arrived += self._held
        self._held = 0
        await self._catch_up(life)

    async def _catch_up(self, life: str) -> None:
        """Wait until all that the cars are is shown; what is not counts as lost."""
        end = time.monotonic() + self._plan.patience
        while wrong := [
            *await asyncio.to_thread(differences, self._home, self._street),
            *(
                f"{name} could not be told again"
                for name in self._alerts - self._street.diary.ended
            ),
        ]:
            if time.monotonic() > end:
                self._report.lost.extend(f"{life}: {difference}" for difference in wrong)
                return
            await asyncio.sleep(_LOOK)

    def _read_journal(self, life: str) -> None:
        """A reading, known by its car's own time, is written once.

        Unless the journal is written anew: then what waits to be written may be in it already.
        """
        seen = Counter(self._readings())
        if self._plan.journal is not None:
            seen = Counter(seen.keys())
        self._report.twice.extend(
            f"{life}: {signal} of {vin[-6:]} stands {times} times in the journal"
            for (vin, signal, _), times in seen.items()
            if times > 1
        )
        self._report.journaled += len(seen.keys() - self._written)
        self._written |= seen.keys()

    def _readings(self) -> list[tuple[str, str, float]]:
        """VIN, signal and the car's own time of every reading in the journal."""
        return [
            (vin, signal, entry[1])
            for vin, told in self._home.journal_lines()
            for signal, entry in told.items()
        ]

    def _count_shown(self, begin: int) -> None:
        """A value that only grows is never shown again by a process that has known it before."""
        report = self._report
        shown: Counter[tuple[tuple[str, str], object]] = Counter()
        for number, life in enumerate(self._home.lives()[begin:], start=1):
            newest: dict[tuple[str, str], float] = {}
            for place, before, after in life:
                if not WATCHED[place[1]].grows or after is None:
                    continue
                known = newest.get(place, -1.0)
                if before is not None and after != before:
                    report.shown += 1
                    shown[place, after] += 1
                    if after <= known:
                        report.twice.append(
                            f"life {number}: {_named(place)} {after} was shown after {known:.0f}"
                        )
                newest[place] = max(known, after)
        report.shown_again = sum(times - 1 for times in shown.values())

    def _count_raised(self) -> None:
        """An alert that was acknowledged is raised once, though it was told again after a kill."""
        raised, report = Counter(self._home.raised()), self._report
        report.alerts = len(self._alerts)
        report.lost.extend(f"{name} was not raised" for name in self._alerts - raised.keys())
        report.twice.extend(
            f"{name} was raised {raised[name]} times" for name in self._alerts if raised[name] > 1
        )


def _named(place: tuple[str, str]) -> str:
    vin, name = place
    return f"{name} of {vin[-6:]}"
