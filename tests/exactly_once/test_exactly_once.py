"""Two thousand presses under everything that can go wrong: none twice, and no untrue outcome."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
import random
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import pytest

from custom_components.teslalogger.tesla import FleetClient, Region, Scope
from custom_components.teslalogger.vehicle import (
    COMMANDS,
    Repeat,
    Result,
    RouteBeliefs,
    Router,
    SignedChannel,
)
from custom_components.teslalogger.vehicle_command import (
    BENIGN_REASONS,
    CommandKey,
    Domain,
    StoredSession,
)
from simulator.car import Car
from simulator.cloud.hosts import Region as SimulatedRegion
from simulator.garage import ANVIL, FALCON, JUNIPER, OWNER, YUKI
from tests.simulator_fixtures import CLIENT_ID, register_key

from .mischief import TROUBLES
from .network import PRESS, Network, Press

if TYPE_CHECKING:
    from simulator.world import World

PRESSES: Final = 500  # on each of four cars
SENDS: Final = 2
RESTART: Final = 15.0
"""Seconds that Home Assistant needs for it, in which a signed command expires."""
COMMANDS_TO_PRESS: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("set_sentry_mode", {"on": True}),
    ("set_sentry_mode", {"on": False}),
    ("set_charge_limit", {"percent": 70}),
    ("set_charge_limit", {"percent": 80}),
    ("auto_conditioning_start", {}),
    ("auto_conditioning_stop", {}),
    ("door_lock", {}),
    ("door_unlock", {}),
    ("media_toggle_playback", {}),
    ("media_next_track", {}),
    ("actuate_trunk", {"which_trunk": "rear"}),
    ("honk_horn", {}),
    ("flash_lights", {}),
)
FAILED: Final = {Result.REFUSED, Result.UNREACHABLE}


class Login:
    """Access tokens without end."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def access_token(self) -> str:
        """A fresh one each time."""
        answer = self._world.authority.sign_in(
            client_id=CLIENT_ID, account=OWNER, region=SimulatedRegion.EU, scopes=list(Scope)
        )
        token: str = answer["access_token"]
        return token

    async def renew(self, rejected: str) -> str:
        """Another one."""
        assert rejected
        return await self.access_token()


@dataclass
class Disk:
    """What a restart leaves."""

    sessions: dict[tuple[str, Domain], StoredSession] = field(default_factory=dict)

    def load(self, vin: str, domain: Domain) -> StoredSession | None:
        """What was saved last."""
        return self.sessions.get((vin, domain))

    async def save(self, vin: str, domain: Domain, stored: StoredSession) -> None:
        """Keep it."""
        self.sessions[vin, domain] = stored


