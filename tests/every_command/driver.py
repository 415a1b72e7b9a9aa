"""Somebody who sends commands over one route, and looks at the whole car before and after."""

from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from custom_components.teslalogger.tesla import Availability, FleetClient, Region, Scope
from custom_components.teslalogger.vehicle import (
    Route,
    RouteBeliefs,
    Router,
    SignedChannel,
    availability_reading,
    endpoints_for,
    readings_from,
)
from custom_components.teslalogger.vehicle_command import CommandKey, Domain, StoredSession
from simulator.car import Car
from simulator.cloud.hosts import Region as SimulatedRegion
from simulator.garage import FALCON, JUNIPER, OWNER
from tests.simulator_fixtures import CLIENT_ID, register_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Set as AbstractSet

    import aiohttp

    from custom_components.teslalogger.vehicle import Outcome
    from custom_components.teslalogger.vehicle.signals import Value
    from simulator.cloud.ledger import Entry
    from simulator.world import World

    from .case import Case

CARS: Final = {Route.SIGNED: JUNIPER, Route.UNSIGNED: FALCON}
"""The car that takes commands over this route only."""

ABSENT: Final = "(absent)"
"""Stands in a difference for what is not there."""

CLOCK_DRIVEN: Final = frozenset({"climate.inside", "tires_silent"})
"""What changes while a car wakes up, whoever commands what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """Access tokens without end."""

    world: World

    async def access_token(self) -> str:
        """A fresh one each time."""
        answer = self.world.authority.sign_in(
            client_id=CLIENT_ID, account=OWNER, region=SimulatedRegion.EU, scopes=list(Scope)
        )
        return str(answer["access_token"])

    async def renew(self, rejected: str) -> str:
        """Another one."""
        assert rejected
        return await self.access_token()


@dataclass(frozen=True, slots=True)
class Disk:
    """Keeps sessions."""

    sessions: dict[tuple[str, Domain], StoredSession] = field(default_factory=dict)

    def load(self, vin: str, domain: Domain) -> StoredSession | None:
        """What was saved last."""
        return self.sessions.get((vin, domain))

    async def save(self, vin: str, domain: Domain, stored: StoredSession) -> None:
        """Keep it."""
        self.sessions[vin, domain] = stored


class Driver:
    """One car behind the integration's own router, channel and Fleet client.

    Time stands still and only passes where somebody waits.
    """

    def __init__(
        self,
        world: World,
        session: aiohttp.ClientSession,
        route: Route,
        *,
        has_key: bool = True,
    ) -> None:
        car = world.cars[CARS[route]]
        assert isinstance(car, Car)
        self.car = car
        self.route = route
        self._world = world
        self._client = FleetClient(
            session, tokens=Login(world=world), region=Region.EU, clock=world.clock.now
        )
        key = CommandKey.generate()
        register_key(world, key.public_point)
        car.pair(key.public_point)
        clock = world.clock.now
        channel = SignedChannel(
            vin=car.vin,
            key=key,
            transport=self._client,
            store=Disk(),
            clock=clock,
            wall_clock=clock,
            sleep=self._sleep,
        )
        self._router = Router(
            vin=car.vin,
            transport=self._client,
            channel=channel if has_key else None,
            beliefs=RouteBeliefs(car.vin, clock=clock),
            scopes=lambda: frozenset(Scope),
            clock=clock,
            sleep=self._sleep,
        )

    async def _sleep(self, seconds: float) -> None:
        self._world.clock.advance(seconds)

    @property
    def ledger(self) -> list[Entry]:
        """Every request so far."""
        return self._world.ledger.entries

    @property
    def log(self) -> list[tuple[str, dict[str, Any], str, str]]:
        """What the car took: command, parameters, route, and why it refused."""
        return [
            (taken.command, taken.params, taken.route, taken.reason)
            for taken in self.car.executions
        ]

    def prepare(self, case: Case, *, awake: bool = False) -> None:
        """Make the car what the case begins with; `awake` even if it begins asleep."""
        self.build(case.model)
        self.put(case.before)
        if case.asleep and not awake:
            self.car.fall_asleep()

    def build(self, model: Mapping[str, Any]) -> None:
        """Give the car what not every car has, or take it away."""
        self.car.model = replace(self.car.model, **model)

    def put(self, values: Mapping[str, Any]) -> None:
        """Put values into the car's state, by paths like those of `look`."""
        for path, value in values.items():
            owner: Any = self.car.state
            *way, name = path.split(".")
            for step in way:
                owner = owner[step] if isinstance(owner, dict) else getattr(owner, step)
            if isinstance(owner, dict):
                owner[name] = deepcopy(value)
            else:
                setattr(owner, name, deepcopy(value))

    def look(self) -> dict[str, Any]:
        """Everything there is to know about the car, by path."""
        return _flat("", self.car.state) | {
            "availability": self.car.availability,
            "paired_keys": self.car.paired_keys,
            "model": self.car.model,
            "mobile_access": self.car.mobile_access,
        }

    async def send(self, command: str, params: Mapping[str, Any]) -> Outcome:
        """As the integration sends it."""
        return await self._router.send(command, params)

    async def read(self) -> dict[str, Value]:
        """What the integration's signals read; of a car that sleeps, no more than that."""
        vin, now = self.car.vin, self._world.clock.now()
        availability = await self._client.vehicle(vin)
        readings = availability_reading(availability, now)
        if availability is Availability.ONLINE:
            data = await self._client.vehicle_data(vin, endpoints_for(frozenset(Scope)))
            readings |= readings_from(data, now)
        return {key: reading.value for key, reading in readings.items()}


def difference(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    apart_from: AbstractSet[str] = CLOCK_DRIVEN,
) -> dict[str, Any]:
    """What is otherwise afterwards, apart from what only time changes."""
    return {
        path: after.get(path, ABSENT)
        for path in before.keys() | after.keys()
        if path not in apart_from and before.get(path, ABSENT) != after.get(path, ABSENT)
    }


def _flat(path: str, value: Any) -> dict[str, Any]:
    """The values of a state by path; a dictionary counts as so many values."""
    prefix = f"{path}." if path else ""
    if is_dataclass(value):
        flat: dict[str, Any] = {}
        for part in fields(value):
            flat |= _flat(f"{prefix}{part.name}", getattr(value, part.name))
        return flat
    if isinstance(value, dict):
        return {f"{prefix}{key}": deepcopy(entry) for key, entry in value.items()}
    return {path: deepcopy(value)}
