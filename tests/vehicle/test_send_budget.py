"""Whatever the answers are: two sendings at most, no toggle twice, no untrue outcome."""

import asyncio
from typing import TYPE_CHECKING, Final

from hypothesis import event, example, given, settings, strategies as st

from custom_components.teslalogger.tesla.errors import (
    AnswerLost,
    LoginRequired,
    NotSent,
    RateLimited,
    SigningRequired,
    SigningUnsupported,
    TeslaError,
    VehicleTimeout,
    VehicleUnavailable,
)
from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.vehicle import (
    COMMANDS,
    Repeat,
    Result,
    Route,
    RouteBeliefs,
    Router,
    SignedChannel,
)
from custom_components.teslalogger.vehicle_command import CommandKey

from .doubles import LEGACY_VIN, VIN, Behaviour, Clock, Cloud, Disk, Step

if TYPE_CHECKING:
    from collections.abc import Callable

KEY: Final = CommandKey.generate()
ERRORS: Final[list[Callable[[], TeslaError]]] = [
    AnswerLost,
    LoginRequired,
    NotSent,
    RateLimited,
    SigningRequired,
    SigningUnsupported,
    VehicleTimeout,
    VehicleUnavailable,
]
FAULTS: Final = [1, 2, 3, 5, 6, 7, 9, 11, 15, 17, 20, 25, 26, 29, 77]
STEPS: Final = st.one_of(
    st.sampled_from(list(Behaviour)), st.sampled_from(FAULTS), st.sampled_from(ERRORS)
)
PRESSES: Final[dict[str, dict[str, object]]] = {
    "set_sentry_mode": {"on": True},
    "media_toggle_playback": {},
    "actuate_trunk": {"which_trunk": "rear"},
    "flash_lights": {},
    "door_lock": {},
}
SENDING_THAT_COUNTS: Final = 2


class World:
    """One car, its cloud, and a router that can be restarted."""

    def __init__(self, vin: str) -> None:
        self.clock = Clock()
        self.cloud = Cloud(self.clock)
        self.disk = Disk()
        self.beliefs = RouteBeliefs(vin, clock=self.clock.wall)
        self.router = self._router()

    def restart(self) -> None:
        """Forget everything that is not on disk."""
        self.router = self._router()

    def _router(self) -> Router:
        channel = SignedChannel(
            vin=VIN,
            key=KEY,
            transport=self.cloud,
            store=self.disk,
            clock=self.clock,
            wall_clock=self.clock.wall,
            sleep=self.clock.sleep,
        )
        return Router(
            vin=VIN,
            transport=self.cloud,
            channel=channel,
            beliefs=self.beliefs,
            clock=self.clock,
            sleep=self.clock.sleep,
        )

    @property
    def executions(self) -> int:
        """How often the car did anything, by either way."""
        return len(self.cloud.executed) + len(self.cloud.executed_unsigned)


async def _press(world: World, name: str, commands: list[Step], handshakes: list[Step]) -> None:
    cloud = world.cloud
    cloud.script, cloud.handshake_script = list(commands), list(handshakes)
    cloud.availability, cloud.wakes_after = Availability.ASLEEP, 2
    before, sent_before, wakes_before = world.executions, len(cloud.commands), cloud.wakes
    outcome = await world.router.send(name, PRESSES[name])
    # What is still on its way arrives right after the user heard the outcome, which must hold.
    cloud.deliver_late()
    sent = len(cloud.commands) - sent_before
    executed = world.executions - before
    event(f"{outcome.result} after {sent}")
    assert sent <= SENDING_THAT_COUNTS
    assert outcome.attempts == sent
    assert cloud.wakes - wakes_before <= 1
    if COMMANDS[name].repeat is not Repeat.STATE:
        assert executed <= 1
    if outcome.result is Result.DONE:
        assert executed >= 1
    if outcome.result in {Result.REFUSED, Result.UNREACHABLE}:
        assert executed == 0


@settings(max_examples=400)
@given(
    vin=st.sampled_from([VIN, LEGACY_VIN]),
    presses=st.lists(
        st.tuples(
            st.sampled_from(sorted(PRESSES)),
            st.lists(STEPS, max_size=4),
            st.lists(STEPS, max_size=5),
            st.booleans(),
        ),
        min_size=1,
        max_size=4,
    ),
)
@example(
    vin=VIN,
    presses=[("media_toggle_playback", [Behaviour.WAIT_AFTER], [Behaviour.OBEY, NotSent], False)],
)
@example(
    vin=LEGACY_VIN, presses=[("flash_lights", [SigningRequired, SigningUnsupported], [], True)]
)
def test_no_sequence_of_answers_breaks_the_promises(
    vin: str, presses: list[tuple[str, list[Step], list[Step], bool]]
) -> None:
    """Several presses in a row, with restarts between, against a car that verifies strictly."""

    async def run() -> None:
        world = World(vin)
        for name, commands, handshakes, restart in presses:
            await _press(world, name, commands, handshakes)
            assert world.beliefs.current.route in set(Route)
            if restart:
                world.restart()

    asyncio.run(run())
