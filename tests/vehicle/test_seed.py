"""The error text that this integration was begun for makes the same press succeed."""

from typing import TYPE_CHECKING, Final

import pytest

from custom_components.teslalogger.tesla.catalogue import classify
from custom_components.teslalogger.tesla.endpoints import ENDPOINTS
from custom_components.teslalogger.tesla.fleet import FleetClient
from custom_components.teslalogger.vehicle import (
    Reason,
    Result,
    Route,
    RouteBeliefs,
    Router,
    SignedChannel,
)

from .doubles import LEGACY_VIN, VIN, Clock, Cloud

if TYPE_CHECKING:
    from collections.abc import Callable

    from custom_components.teslalogger.vehicle import SignedTransport, UnsignedTransport

SEED: Final = (
    b'{"response":null,"error":"Tesla Vehicle Command Protocol required, please refer to the '
    b"documentation here: https://developer.tesla.com/docs/fleet-api"
    b'#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning","error_description":""}'
)
NEWER: Final = SEED.replace(
    b"docs/fleet-api#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning",
    b"docs/fleet-api/announcements#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation",
)
NO_PROTOCOL: Final = (
    b'{"response":null,"error":"vehicle does not support the Tesla Vehicle Command Protocol, '
    b'use the REST API","error_description":""}'
)


@pytest.mark.parametrize("body", [SEED, NEWER])
@pytest.mark.parametrize("status", [403, 400, 422, 500])
async def test_the_same_press_succeeds_by_signing_and_that_outlives_a_restart(
    make_channel: Callable[[], SignedChannel], cloud: Cloud, clock: Clock, body: bytes, status: int
) -> None:
    """Whatever the status, whatever the address behind "documentation here"."""
    beliefs = RouteBeliefs(LEGACY_VIN, clock=clock.wall)
    kept: list[dict[str, object]] = []

    async def keep() -> None:
        kept.append(beliefs.to_dict())

    cloud.script = [lambda: classify(status, body, {}, ENDPOINTS["command"])]
    router = Router(
        vin=VIN,
        transport=cloud,
        channel=make_channel(),
        beliefs=beliefs,
        on_learnt=keep,
        clock=clock,
        sleep=clock.sleep,
    )
    outcome = await router.send("set_sentry_mode", {"on": True})
    assert (outcome.result, outcome.route, outcome.attempts) == (Result.DONE, Route.SIGNED, 2)
    assert cloud.commands == ["unsigned", "signed"]
    restored = RouteBeliefs.from_dict(LEGACY_VIN, kept[-1], clock=clock.wall)
    assert (restored.current.route, restored.current.reason) == (Route.SIGNED, Reason.LEARNT)


async def test_a_car_without_the_protocol_is_told_unsigned_in_the_same_press(
    make_channel: Callable[[], SignedChannel], cloud: Cloud, clock: Clock
) -> None:
    """422 on signed_command, in Tesla's words."""
    beliefs = RouteBeliefs(VIN, clock=clock.wall)
    cloud.handshake_script = [
        lambda: classify(422, NO_PROTOCOL, {}, ENDPOINTS["signed_command"]),
    ]
    router = Router(
        vin=VIN,
        transport=cloud,
        channel=make_channel(),
        beliefs=beliefs,
        clock=clock,
        sleep=clock.sleep,
    )
    outcome = await router.send("set_sentry_mode", {"on": True})
    assert (outcome.result, outcome.route, outcome.attempts) == (Result.DONE, Route.UNSIGNED, 1)
    assert beliefs.current.reason is Reason.LEARNT


def test_the_fleet_client_serves_both_ways() -> None:
    """Here by name, and in full by the type checker on the lines above the assertion."""

    def both(client: FleetClient) -> tuple[UnsignedTransport, SignedTransport]:
        return client, client

    wanted = {"command", "wake_up", "vehicle", "signed_command"}
    assert wanted <= set(dir(FleetClient)), both
