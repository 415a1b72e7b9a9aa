"""Fixtures of the car's room."""

from typing import TYPE_CHECKING

import pytest

from custom_components.teslalogger.vehicle import SignedChannel
from custom_components.teslalogger.vehicle_command import CommandKey

from .doubles import VIN, Clock, Cloud, Disk

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def key() -> CommandKey:
    """A key, made once: making one is slow."""
    return CommandKey.generate()


@pytest.fixture
def clock() -> Clock:
    """Time that stands still."""
    return Clock()


@pytest.fixture
def disk() -> Disk:
    """An empty disk."""
    return Disk()


@pytest.fixture
def cloud(clock: Clock) -> Cloud:
    """A cloud with one good car."""
    return Cloud(clock)


@pytest.fixture
def make_channel(
    key: CommandKey, clock: Clock, disk: Disk, cloud: Cloud
) -> Callable[[], SignedChannel]:
    """Make a channel as after a restart: nothing remembered but the disk."""
    return lambda: SignedChannel(
        vin=VIN,
        key=key,
        transport=cloud,
        store=disk,
        clock=clock,
        wall_clock=clock.wall,
        sleep=clock.sleep,
    )
