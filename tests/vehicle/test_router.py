"""The one way out: which way, waking, and telling the truth."""

from dataclasses import dataclass, field
import logging
from typing import TYPE_CHECKING

import pytest

from custom_components.teslalogger.tesla.errors import (
    AnswerLost,
    InvalidRequest,
    LoginRequired,
    MissingScope,
    NotSent,
    RateLimited,
    SigningRequired,
    SigningUnsupported,
    VehicleTimeout,
    VehicleUnavailable,
)
from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle import (
    CannotSign,
    InvalidParameter,
    NoKey,
    Result,
    Route,
    RouteBeliefs,
    Router,
    ScopeNotGranted,
    SignedChannel,
    StillUnavailable,
    UnknownCommand,
)

from .doubles import LEGACY_VIN, VIN, Behaviour, Clock, Cloud, Step

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Setting:
    """A router and everything around it."""

    cloud: Cloud
    clock: Clock
    channel: SignedChannel | None
    beliefs: RouteBeliefs
    scopes: frozenset[Scope] | None = None
    learnt: list[Route] = field(default_factory=list)
    key_status: list[bool] = field(default_factory=list)

    def router(self) -> Router:
        """A router, as after a restart."""

        async def on_learnt() -> None:
            self.learnt.append(self.beliefs.current.route)

        return Router(
            vin=VIN,
            transport=self.cloud,
            channel=self.channel,
            beliefs=self.beliefs,
            scopes=lambda: self.scopes,
            on_learnt=on_learnt,
            on_key_status=self.key_status.append,
            clock=self.clock,
            sleep=self.clock.sleep,
        )


@pytest.fixture
def signing(clock: Clock, cloud: Cloud, make_channel: Callable[[], SignedChannel]) -> Setting:
    """A car whose VIN says that it signs."""
    return Setting(cloud, clock, make_channel(), RouteBeliefs(VIN, clock=clock.wall))


@pytest.fixture
def legacy(clock: Clock, cloud: Cloud, make_channel: Callable[[], SignedChannel]) -> Setting:
    """A car whose VIN says that it does not."""
    return Setting(cloud, clock, make_channel(), RouteBeliefs(LEGACY_VIN, clock=clock.wall))


async def test_a_car_that_signs_is_told_by_signing(signing: Setting) -> None:
    """Everything about the way is in the outcome."""
    outcome = await signing.router().send("set_sentry_mode", {"on": True})
    assert outcome.done
    assert (outcome.route, outcome.attempts, outcome.requests) == (Route.SIGNED, 1, 2)
    assert outcome.cost == pytest.approx(0.002)
    assert outcome.expected == {"sentry_mode": True}
    assert outcome.error is None
    assert signing.key_status == [True]


async def test_an_old_car_is_told_without_a_key(legacy: Setting) -> None:
    """Nobody asks for a key, and nobody says that one is missing."""
    legacy.channel = None
    outcome = await legacy.router().send("set_sentry_mode", {"on": True})
    assert (outcome.result, outcome.route, outcome.requests) == (Result.DONE, Route.UNSIGNED, 1)
    assert outcome.cost == pytest.approx(0.001)
    assert legacy.key_status == []
    assert legacy.cloud.executed_unsigned == ["set_sentry_mode"]


async def test_the_same_press_goes_on_by_signing(legacy: Setting) -> None:
    """Tesla says that the protocol is required: one reroute, done, and remembered."""
    legacy.cloud.script = [SigningRequired]
    outcome = await legacy.router().send("set_sentry_mode", {"on": True})
    assert (outcome.result, outcome.route, outcome.attempts) == (Result.DONE, Route.SIGNED, 2)
    assert legacy.cloud.commands == ["unsigned", "signed"]
    assert legacy.learnt == [Route.SIGNED]
    await legacy.router().send("set_sentry_mode", {"on": False})
    assert legacy.cloud.commands == ["unsigned", "signed", "signed"]


@pytest.mark.parametrize("in_handshake", [True, False])
async def test_the_same_press_goes_on_without_signing(
    signing: Setting, *, in_handshake: bool
) -> None:
    """422 on signed_command: this car has no protocol."""
    if in_handshake:
        signing.cloud.handshake_script = [SigningUnsupported]
    else:
        signing.cloud.script = [SigningUnsupported]
    outcome = await signing.router().send("set_sentry_mode", {"on": True})
    assert (outcome.result, outcome.route) == (Result.DONE, Route.UNSIGNED)
    assert signing.learnt == [Route.UNSIGNED]


