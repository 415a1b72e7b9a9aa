"""All cars of a world at once, by themselves."""

from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient, TestServer
import pytest

from simulator.cloud.app import FLEET, create_app
from simulator.garage import ANVIL, JUNIPER, OWNER, YUKI
from simulator.telemetry.fleet import Fleet
from simulator.telemetry.subscriptions import TAKING_SECONDS

from .configs import claims
from .conftest import APP, KEY
from .tokens import token

if TYPE_CHECKING:
    from simulator.world import World

    from .receiver import Receiver

CARS = (ANVIL, JUNIPER, YUKI)


def _configure(world: World, receiver: Receiver) -> None:
    for vin in CARS:
        world.streaming.put(vin, APP, OWNER, token(KEY, claims(port=receiver.port)))
    world.clock.advance(TAKING_SECONDS)


async def test_every_configured_car_streams(world: World, receiver: Receiver) -> None:
    """Each by its own certificate; the others do not."""
    fleet = Fleet(world)
    _configure(world, receiver)
    await fleet.tick()
    await fleet.drained()
    assert sorted(receiver.subjects) == sorted(CARS)
    assert world.ledger.signals == dict.fromkeys(CARS, 1)
    await fleet.stop()
    assert not any(kept.connected for kept in world.streaming)


async def test_the_served_world_streams_by_itself(world: World, receiver: Receiver) -> None:
    """As long as it is served."""
    _configure(world, receiver)
    async with TestClient[Any, Any](TestServer(create_app(world, streaming=True))):
        await receiver.heard(len(CARS))
    assert not any(kept.connected for kept in world.streaming)


async def test_nothing_streams_by_itself_unless_told(world: World, receiver: Receiver) -> None:
    """So that a test decides when."""
    _configure(world, receiver)
    server = TestServer(create_app(world))
    async with TestClient[Any, Any](server):
        assert receiver.records == []
        await server.app[FLEET].tick()
        await receiver.heard(len(CARS))
        await server.app[FLEET].stop()


async def test_a_mishap_does_not_end_it(
    world: World,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged, and the next tick is done."""
    _configure(world, receiver)
    settle, mishaps = world.streaming.settle, ["once"]

    def fail_once(car: Any) -> None:
        if mishaps:
            raise RuntimeError(mishaps.pop())
        settle(car)

    monkeypatch.setattr(world.streaming, "settle", fail_once)
    world.clock.speed = 60
    fleet = Fleet(world)
    fleet.start()
    await receiver.heard(len(CARS))
    await fleet.stop()
    assert "A tick of the simulated cars failed" in caplog.text


def test_a_car_has_no_stream_before_its_first_tick(world: World) -> None:
    """It is an error to ask for it."""
    with pytest.raises(KeyError):
        Fleet(world).stream(JUNIPER)
