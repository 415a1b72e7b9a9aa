"""A month of an ordinary car: what polling and streaming cost, and how old a dashboard is.

A simulated car lives thirty days (simulator/car/everyday.py) once for each way of asking it and
once for all presets of streaming, which do not disturb it. The bill is the simulator's; the
forecast beside it is the one that the dialog about streaming shows.

The age of a value counts while the car is awake. Who polls knows what the car was like at the last
answer. A streaming car would have told what has changed, so its value ages only from the moment
that the car has another one. The battery level counts in whole percents, as
cars show it, and a place within 50 m.

Run: python -m benchmarks.month [days] [--seed of the days]
"""

import argparse
from collections import Counter, defaultdict
from dataclasses import dataclass, field
import time
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.fleet_telemetry.configuration import Car as Wishes, build, fit
from custom_components.teslalogger.fleet_telemetry.field import possible_hardware
from custom_components.teslalogger.fleet_telemetry.forecast import (
    DAYS,
    Usage,
    forecast_streaming,
    to_pay,
)
from custom_components.teslalogger.fleet_telemetry.polling_costs import (
    PollingPace,
    forecast_polling,
)
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS
from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.tesla.prices import MONTHLY_DISCOUNT, PRICES, PriceClass
from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle import (
    Ask,
    PollingPolicy,
    Speeds,
    VehicleState,
    activity_of,
    endpoints_for,
    readings_from,
)
from simulator.car import physics
from simulator.car.everyday import DAY, Happening, ordinary_days
from simulator.clock import Clock
from simulator.cloud.ledger import Entry, Ledger, PriceClass as Billed
from simulator.garage import YUKI, standard_world
from simulator.telemetry import config, firmware, values
from simulator.telemetry.bundle import Bundler
from simulator.telemetry.certificates import CarAuthorities
from simulator.telemetry.look import look_at
from simulator.telemetry.samples import PLACE, REAL, metres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from custom_components.teslalogger.fleet_telemetry.presets import Choice
    from simulator.telemetry.samples import Sample
    from simulator.vehicle import Vehicle

MIDNIGHT: Final = 1_793_577_600.0
SEED: Final = 2
TICK: Final = 1.0
"""Seconds between two looks of a car at itself while it drives. Cars look twice a second, but no
interval is broken, and neither is what a simulated road does."""
STILL: Final = 5.0
"""The same while it stands, and nobody has touched it for a while."""
TOUCHED: Final = 10.0
NEAR: Final = 50.0
"""Metres within which a place on a map is right."""
LEVEL: Final = 68.0
"""Percent in the battery after a day without charging."""
WATCHED: Final[Mapping[str, str]] = {
    "battery": "BatteryLevel",
    "location": "Location",
    "doors": "DoorState",
}
_SCOPES: Final = frozenset(Scope)
_ENDPOINTS: Final = set(endpoints_for(_SCOPES))
PACES: Final[Mapping[str, Speeds]] = {
    "asking": Speeds(),
    "asking, fast": Speeds(state=30, driving=10, charging=60, attended=60),
    "asking, slow": Speeds(state=300, driving=300, charging=1800, attended=1800),
}


@dataclass(slots=True)
class Ages:
    """How many seconds a value was how old."""

    seconds: dict[int, float] = field(default_factory=dict)

    def add(self, age: float, lasted: float) -> None:
        """It was so old for so long."""
        self.seconds[int(age)] = self.seconds.get(int(age), 0.0) + lasted

    def quantile(self, share: float) -> int:
        """The age that is not exceeded in this share of the time."""
        wanted, passed = share * sum(self.seconds.values()), 0.0
        for age in sorted(self.seconds):
            passed += self.seconds[age]
            if passed >= wanted:
                return age
        return 0


@dataclass(kw_only=True, slots=True)
class Bill:
    """What a way of knowing the car came to; `count` are signals, or answers with data."""

    name: str
    forecast: Usage
    ledger: Ledger = field(default_factory=Ledger)
    ages: dict[str, Ages] = field(default_factory=lambda: {key: Ages() for key in WATCHED})

    @property
    def count(self) -> int:
        """What Tesla bills."""
        return self.ledger.counts()[Billed.SIGNAL] + self.ledger.count(Billed.DATA)