@pytest.mark.parametrize("begin", ["signing", "legacy"])
async def test_contradictory_answers_do_not_go_back_and_forth(
    begin: str, request: pytest.FixtureRequest
) -> None:
    """Each way says that the other one is needed: two sendings and an end."""
    setting: Setting = request.getfixturevalue(begin)
    cloud = setting.cloud
    cloud.script = [SigningUnsupported if begin == "signing" else SigningRequired]
    cloud.script.append(SigningRequired if begin == "signing" else SigningUnsupported)
    outcome = await setting.router().send("flash_lights")
    assert outcome.result is Result.REFUSED
    assert len(cloud.commands) == outcome.attempts == 2


async def test_a_car_that_needs_signing_without_a_key_is_refused(signing: Setting) -> None:
    """The user hears it, and can put it right."""
    signing.channel = None
    outcome = await signing.router().send("flash_lights")
    assert outcome.result is Result.REFUSED
    assert isinstance(outcome.error, NoKey)
    assert signing.key_status == [False]


async def test_an_unpaired_key_is_told(signing: Setting) -> None:
    """And when it is paired, that is told too."""
    signing.cloud.script = [3]
    router = signing.router()
    outcome = await router.send("flash_lights")
    assert (outcome.result, outcome.reason) == (Result.REFUSED, "key_not_paired")
    await router.send("flash_lights")
    assert signing.key_status == [False, True]


async def test_a_refusal_shows_that_the_key_is_paired(signing: Setting) -> None:
    """The car checked the signature before it said no."""
    signing.cloud.script = [Behaviour.REFUSE]
    outcome = await signing.router().send("flash_lights")
    assert (outcome.result, outcome.reason) == (Result.REFUSED, "not_today")
    assert signing.key_status == [True]


async def test_an_unsigned_refusal_has_the_reason_of_the_car(legacy: Setting) -> None:
    """Once, with the car's own word."""
    legacy.cloud.script = [Behaviour.REFUSE]
    outcome = await legacy.router().send("flash_lights")
    assert (outcome.result, outcome.reason, outcome.attempts) == (Result.REFUSED, "not_today", 1)


async def test_already_so_is_done(legacy: Setting) -> None:
    """The car refused because there was nothing to do."""
    legacy.cloud.script, legacy.cloud.unsigned_reason = [Behaviour.REFUSE], "already_set"
    assert (await legacy.router().send("set_charge_limit", {"percent": 80})).done


async def test_a_sleeping_car_is_woken_once(signing: Setting) -> None:
    """Nothing is lost: the handshake found out before the command was sent."""
    signing.cloud.availability = Availability.ASLEEP
    signing.cloud.handshake_script = [lambda: VehicleUnavailable(status=408)]
    outcome = await signing.router().send("flash_lights")
    assert (outcome.result, outcome.attempts, signing.cloud.wakes) == (Result.DONE, 1, 1)
    assert outcome.cost == pytest.approx(0.02 + 3 * 0.001)


async def test_a_car_known_to_sleep_is_woken_first(legacy: Setting) -> None:
    """The vain attempt is saved."""
    legacy.cloud.availability = Availability.ASLEEP
    outcome = await legacy.router().send("flash_lights", asleep=True)
    assert (outcome.result, outcome.attempts, legacy.cloud.wakes) == (Result.DONE, 1, 1)


async def test_a_sleeping_car_is_left_alone_if_the_user_wants_so(signing: Setting) -> None:
    """Then the press fails, and says why."""
    signing.cloud.handshake_script = [VehicleUnavailable]
    outcome = await signing.router().send("flash_lights", wake=False, asleep=True)
    assert (outcome.result, signing.cloud.wakes) == (Result.UNREACHABLE, 0)


async def test_a_car_is_not_woken_twice_for_one_press(legacy: Setting) -> None:
    """It says that it sleeps, is woken, and says so again."""
    legacy.cloud.script = [VehicleUnavailable, VehicleUnavailable, VehicleUnavailable]
    outcome = await legacy.router().send("flash_lights")
    assert (outcome.result, outcome.attempts) == (Result.UNREACHABLE, 2)
    assert legacy.cloud.wakes == 1


async def test_a_half_awake_old_car_is_woken(legacy: Setting) -> None:
    """Its answer is that it could not wake its buses."""
    legacy.cloud.script = [Behaviour.REFUSE]
    legacy.cloud.unsigned_reason = "could_not_wake_buses"
    outcome = await legacy.router().send("flash_lights")
    assert (outcome.result, legacy.cloud.wakes) == (Result.DONE, 1)


async def test_a_car_that_does_not_wake_is_unreachable(legacy: Setting) -> None:
    """The wait is bounded, and the command stays at home."""
    legacy.cloud.availability, legacy.cloud.wakes_after = Availability.ASLEEP, 10_000
    began = legacy.clock()
    outcome = await legacy.router().send("flash_lights", asleep=True)
    assert isinstance(outcome.error, StillUnavailable)
    assert (outcome.result, outcome.attempts) == (Result.UNREACHABLE, 0)
    assert legacy.clock() - began <= 90


