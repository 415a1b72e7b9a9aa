"""A driver per route, on a simulated world of its own."""

from typing import TYPE_CHECKING, Protocol

import aiohttp
import pytest

from tests.simulator_fixtures import simulator_url, world  # noqa: F401 - fixtures

from .driver import Driver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from custom_components.teslalogger.vehicle import Route
    from simulator.world import World


class Drive(Protocol):
    """Takes a seat in the car of a route."""

    def __call__(self, route: Route, *, has_key: bool = True) -> Driver:
        """The driver."""


@pytest.fixture
async def drive(world: World, simulator_url: str) -> AsyncIterator[Drive]:  # noqa: F811 - fixtures
    """Drivers whose requests really go out, as far as loopback."""
    assert simulator_url
    async with aiohttp.ClientSession() as session:

        def take_a_seat(route: Route, *, has_key: bool = True) -> Driver:
            return Driver(world, session, route, has_key=has_key)

        yield take_a_seat
