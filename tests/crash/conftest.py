"""Kills Home Assistant a few times, once for all tests here."""

import asyncio
from typing import TYPE_CHECKING, Final

import pytest
import pytest_socket

from scripts.workshop.loopback import HOST

from .trial import Moment, Plan, Report, carry_out, open_stage

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_STREAMING: Final = {Moment.STREAMING: 1}
# The last one leaves cars with less than they were promised, and so nothing can come after it.
PLANS: Final = {
    "as it is": Plan(kills=1, promised=True, moments=_STREAMING),
    "small journal": Plan(kills=1, journal=1_000, promised=True, moments=_STREAMING),
    Moment.RETURNING: Plan(kills=1, moments={Moment.RETURNING: 1}),
    Moment.STARTING: Plan(kills=1, moments={Moment.STARTING: 1}),
    "applies twice": Plan(
        kills=1, mutant="applies twice", patience=2, promised=True, moments=_STREAMING
    ),
    "acknowledges at once": Plan(
        kills=1, mutant="acknowledges at once", patience=1, promised=True, moments=_STREAMING
    ),
}

# Nothing of Home Assistant runs in this process, and the fixtures with which its plugin looks after
# one for each test would have to be told of the programs that are started here.


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """Leave the programs alone."""


@pytest.fixture(scope="package")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Report]:
    """What came of each plan."""
    pytest_socket.enable_socket()
    pytest_socket.socket_allow_hosts([HOST], allow_unix_socket=True)  # forks are asked for there
    return asyncio.run(_carry_out_all(tmp_path_factory.mktemp("crash")))


async def _carry_out_all(folder: Path) -> dict[str, Report]:
    async with open_stage(folder) as stage:
        return {name: await carry_out(stage, plan) for name, plan in PLANS.items()}