@dataclass(kw_only=True, slots=True)
class Life:
    """A car and what happens to it, from one moment that matters to the next."""

    days: int
    seed: int = SEED
    tick: float = TICK
    still: float = STILL
    clock: Clock = field(default_factory=lambda: Clock(0.0, start=MIDNIGHT))
    car: Vehicle = field(init=False)
    hours: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _happenings: Iterator[Happening] = field(init=False)
    _next: Happening | None = field(init=False)
    _touched: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.car = standard_world(clock=self.clock).cars[YUKI]
        self.car.fall_asleep()
        self.car.state.charge.energy = self.car.model.pack * LEVEL / 100.0
        self._happenings = ordinary_days(self.days, seed=self.seed)
        self._next = next(self._happenings)

    def moments(self, wanted: Callable[[float], float] | None = None) -> Iterator[float]:
        """The seconds that passed until each moment; `wanted` adds moments of its own."""
        end = MIDNIGHT + self.days * DAY
        while (now := self.clock.now()) < end:
            step = end - now
            if self._next is not None:
                step = min(step, MIDNIGHT + self._next.at - now)
            if wanted is not None:
                step = min(step, max(0.1, wanted(now)))
            step = min(step, self._pause())
            self.clock.advance(max(0.0, step))
            while self._next is not None and self._is_due(self._next):
                self._next.do(self.car)  # type: ignore[arg-type] # the garage has no other cars
                self._touched = self.clock.now()
                self._next = next(self._happenings, None)
            yield step

    def _is_due(self, happening: Happening) -> bool:
        return MIDNIGHT + happening.at <= self.clock.now() + 1e-6

    def _pause(self) -> float:
        if self.car.availability != "online":
            return DAY
        moves = self.phase == "driving" or self.clock.now() - self._touched < TOUCHED
        return self.tick if moves else self.still

    @property
    def phase(self) -> str:
        """What the car is at."""
        state = self.car.state
        if state.motion.trip is not None:
            return "driving"
        return "charging" if physics.charging_power(state, self.car.model) else "awake"


@dataclass(kw_only=True, slots=True)
class _Dashboard:
    """One preset: what the car sent of it, and when that was true last."""

    bundler: Bundler
    bill: Bill
    sent: Counter[str] = field(default_factory=Counter)
    _since: dict[str, float] = field(default_factory=dict)

    def tell(self, samples: Mapping[str, Sample], now: float, lasted: float) -> None:
        """The car is awake and has looked at itself."""
        self._count(self.bundler.changes(samples, now))
        for key, name in WATCHED.items():
            told = self.bundler.told(name)
            if told is not None and _is_true(told, samples[name]):
                self._since[key] = now
            self.bill.ages[key].add(now - self._since.setdefault(key, now), lasted)

    def say_goodbye(self) -> None:
        """The car falls asleep: some values are withdrawn, and the next time all are told."""
        told = {name: self.bundler.told(name) for name in values.SILENT_IN_SLEEP}
        self._count(
            [
                name
                for name, sample in told.items()
                if sample is not None and sample.content is not None
            ]
        )
        self.bundler.start_over()
        self._since.clear()

    def _count(self, names: list[str]) -> None:
        self.sent.update(names)
        self.bill.ledger.signals[YUKI] += len(names)


def _is_true(told: Sample, real: Sample) -> bool:
    if real.kind == PLACE:
        return bool(metres(told.content, real.content) < NEAR)
    if real.kind == REAL:
        return bool(round(told.content) == round(real.content))
    return told == real


def wishes_of(car: Vehicle) -> Wishes:
    """What the integration knows of a car before it is asked to stream."""
    return Wishes(
        firmware=car.model.firmware.split(" ", maxsplit=1)[0],
        scopes=_SCOPES,
        hardware=possible_hardware(YUKI[3], "TeslaAP4"),
    )


def stream(life: Life, choices: Mapping[str, Choice]) -> dict[str, Bill]:
    """Live with a car that streams each of these choices."""
    return {name: board.bill for name, board in stream_in_detail(life, choices).items()}


def stream_in_detail(life: Life, choices: Mapping[str, Choice]) -> dict[str, _Dashboard]:
    """The same with every field that was sent; the life's `hours` are counted, too."""
    boards = {name: _dashboard(name, choice, life.car) for name, choice in choices.items()}
    names = sorted(set().union(*(board.bundler.names() for board in boards.values())))
    is_awake = False
    for lasted in life.moments():
        if life.car.availability != "online":
            if is_awake:
                for board in boards.values():
                    board.say_goodbye()
            is_awake = False
            continue
        if not is_awake:
            life.hours["connections"] += 1
        life.hours[life.phase] += lasted / 3600.0 if is_awake else 0.0
        now = life.clock.now()
        samples = values.read(look_at(life.car, now), names)
        for board in boards.values():
            board.tell(samples, now, lasted if is_awake else 0.0)
        is_awake = True
    return boards