class Driver:
    """Somebody who presses, and writes down what Home Assistant said and what the car did."""

    def __init__(self, world: World, car: Car, client: FleetClient, seed: int) -> None:
        self.presses: list[Press] = []
        self.troubles: Counter[str] = Counter()
        self._world = world
        self.car = car
        self._moment = 0
        self._dice = random.Random(seed)  # noqa: S311 - a run that can be repeated
        self.network = Network(client, car, world.clock, self._dice)
        self._key = CommandKey.generate()
        self._disk = Disk()
        self._beliefs = RouteBeliefs(car.vin, clock=world.clock.now)
        self._router = self._new_router()
        register_key(world, self._key.public_point)
        car.pair(self._key.public_point)

    def _new_router(self) -> Router:
        clock = self._world.clock.now
        channel = SignedChannel(
            vin=self.car.vin,
            key=self._key,
            transport=self.network,
            store=self._disk,
            clock=clock,
            wall_clock=clock,
            sleep=self.network.sleep,
        )
        return Router(
            vin=self.car.vin,
            transport=self.network,
            channel=channel,
            beliefs=self._beliefs,
            clock=clock,
            sleep=self.network.sleep,
        )

    async def press_often(self, count: int) -> None:
        """Press, sometimes twice at the same moment, while things go wrong."""
        while len(self.presses) < count:
            await self._make_trouble()
            self._moment += 1
            together = 2 if self._dice.random() < 0.25 else 1
            await asyncio.gather(*(self._press() for _ in range(together)))
            await self.network.sleep(self._dice.uniform(0.0, 20.0))
        await self.network.settle()

    async def _make_trouble(self) -> None:
        self.car.computers.faults.clear()
        self._world.faults.clear()
        if self._dice.random() < 0.05:
            await self.network.sleep(RESTART)
            self._router = self._new_router()
            self.troubles["restart"] += 1
        self.network.reboots_after_next = self._dice.random() < 0.04
        possible = [
            trouble for trouble in TROUBLES if self.car.protocol or not trouble.only_signing
        ]
        for _ in range(self._dice.choice((0, 0, 0, 1, 1, 2))):
            trouble = self._dice.choice(possible)
            trouble.happen(self._world, self.car, self._dice)
            self.troubles[trouble.name] += 1

    async def _press(self) -> None:
        command, params = self._dice.choice(COMMANDS_TO_PRESS)
        press = Press(moment=self._moment, command=command, params=params)
        self.presses.append(press)
        token = PRESS.set(press)
        press.outcome = await self._router.send(command, params)
        PRESS.reset(token)


def obeyed(press: Press) -> int:
    """How often the car did what was asked."""
    return sum(not execution.reason for execution in press.executions)


def stragglers(driver: Driver) -> list[Press]:
    """The presses that a computer of the car obeyed after a later one, which they may undo."""
    pressed_for = {id(done): press for press in driver.presses for done in press.executions}
    found: list[Press] = []
    for domain in Domain:
        newest = 0
        for done in driver.car.executions:
            press = pressed_for[id(done)]
            if COMMANDS[press.command].domain is domain:
                if press.moment < newest:
                    found.append(press)
                newest = max(newest, press.moment)
    return found


def is_untrue(press: Press) -> bool:
    """Whether Home Assistant said something else than what happened."""
    assert press.outcome is not None
    if press.outcome.result is Result.DONE:
        return not any(
            not execution.reason or execution.reason in BENIGN_REASONS
            for execution in press.executions
        )
    return press.outcome.result in FAILED and obeyed(press) > 0


@pytest.mark.usefixtures("simulator_url")
@pytest.mark.parametrize(("vin", "seed"), [(FALCON, 1), (JUNIPER, 2), (YUKI, 3), (ANVIL, 4)])
async def test_no_toggle_twice_and_no_untrue_outcome(world: World, vin: str, seed: int) -> None:
    """Whatever goes wrong, and in whatever order requests arrive."""
    async with aiohttp.ClientSession() as session:
        client = FleetClient(session, tokens=Login(world), region=Region.EU, clock=world.clock.now)
        car = world.cars[vin]
        assert isinstance(car, Car)
        driver = Driver(world, car, client, seed)
        await driver.press_often(PRESSES)

    presses = driver.presses
    toggles = [press for press in presses if COMMANDS[press.command].repeat is not Repeat.STATE]
    results = Counter(press.outcome.result for press in presses if press.outcome)
    assert [press for press in toggles if obeyed(press) > 1] == []
    assert [press for press in presses if is_untrue(press)] == []
    assert [press for press in presses if press.outcome and press.outcome.attempts > SENDS] == []
    if driver.car.protocol:
        assert stragglers(driver) == []
    # It was worth the while: most presses worked, everything went wrong, and doubts were rare.
    assert results[Result.DONE] > 0.6 * len(presses), results
    assert results[Result.UNKNOWN] < 0.3 * len(presses), results
    assert driver.network.late > 0.03 * len(presses)
    for trouble in TROUBLES:
        if car.protocol or not trouble.only_signing:
            assert driver.troubles[trouble.name], trouble.name