async def test_wake_up_is_done_when_the_car_is_online(signing: Setting) -> None:
    """A wake-up has an endpoint of its own and is never signed."""
    signing.cloud.availability = Availability.ASLEEP
    outcome = await signing.router().send("wake_up", wake=False)
    assert (outcome.result, outcome.attempts, signing.cloud.wakes) == (Result.DONE, 0, 1)
    assert signing.cloud.handshakes == []


async def test_a_lost_answer_to_an_unsigned_state_is_repeated(legacy: Setting) -> None:
    """Setting it twice is setting it once."""
    legacy.cloud.script = [Behaviour.LOSE_ANSWER]
    outcome = await legacy.router().send("set_sentry_mode", {"on": True})
    assert (outcome.result, outcome.attempts) == (Result.DONE, 2)


@pytest.mark.parametrize("step", [Behaviour.LOSE_ANSWER, Behaviour.LOSE_REQUEST, VehicleTimeout])
async def test_a_lost_answer_to_an_unsigned_toggle_is_unknown(legacy: Setting, step: Step) -> None:
    """Without signing there is no counter to ask, so it goes out once."""
    legacy.cloud.script = [step]
    outcome = await legacy.router().send("media_toggle_playback")
    assert (outcome.result, outcome.attempts) == (Result.UNKNOWN, 1)


async def test_a_connection_that_did_not_come_about_is_tried_once_more(legacy: Setting) -> None:
    """And once only."""
    legacy.cloud.script = [NotSent]
    assert (await legacy.router().send("media_toggle_playback")).done
    legacy.cloud.script = [NotSent, NotSent, NotSent]
    outcome = await legacy.router().send("media_toggle_playback")
    assert (outcome.result, outcome.attempts) == (Result.UNREACHABLE, 2)
    assert outcome.cost == pytest.approx(0)


async def test_doubt_outlives_a_later_clear_no(legacy: Setting) -> None:
    """The second copy was refused; the first may have been executed."""
    legacy.cloud.script = [Behaviour.LOSE_ANSWER, Behaviour.REFUSE]
    outcome = await legacy.router().send("set_sentry_mode", {"on": True})
    assert outcome.result is Result.UNKNOWN


