"""When to ask what of one car. Does no I/O: the time is handed in.

Theory of operation. A state check is free and does not touch the car, so it comes first and goes
on for ever; `vehicle_data` is asked only of a car that is online. A parked car falls asleep after
about a quarter of an hour, if nobody asks it for data. So an idle car is asked once and then left
alone for longer than that. If it is still awake by then, it has a reason of its own or is slow to
fall asleep: it is asked once more, and left alone for twice as long.

A car that streams is online as long as its connection is, and tells almost everything by itself.
It is asked once when it first appears, for what it told nobody while nobody listened, and then a
few times a day for what no stream tells. In between it is asked when a command, or something that
it streams, has to do with a signal that its stream does not tell, and when the stream does not show
what a command was to do. When the stream ends the free question shows why; data are asked for only
if the car stays online and the stream does not come back.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.tesla.models import Availability

if TYPE_CHECKING:
    from collections.abc import Collection

    from .state import VehicleState

_MAX_DOUBLINGS: Final = 5
_NEVER: Final = float("-inf")


class Activity(StrEnum):
    """What an online car is at, as far as polling is concerned."""

    DRIVING = "driving"
    CHARGING = "charging"
    ATTENDED = "attended"  # awake for a reason of its own: polling does not change that
    IDLE = "idle"
    IN_SERVICE = "in_service"


class Ask(StrEnum):
    """What to ask."""

    STATE = "state"  # free, leaves the car alone
    DATA = "data"  # billed, keeps the car awake


@dataclass(frozen=True, kw_only=True, slots=True)
class Speeds:
    """Seconds between two questions. Tesla's free US$ 10 a month pay for 160 data answers a day."""

    state: float = 60
    driving: float = 60
    charging: float = 300
    attended: float = 600
    # Longer than the quarter of an hour after which an idle car falls asleep.
    idle: float = 21 * 60
    idle_limit: float = 84 * 60
    in_service: float = 30 * 60
    after_command: float = 5
    # Tesla's list of states can lag: "online" is not believed again for this long after a 408.
    after_unavailable: float = 300
    streaming: float = 6 * 3600
    # A streaming car is asked for what it does not tell at most this often, however much happens.
    streaming_pause: float = 60
    # So long a stream has to show what a command has done.
    confirmation: float = 60
    after_stream: float = 300
    failure: float = 60
    failure_limit: float = 15 * 60


OWNER_SPEEDS: Final = Speeds(state=300, driving=120, charging=600, attended=900)
"""For an API that was made for an app which is looked at now and then; some 400 questions a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What to ask next, and in how many seconds."""

    ask: Ask
    delay: float


