"""The owner host: the only way of an account that has no other login, the last resort of others."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.teslalogger.tesla.errors import (
    AccessDenied,
    AnswerLost,
    EndpointGone,
    InvalidRequest,
    LoginRequired,
    MobileAccessDisabled,
    NotRegistered,
    OwnerApiClosed,
    PaymentRequired,
    RateLimited,
    SigningRequired,
    TeslaError,
)
from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.vehicle import (
    NeedsFleetApi,
    Result,
    Route,
    RouteBeliefs,
    Router,
    SignedChannel,
)

from .doubles import LEGACY_VIN, VIN, Clock, Cloud

if TYPE_CHECKING:
    from collections.abc import Callable

SENTRY: dict[str, Any] = {"on": True}


@dataclass
class Home:
    """A car, and what two hosts make of a press."""

    clock: Clock
    fleet: Cloud
    owner: Cloud
    channel: SignedChannel | None
    beliefs: RouteBeliefs
    learnt: list[Route] = field(default_factory=list)

    def router(self, *, owner_only: bool = False) -> Router:
        """A router, as after a restart."""

        async def on_learnt() -> None:
            self.learnt.append(self.beliefs.current.route)

        return Router(
            vin=VIN,
            transport=None if owner_only else self.fleet,
            channel=None if owner_only else self.channel,
            owner=self.owner,
            beliefs=self.beliefs,
            on_learnt=on_learnt,
            clock=self.clock,
            sleep=self.clock.sleep,
        )


@pytest.fixture
def home(clock: Clock, cloud: Cloud, make_channel: Callable[[], SignedChannel]) -> Home:
    """An old car."""
    beliefs = RouteBeliefs(LEGACY_VIN, clock=clock.wall)
    return Home(clock, cloud, Cloud(clock), make_channel(), beliefs)


@pytest.fixture
def new_home(clock: Clock, cloud: Cloud, make_channel: Callable[[], SignedChannel]) -> Home:
    """A car whose VIN says that it signs."""
    return Home(clock, cloud, Cloud(clock), make_channel(), RouteBeliefs(VIN, clock=clock.wall))


async def test_only_login_sends_everything(home: Home) -> None:
    """Unsigned, and free of charge."""
    router = home.router(owner_only=True)
    outcome = await router.send("set_sentry_mode", SENTRY)
    assert router.route is Route.OWNER
    assert (outcome.result, outcome.route, outcome.requests) == (Result.DONE, Route.OWNER, 1)
    assert outcome.cost == 0.0
    assert home.owner.executed_unsigned == ["set_sentry_mode"]
    assert home.fleet.commands == []


async def test_only_login_wakes(home: Home) -> None:
    """For a press, and for the wake-up itself."""
    home.owner.availability = Availability.ASLEEP
    outcome = await home.router(owner_only=True).send("set_sentry_mode", SENTRY, asleep=True)
    assert outcome.done
    home.owner.availability = Availability.ASLEEP
    assert (await home.router(owner_only=True).send("wake_up")).done
    assert (home.owner.wakes, home.fleet.wakes) == (2, 0)


async def test_car_that_wants_signatures_leads_to_the_fleet_api(new_home: Home) -> None:
    """It is tried once, for lists have been wrong; then what it said is remembered."""
    new_home.owner.script = [SigningRequired]
    router = new_home.router(owner_only=True)
    outcome = await router.send("set_sentry_mode", SENTRY)
    assert isinstance(outcome.error, NeedsFleetApi)
    assert (outcome.result, outcome.attempts) == (Result.REFUSED, 1)
    assert new_home.learnt == [Route.SIGNED]
    outcome = await router.send("set_sentry_mode", SENTRY)
    assert isinstance(outcome.error, NeedsFleetApi)
    assert (outcome.requests, new_home.owner.commands) == (0, ["unsigned"])
    assert router.route is Route.OWNER


async def test_command_without_unsigned_form_is_not_sent(home: Home) -> None:
    """It has never been part of the owner API."""
    outcome = await home.router(owner_only=True).send(
        "set_vehicle_name", {"vehicle_name": "Falcon"}
    )
    assert isinstance(outcome.error, NeedsFleetApi)
    assert home.owner.commands == []


async def test_fleet_host_comes_first(home: Home) -> None:
    """The last resort is not asked while the Fleet host obeys."""
    outcome = await home.router().send("set_sentry_mode", SENTRY)
    assert (outcome.route, home.router().route) == (Route.UNSIGNED, Route.UNSIGNED)
    assert home.owner.commands == []


@pytest.mark.parametrize(
    "refusal",
    [PaymentRequired, RateLimited, NotRegistered, LoginRequired, EndpointGone, AccessDenied],
)
async def test_last_resort_goes_on_with_the_same_press(
    home: Home, refusal: type[TeslaError]
) -> None:
    """Where it was the host that did not want it."""
    home.fleet.script = [refusal]
    outcome = await home.router().send("set_sentry_mode", SENTRY)
    assert (outcome.result, outcome.route, outcome.attempts) == (Result.DONE, Route.OWNER, 2)
    assert home.owner.executed_unsigned == ["set_sentry_mode"]


@pytest.mark.parametrize("refusal", [MobileAccessDisabled, InvalidRequest, AnswerLost])
async def test_last_resort_is_for_nothing_else(home: Home, refusal: type[TeslaError]) -> None:
    """Not for what the car itself refuses, nor for what it may have done."""
    home.fleet.script = [refusal] * 2
    outcome = await home.router().send("honk_horn")
    assert not outcome.done
    assert home.owner.commands == []


async def test_signing_car_has_no_last_resort(new_home: Home) -> None:
    """The owner host could not make it obey."""
    new_home.fleet.script = [PaymentRequired]
    outcome = await new_home.router().send("set_sentry_mode", SENTRY)
    assert isinstance(outcome.error, PaymentRequired)
    assert new_home.owner.commands == []


async def test_reason_that_can_be_mended_is_told(home: Home) -> None:
    """If the owner host refuses as well."""
    home.fleet.script, home.owner.script = [PaymentRequired], [OwnerApiClosed]
    outcome = await home.router().send("set_sentry_mode", SENTRY)
    assert isinstance(outcome.error, PaymentRequired)
    assert outcome.result is Result.REFUSED
    assert (len(home.fleet.commands), len(home.owner.commands)) == (1, 1)


async def test_doubt_about_the_last_resort_is_told(home: Home) -> None:
    """The car may have done it: then nobody says that it was refused."""
    home.fleet.script, home.owner.script = [PaymentRequired], [AnswerLost]
    outcome = await home.router().send("honk_horn")
    assert outcome.result is Result.UNKNOWN


async def test_sleeping_car_is_woken_by_the_host_that_does(home: Home) -> None:
    """The Fleet host wants no wake-up for lack of money."""
    home.owner.availability = Availability.ASLEEP
    home.fleet.wake_error = PaymentRequired
    outcome = await home.router().send("set_sentry_mode", SENTRY, asleep=True)
    assert (outcome.result, outcome.route) == (Result.DONE, Route.OWNER)
    assert (home.fleet.wakes, home.owner.wakes) == (0, 1)


async def test_a_wake_up_that_the_fleet_host_turns_away_goes_to_the_owner_host(home: Home) -> None:
    """Too many requests there is a reason of its own, and no reason to wait for the car."""
    home.fleet.wake_error = RateLimited
    began = home.clock()
    outcome = await home.router().send("set_sentry_mode", SENTRY, asleep=True)
    assert (outcome.result, outcome.route) == (Result.DONE, Route.OWNER)
    assert home.owner.wakes == 1
    assert home.clock() - began <= 2