async def test_a_press_in_doubt_takes_no_other_way(signing: Setting) -> None:
    """A toggle may have been executed; neither waking nor rerouting sends it again."""
    signing.cloud.script = [Behaviour.WAIT_AFTER]
    signing.cloud.handshake_script = [Behaviour.OBEY, SigningUnsupported]
    outcome = await signing.router().send("media_toggle_playback")
    assert (outcome.result, outcome.attempts) == (Result.UNKNOWN, 1)
    assert signing.cloud.commands == ["signed"]
    assert signing.cloud.wakes == 0


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (MissingScope, Result.REFUSED),
        (LoginRequired, Result.REFUSED),
        (InvalidRequest, Result.REFUSED),
        (RateLimited, Result.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("begin", ["signing", "legacy"])
async def test_what_tesla_decides_is_final(
    begin: str, error: Step, result: Result, request: pytest.FixtureRequest
) -> None:
    """One sending."""
    setting: Setting = request.getfixturevalue(begin)
    setting.cloud.script = [error]
    outcome = await setting.router().send("flash_lights")
    assert (outcome.result, outcome.attempts) == (result, 1)


async def test_a_scope_that_was_not_granted_stops_the_press_at_home(signing: Setting) -> None:
    """The error names the scope, and nothing is sent."""
    signing.scopes = frozenset({Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CHARGING_CMDS})
    outcome = await signing.router().send("set_sentry_mode", {"on": True})
    assert isinstance(outcome.error, ScopeNotGranted)
    assert outcome.error.placeholders["scope"] == "vehicle_cmds"
    assert (outcome.result, outcome.requests) == (Result.REFUSED, 0)
    assert (await signing.router().send("charge_start")).done


async def test_an_unknown_command_is_an_error_of_the_caller(signing: Setting) -> None:
    """Nothing is sent."""
    with pytest.raises(UnknownCommand):
        await signing.router().send("fly")


async def test_a_wrong_parameter_is_an_error_of_the_caller(
    signing: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is sent, and the PIN is repeated nowhere."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(InvalidParameter) as caught:
        await signing.router().send("set_valet_mode", {"on": True, "password": "98765"})
    assert caught.value.placeholders == {"command": "set_valet_mode", "parameter": "password"}
    assert "98765" not in f"{caught.value!r}{caught.value}{caught.value.__context__}{caplog.text}"
    assert (signing.cloud.commands, signing.cloud.handshakes) == ([], [])


async def test_a_command_without_signed_form_goes_unsigned_to_any_car(signing: Setting) -> None:
    """Navigation is Tesla's own business, not the car's."""
    outcome = await signing.router().send("navigation_request", {"destination": "Berlin"})
    assert (outcome.result, outcome.route) == (Result.DONE, Route.UNSIGNED)


async def test_a_command_without_signed_form_does_not_teach_about_the_car(legacy: Setting) -> None:
    """The refusal may be about the command, and there is no other way for it."""
    legacy.cloud.script = [SigningRequired]
    outcome = await legacy.router().send("navigation_request", {"destination": "Berlin"})
    assert (outcome.result, outcome.attempts, legacy.learnt) == (Result.REFUSED, 1, [])


async def test_a_command_that_must_be_signed_is_signed_to_any_car(legacy: Setting) -> None:
    """And if the car cannot, that is the end of it, and learnt."""
    legacy.cloud.script = [SigningUnsupported]
    outcome = await legacy.router().send("set_vehicle_name", {"vehicle_name": "Kitt"})
    assert (outcome.result, outcome.route) == (Result.REFUSED, Route.SIGNED)
    assert legacy.cloud.commands == ["signed"]


async def test_nobody_needs_to_listen(clock: Clock, cloud: Cloud) -> None:
    """The callbacks are optional."""
    beliefs = RouteBeliefs(LEGACY_VIN)
    router = Router(
        vin=VIN, transport=cloud, channel=None, beliefs=beliefs, clock=clock, sleep=clock.sleep
    )
    cloud.script = [SigningRequired]
    outcome = await router.send("flash_lights")
    assert isinstance(outcome.error, NoKey)
    assert beliefs.current.route is Route.SIGNED


async def test_a_wake_up_that_tesla_refuses_ends_the_press(
    legacy: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting would be useless."""

    async def refuse(vin: str) -> Availability:
        raise MissingScope(vin)

    monkeypatch.setattr(legacy.cloud, "wake_up", refuse)
    outcome = await legacy.router().send("flash_lights", asleep=True)
    assert (outcome.result, outcome.attempts) == (Result.REFUSED, 0)


async def test_a_lost_answer_to_the_wake_up_is_waited_out(
    legacy: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The car may well be waking: its state tells."""

    async def lose(vin: str) -> Availability:
        assert vin
        raise AnswerLost

    monkeypatch.setattr(legacy.cloud, "wake_up", lose)
    assert (await legacy.router().send("flash_lights", asleep=True)).done


async def test_the_last_sending_waits_until_a_car_can_be_awake(legacy: Setting) -> None:
    """Tesla's list still says "online"; without the wait both sendings would go in no time."""
    legacy.cloud.script = [VehicleUnavailable]
    outcome = await legacy.router().send("flash_lights")
    assert (outcome.result, outcome.attempts) == (Result.DONE, 2)
    assert legacy.clock.naps == [8.0]


async def test_a_car_that_has_said_so_gets_nothing_signed(legacy: Setting) -> None:
    """The first vain attempt teaches; the next one stays at home, and says why."""
    router = legacy.router()
    legacy.cloud.handshake_script = [SigningUnsupported]
    await router.send("set_vehicle_name", {"vehicle_name": "Kitt"})
    outcome = await router.send("set_vehicle_name", {"vehicle_name": "Kitt"})
    assert isinstance(outcome.error, CannotSign)
    assert (outcome.result, outcome.requests) == (Result.REFUSED, 0)
    assert (await router.send("flash_lights")).done


@pytest.mark.parametrize(("amps", "sendings"), [(4, 2), (5, 1)])
async def test_few_amperes_take_two_presses(signing: Setting, *, amps: int, sendings: int) -> None:
    """Some firmware goes below 5 A only when it is told again."""
    outcome = await signing.router().send("set_charging_amps", {"charging_amps": amps})
    assert (outcome.result, outcome.attempts) == (Result.DONE, sendings)
    assert outcome.requests == sendings + 1
    assert signing.cloud.commands == ["signed"] * sendings


async def test_each_of_two_presses_has_its_own_budget(legacy: Setting) -> None:
    """A press that is not done is the last one."""
    legacy.cloud.script = [NotSent, Behaviour.OBEY, NotSent, Behaviour.OBEY]
    outcome = await legacy.router().send("set_charging_amps", {"charging_amps": 0})
    assert (outcome.result, outcome.attempts) == (Result.DONE, 4)
    legacy.cloud.script = [Behaviour.REFUSE]
    outcome = await legacy.router().send("set_charging_amps", {"charging_amps": 0})
    assert (outcome.result, outcome.attempts) == (Result.REFUSED, 1)