def _dashboard(name: str, choice: Choice, car: Vehicle) -> _Dashboard:
    wishes = wishes_of(car)
    built = build(
        choice, wishes, hostname="home.example.test", port=443, ca=CarAuthorities().bundle.decode()
    )
    forecast = forecast_streaming(
        fit(choice, wishes).choice, price=PRICES[PriceClass.STREAMING_SIGNAL]
    )
    return _Dashboard(
        bundler=Bundler(config=config.read(built.content), version=firmware.version_of(car.model)),
        bill=Bill(name=name, forecast=forecast.total),
    )


def poll(life: Life, name: str, speeds: Speeds) -> Bill:
    """Live with a car that is asked at these speeds."""
    pace = PollingPace(
        state=speeds.state,
        driving=speeds.driving,
        charging=speeds.charging,
        attended=speeds.attended,
        idle=speeds.idle,
    )
    bill = Bill(name=name, forecast=forecast_polling(pace, price=PRICES[PriceClass.DATA]))
    policy, state, answered = PollingPolicy(speeds=speeds), VehicleState(), life.clock.now()
    is_awake = False
    for lasted in life.moments(lambda now: policy.next_step(now).delay):
        now = life.clock.now()
        is_online = life.car.availability == "online"
        step = policy.next_step(now)
        if step.delay <= 0.0 and step.ask is Ask.STATE:
            policy.saw_availability(Availability(life.car.availability), now)
        elif step.delay <= 0.0:
            bill.ledger.entries.append(_answer(now, 200 if is_online else 408))
            if is_online:
                told = life.car.vehicle_data(_ENDPOINTS, location=True)
                state.apply(readings_from(told, now))
                policy.saw_data(activity_of(state), now)
                answered = now
            else:
                policy.was_unavailable(now)
        if is_online and is_awake:
            for ages in bill.ages.values():
                ages.add(now - answered, lasted)
        is_awake = is_online
    return bill


def _answer(now: float, status: int) -> Entry:
    return Entry(
        when=now,
        endpoint="vehicle_data",
        method="GET",
        vin=YUKI,
        status=status,
        price_class=Billed.DATA,
        txid="",
    )


def _row(bill: Bill, scale: float) -> str:
    cost = bill.ledger.cost * scale
    ages = "".join(
        f" {bill.ages[key].quantile(0.5):>8} /{bill.ages[key].quantile(0.95):>5}" for key in WATCHED
    )
    left = to_pay(cost, discount=MONTHLY_DISCOUNT)
    return (
        f"{bill.name:<13} {bill.count * scale:>9,.0f} {cost:>7.2f} {left:>6.2f}{ages}"
        f" {bill.forecast.cost:>9.2f} {100.0 * (bill.forecast.cost / cost - 1.0):>+7.1f} %"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("days", nargs="?", type=int, default=DAYS, help="scaled up to a month")
    parser.add_argument("--seed", type=int, default=SEED, help="another life")
    arguments = parser.parse_args()
    days, seed = arguments.days, arguments.seed
    began, scale = time.perf_counter(), DAYS / days
    bills = [
        poll(Life(days=days, seed=seed, tick=STILL), name, speeds) for name, speeds in PACES.items()
    ]
    life = Life(days=days, seed=seed)
    bills += stream(life, {f"{preset}": choice for preset, choice in PRESETS.items()}).values()
    print(f"{days} days in {time.perf_counter() - began:.0f} s, scaled to a month of {DAYS}")
    hours = ", ".join(f"{what} {much / days:.2f}" for what, much in sorted(life.hours.items()))
    print(f"a day of the streaming car: {hours} (hours, and times that it came online)\n")
    heads = "".join(f" {key + ' age, s':>16}" for key in WATCHED)
    print(f"{'':<13} {'billed':>9} {'US$':>7} {'to pay':>6}{heads} {'forecast':>9} {'off':>9}")
    for bill in bills:
        print(_row(bill, scale))


if __name__ == "__main__":
    main()