@dataclass(slots=True)
class PollingPolicy:
    """Decides what to ask of one car next: tell it what came back, then ask for the next step."""

    speeds: Speeds = field(default_factory=Speeds)
    availability: Availability = Availability.UNKNOWN
    activity: Activity | None = None
    is_streaming: bool = field(default=False, init=False)
    _last_state: float = field(default=_NEVER, init=False)
    _last_data: float = field(default=_NEVER, init=False)
    _wanted_at: float | None = field(default=None, init=False)
    _streamed: set[str] = field(default_factory=set, init=False)
    _awaited: dict[str, float] = field(default_factory=dict, init=False)
    _no_data_before: float = field(default=_NEVER, init=False)
    _idle_looks: int = field(default=0, init=False)
    _silent_until: float = field(default=_NEVER, init=False)
    _failures: int = field(default=0, init=False)

    def next_step(self, now: float) -> Step:
        """The next question; `now` is monotonic, in seconds."""
        state_at = self._last_state + self._state_interval
        data_at = self._data_at()
        ask, at = (Ask.DATA, data_at) if data_at <= state_at else (Ask.STATE, state_at)
        return Step(ask=ask, delay=max(0.0, at - now, self._silent_until - now))

    def saw_availability(self, availability: Availability, now: float) -> None:
        """A state check, or anything else that shows whether the car is online.

        As long as it streams it is, though Tesla's list of states lags behind.
        """
        if self.is_streaming:
            availability = Availability.ONLINE
        if availability is not Availability.ONLINE:
            self.activity = None
            self._wanted_at = None
            self._failures = 0  # of an online car only data end a series: checks may always work
        self.availability = availability
        self._last_state = now

    def saw_data(self, activity: Activity, now: float) -> None:
        """An answer of `vehicle_data`."""
        self.availability = Availability.ONLINE
        still_idle = activity is Activity.IDLE and self.activity is Activity.IDLE
        self._idle_looks = self._idle_looks + 1 if still_idle else 0
        self.activity = activity
        self._last_state = self._last_data = now
        self._wanted_at = None
        self._awaited.clear()
        self._failures = 0

    def was_unavailable(self, now: float) -> None:
        """`vehicle_data` was refused because the car is not online."""
        self.saw_availability(Availability.OFFLINE, now)
        self._no_data_before = now + self.speeds.after_unavailable

    def sent_command(
        self, now: float, *, expected: Collection[str] = (), changed: Collection[str] = ()
    ) -> None:
        """A car that obeyed is awake, and has something new to tell.

        `expected` are the signals that are to read something else, `changed` those that may.
        """
        self.availability = Availability.ONLINE
        self._no_data_before = _NEVER
        if not self.is_streaming:
            self._wanted_at = now + self.speeds.after_command
            return
        self.may_have_changed({*expected, *changed}, now)
        told = self._streamed.intersection(expected)
        self._awaited |= dict.fromkeys(told, now + self.speeds.confirmation)

    def may_have_changed(self, signals: Collection[str], now: float) -> None:
        """Something happened that these signals have to do with: see what no stream tells."""
        if self.is_streaming and not self._streamed.issuperset(signals):
            self._wanted_at = now + self.speeds.after_command

    def was_streamed(self, signals: Collection[str]) -> bool:
        """The car told these by itself; whether there is less to ask for now."""
        self._streamed.update(signals)
        if self._awaited.keys().isdisjoint(signals):
            return False
        for signal in signals:
            self._awaited.pop(signal, None)
        return True

    def hears(self, signal: str) -> bool:
        """Whether the car tells by itself when this signal changes."""
        return self.is_streaming and signal in self._streamed

    def stream_began(self, now: float) -> None:
        """The car is connected and tells by itself.

        What a command did before may be among what it does not tell: that is still asked for.
        """
        self.is_streaming = True
        self.saw_availability(Availability.ONLINE, now)

    def stream_ended(self, now: float) -> None:
        """It is not any more: it fell asleep, lost its network, or was told to stop."""
        self.is_streaming = False
        self.activity = None
        self._awaited.clear()
        self._last_state = _NEVER
        self._no_data_before = now + self.speeds.after_stream

    def is_in_service(self, now: float) -> None:
        """Tesla answered that the car is in service, which is all that can be had."""
        self.activity = Activity.IN_SERVICE
        self._last_state = self._last_data = now
        self._wanted_at = None
        self._awaited.clear()

    def failed(self, now: float, retry_after: float | None = None) -> None:
        """No usable answer; `retry_after` in seconds if Tesla named a time."""
        back_off = min(self.speeds.failure * 2**self._failures, self.speeds.failure_limit)
        self._failures = min(self._failures + 1, _MAX_DOUBLINGS)
        self._silent_until = now + max(back_off, retry_after or 0.0)

    @property
    def _state_interval(self) -> float:
        if self.is_streaming:
            return self.speeds.streaming
        in_service = self.activity is Activity.IN_SERVICE
        return self.speeds.in_service if in_service else self.speeds.state

    def _data_at(self) -> float:
        if self.availability is not Availability.ONLINE:
            return float("inf")
        if self.is_streaming:
            return max(self._data_of_stream_at(), self._no_data_before)
        if self._wanted_at is not None:
            return self._wanted_at
        if self.activity is None:
            return self._no_data_before
        intervals = {
            Activity.DRIVING: self.speeds.driving,
            Activity.CHARGING: self.speeds.charging,
            Activity.ATTENDED: self.speeds.attended,
            Activity.IDLE: min(
                self.speeds.idle * 2.0 ** min(self._idle_looks, _MAX_DOUBLINGS),
                self.speeds.idle_limit,
            ),
            Activity.IN_SERVICE: self.speeds.in_service,
        }
        return self._last_data + intervals[self.activity]

    def _data_of_stream_at(self) -> float:
        """When a streaming car is asked; a look answers everything that was wanted before it."""
        wanted = [*self._awaited.values(), *([] if self._wanted_at is None else [self._wanted_at])]
        soonest = self._last_data + self.speeds.streaming_pause
        return min(
            self._last_data + self.speeds.streaming,
            max(min(wanted, default=float("inf")), soonest),
        )


def activity_of(state: VehicleState) -> Activity:
    """What the car is at, from its latest readings."""
    if state.value("service_mode") is True:
        return Activity.IN_SERVICE
    speed = state.value("speed")
    is_moving = isinstance(speed, int | float) and speed > 0
    if is_moving or state.value("shift_state") in {"d", "r", "n"}:
        return Activity.DRIVING
    if state.value("charging_state") in {"charging", "starting"}:
        return Activity.CHARGING
    if any(state.value(key) is True for key in _KEEPS_AWAKE):
        return Activity.ATTENDED
    return Activity.IDLE


_KEEPS_AWAKE: Final = ("is_user_present", "sentry_mode", "is_climate_on", "is_preconditioning")
