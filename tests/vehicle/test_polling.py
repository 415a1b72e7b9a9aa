"""When to ask: days of simulated cars, in no time."""

from dataclasses import dataclass, field

import pytest

from custom_components.teslalogger.tesla.models import Availability
from custom_components.teslalogger.vehicle import (
    Activity,
    Ask,
    PollingPolicy,
    Reading,
    Source,
    Speeds,
    Value,
    VehicleState,
    activity_of,
)

HOUR = 3600.0


@dataclass
class Car:
    """Falls asleep a quarter of an hour after it was last used or asked for data."""

    activity: Activity = Activity.IDLE
    falls_asleep_after: float = 15 * 60
    asleep: bool = False
    last_stir: float = 0.0
    asked: list[tuple[float, Ask]] = field(default_factory=list)
    wakes_at: list[float] = field(default_factory=list)

    def look(self, now: float) -> Availability:
        """Answer the free question."""
        self._live(now)
        self.asked.append((now, Ask.STATE))
        return Availability.ASLEEP if self.asleep else Availability.ONLINE

    def data(self, now: float) -> Activity | None:
        """Answer the costly question; None is a 408."""
        self._live(now)
        self.asked.append((now, Ask.DATA))
        if self.asleep:
            return None
        self.last_stir = now
        return self.activity

    def _live(self, now: float) -> None:
        while self.wakes_at and self.wakes_at[0] <= now:
            self.last_stir, self.asleep = self.wakes_at.pop(0), False
        if self.activity is Activity.IDLE and now - self.last_stir > self.falls_asleep_after:
            self.asleep = True

    def count(self, ask: Ask, since: float = 0.0) -> int:
        """How often something was asked."""
        return sum(1 for at, what in self.asked if what is ask and at >= since)


def live(policy: PollingPolicy, car: Car, begin: float, end: float) -> float:
    """Do what the policy says, from one time to another."""
    now = begin
    while True:
        step = policy.next_step(now)
        if now + step.delay >= end:
            return end
        now += step.delay
        if step.ask is Ask.STATE:
            policy.saw_availability(car.look(now), now)
        elif (activity := car.data(now)) is None:
            policy.was_unavailable(now)
        else:
            policy.saw_data(activity, now)
        if step.delay == 0:
            now += 0.1


def test_a_day_of_sleep_costs_nothing_and_wakes_nobody() -> None:
    """Free checks only, one a minute."""
    car = Car(asleep=True)
    live(PollingPolicy(), car, 0, 24 * HOUR)
    assert car.count(Ask.DATA) == 0
    assert car.count(Ask.STATE) == pytest.approx(24 * 60, abs=2)


def test_a_parked_car_is_let_fall_asleep() -> None:
    """One look at its data when it is found awake, and it sleeps within the hour."""
    car = Car()
    live(PollingPolicy(), car, 0, 24 * HOUR)
    assert car.asleep
    assert car.count(Ask.DATA) == 1


def test_a_car_slow_to_fall_asleep_gets_its_rest_too() -> None:
    """Each quiet time is twice as long as the one before."""
    car = Car(falls_asleep_after=35 * 60)
    live(PollingPolicy(), car, 0, 24 * HOUR)
    assert car.asleep
    assert car.count(Ask.DATA) == 2


def test_a_car_that_never_sleeps_is_not_forgotten() -> None:
    """The quiet times have a limit."""
    car = Car(falls_asleep_after=1e9)
    live(PollingPolicy(), car, 0, 24 * HOUR)
    assert car.count(Ask.DATA) == pytest.approx(24 * 60 / 84, abs=3)


def test_a_car_that_wakes_is_asked_at_once_and_then_left_alone() -> None:
    """Each of three short stirrings in a day costs one look."""
    car = Car(asleep=True, wakes_at=[6 * HOUR, 12 * HOUR, 18 * HOUR])
    live(PollingPolicy(), car, 0, 24 * HOUR)
    assert car.count(Ask.DATA) == 3
    assert car.asleep
    asked = [at for at, ask in car.asked if ask is Ask.DATA]
    assert all(
        at - woke <= 61 for at, woke in zip(asked, [6 * HOUR, 12 * HOUR, 18 * HOUR], strict=True)
    )


@pytest.mark.parametrize(
    ("activity", "per_hour"),
    [
        (Activity.DRIVING, 60),
        (Activity.CHARGING, 12),
        (Activity.ATTENDED, 6),
        (Activity.IN_SERVICE, 2),
    ],
)
def test_a_busy_car_is_asked_at_its_own_speed(activity: Activity, per_hour: int) -> None:
    """And driving costs most."""
    car = Car(activity=activity)
    live(PollingPolicy(), car, 0, 10 * HOUR)
    assert car.count(Ask.DATA) == pytest.approx(10 * per_hour, abs=2)


def test_a_car_in_service_is_left_alone_for_half_an_hour() -> None:
    """Tesla itself answers so; not even its state is asked for."""
    policy = PollingPolicy()
    policy.saw_availability(Availability.ONLINE, 0)
    policy.is_in_service(0)
    assert policy.next_step(0).delay >= 30 * 60


@pytest.mark.parametrize("streams", [False, True])
def test_a_car_in_service_is_not_asked_again_for_a_command(*, streams: bool) -> None:
    """Tesla's answer is an answer to that, too."""
    policy = _streaming() if streams else PollingPolicy()
    policy.sent_command(100, expected={"locked"})
    policy.is_in_service(105)
    assert policy.next_step(105).delay >= 30 * 60


def test_the_end_of_a_drive_lets_the_car_sleep() -> None:
    """Driving, then parked."""
    policy, car = PollingPolicy(), Car(activity=Activity.DRIVING)
    now = live(policy, car, 0, HOUR)
    car.activity = Activity.IDLE
    live(policy, car, now, now + 2 * HOUR)
    assert car.asleep
    assert car.count(Ask.DATA, now) <= 2


def test_after_a_command_the_car_is_asked_soon() -> None:
    """The result is to be seen, also in the middle of a quiet time."""
    policy = PollingPolicy()
    policy.saw_availability(Availability.ONLINE, 0)
    policy.saw_data(Activity.IDLE, 0)
    policy.sent_command(10)
    step = policy.next_step(10)
    assert (step.ask, step.delay) == (Ask.DATA, 5)
    policy.saw_data(Activity.IDLE, 15)
    assert policy.next_step(15).ask is Ask.STATE


def test_a_state_that_lags_is_not_believed_for_a_while() -> None:
    """Tesla says online, the data says 408: five minutes without another 408."""
    policy = PollingPolicy()
    policy.saw_availability(Availability.ONLINE, 0)
    assert policy.next_step(0).ask is Ask.DATA
    policy.was_unavailable(0)
    policy.saw_availability(Availability.ONLINE, 60)
    assert policy.next_step(60).ask is Ask.STATE
    policy.saw_availability(Availability.ONLINE, 300)
    assert policy.next_step(300).ask is Ask.DATA


def test_failures_make_it_slower_and_success_makes_it_quick_again() -> None:
    """One minute, two, four, eight, then never more than a quarter of an hour."""
    policy = PollingPolicy()
    now, delays = 0.0, []
    for _ in range(7):
        policy.failed(now)
        delays.append(policy.next_step(now).delay)
        now += delays[-1]
    assert delays == [60, 120, 240, 480, 900, 900, 900]
    policy.saw_availability(Availability.ASLEEP, now)
    policy.failed(now)
    assert policy.next_step(now).delay == 60


def test_tesla_s_own_waiting_time_is_kept() -> None:
    """Even if it is long."""
    policy = PollingPolicy()
    policy.failed(0, retry_after=7200)
    assert policy.next_step(0).delay == 7200


def test_speeds_are_the_user_s() -> None:
    """Every one of them."""
    policy = PollingPolicy(speeds=Speeds(state=10, driving=20))
    policy.saw_data(Activity.DRIVING, 0)
    assert (policy.next_step(0).ask, policy.next_step(0).delay) == (Ask.STATE, 10)
    policy.saw_availability(Availability.ONLINE, 15)
    assert (policy.next_step(15).ask, policy.next_step(15).delay) == (Ask.DATA, 5)


@pytest.mark.parametrize(
    ("values", "activity"),
    [
        ({}, Activity.IDLE),
        ({"shift_state": "p", "speed": 0, "charging_state": "complete"}, Activity.IDLE),
        ({"sentry_mode": False, "is_user_present": False}, Activity.IDLE),
        ({"shift_state": "d"}, Activity.DRIVING),
        ({"shift_state": "n"}, Activity.DRIVING),
        ({"shift_state": "p", "speed": 3}, Activity.DRIVING),
        ({"charging_state": "charging"}, Activity.CHARGING),
        ({"charging_state": "starting", "sentry_mode": True}, Activity.CHARGING),
        ({"sentry_mode": True}, Activity.ATTENDED),
        ({"is_climate_on": True}, Activity.ATTENDED),
        ({"is_user_present": True}, Activity.ATTENDED),
        ({"service_mode": True, "shift_state": "d"}, Activity.IN_SERVICE),
    ],
)
def test_what_a_car_is_at(values: dict[str, Value], activity: Activity) -> None:
    """From its readings."""
    state = VehicleState(
        {
            key: Reading(value=value, car_time=0, received=0, source=Source.POLL)
            for key, value in values.items()
        }
    )
    assert activity_of(state) is activity


def test_a_streaming_car_is_asked_once_and_then_hardly_ever() -> None:
    """What was missed while nobody listened, and a few times a day what no stream tells."""
    car, policy = Car(activity=Activity.ATTENDED), PollingPolicy()
    policy.stream_began(0)
    live(policy, car, 0, 24 * HOUR)
    assert [at for at, what in car.asked if what is Ask.DATA] == pytest.approx(
        [0, 6 * HOUR, 12 * HOUR, 18 * HOUR], abs=1
    )


def test_a_streaming_car_is_online_whatever_a_list_says() -> None:
    """Tesla's list lags behind; what it refused is asked for again after a while."""
    policy = PollingPolicy()
    policy.stream_began(0)
    policy.was_unavailable(0)
    step = policy.next_step(0)
    assert (step.ask, step.delay) == (Ask.DATA, policy.speeds.after_unavailable)
    seen = [policy.availability]
    policy.saw_availability(Availability.ASLEEP, 10)
    seen.append(policy.availability)
    policy.stream_ended(20)
    policy.saw_availability(Availability.ASLEEP, 20)
    assert [*seen, policy.availability] == [
        Availability.ONLINE,
        Availability.ONLINE,
        Availability.ASLEEP,
    ]


def _streaming(*signals: str) -> PollingPolicy:
    """A car that tells these by itself, and was asked at the beginning."""
    policy = PollingPolicy()
    policy.stream_began(0)
    policy.saw_data(Activity.DRIVING, 0)
    policy.was_streamed(signals)
    return policy


def test_a_command_that_the_stream_confirms_costs_no_look() -> None:
    """It tells by itself what became of it; what does nothing to a signal needs no telling."""
    policy = _streaming("locked", "rear_trunk")
    policy.sent_command(10, expected={"locked"}, changed={"rear_trunk"})
    assert policy.was_streamed(["locked"])
    assert policy.next_step(11).delay > HOUR
    policy.sent_command(20)
    assert policy.next_step(20).delay > HOUR


def test_a_command_that_the_stream_does_not_confirm_is_looked_into() -> None:
    """Once, after a minute; other news of the stream do not count."""
    policy = _streaming("locked", "speed")
    policy.sent_command(10, expected={"locked"})
    assert not policy.was_streamed(["speed"])
    step = policy.next_step(10)
    assert (step.ask, step.delay) == (Ask.DATA, policy.speeds.confirmation)
    policy.saw_data(Activity.DRIVING, 70)
    assert policy.next_step(70).delay > HOUR


@pytest.mark.parametrize("touched", ["expected", "changed"])
def test_a_command_for_what_no_stream_tells_is_looked_into_soon(touched: str) -> None:
    """Once; the stream cannot show what became of it."""
    policy = _streaming("locked")
    policy.sent_command(3600, **{touched: {"locked", "bioweapon_mode"}})
    step = policy.next_step(3600)
    assert (step.ask, step.delay) == (Ask.DATA, policy.speeds.after_command)
    policy.saw_data(Activity.DRIVING, 3605)
    assert policy.next_step(3605).delay > HOUR


def test_many_commands_cost_one_look() -> None:
    """After the last of them, and not more than one a minute however long it goes on."""
    car, policy = Car(activity=Activity.ATTENDED), _streaming()
    for press in range(60):
        now = 600.0 + 10 * press
        policy.sent_command(now, changed={"media_volume"})
        live(policy, car, now, now + 10)
    live(policy, car, 1200, 2 * HOUR)
    assert 10 <= car.count(Ask.DATA) <= 11
    last = max(at for at, what in car.asked if what is Ask.DATA)
    assert last >= 1190 + policy.speeds.after_command


def test_news_of_what_no_stream_tells_are_asked_for() -> None:
    """By a car that streams; any other is asked in its turn."""
    policy = _streaming("software_update_version")
    policy.may_have_changed({"software_update_version"}, 600)
    assert policy.next_step(600).delay > HOUR
    policy.may_have_changed({"software_update_status"}, 600)
    assert policy.next_step(600).delay == policy.speeds.after_command
    polled = PollingPolicy()
    polled.saw_data(Activity.IDLE, 0)
    polled.may_have_changed({"software_update_status"}, 0)
    assert polled.next_step(0).ask is Ask.STATE


def test_a_car_that_a_command_woke_is_asked_though_it_streams_now() -> None:
    """Its stream may not tell what the command did."""
    policy = PollingPolicy()
    policy.saw_data(Activity.IDLE, 0)
    policy.sent_command(3600, expected={"bioweapon_mode"})
    policy.stream_began(3601)
    step = policy.next_step(3601)
    assert (step.ask, step.delay) == (Ask.DATA, policy.speeds.after_command - 1)


def test_what_a_car_tells_by_itself_is_heard_only_while_it_streams() -> None:
    """Then the last word is the newest."""
    policy = _streaming("locked")
    assert policy.hears("locked")
    assert not policy.hears("speed")
    policy.stream_ended(10)
    assert not policy.hears("locked")


def test_a_stream_that_ends_because_the_car_sleeps_costs_nothing() -> None:
    """The free question says why."""
    car, policy = Car(), PollingPolicy()
    policy.stream_began(0)
    policy.saw_data(Activity.IDLE, 0)
    car.asleep = True
    policy.stream_ended(HOUR)
    live(policy, car, HOUR, 2 * HOUR)
    assert car.count(Ask.DATA) == 0
    assert car.asked[0] == (HOUR, Ask.STATE)


def test_a_stream_that_breaks_off_is_waited_for_before_data_are_bought() -> None:
    """A car that changes its network is back in a moment; one that stays away is polled."""
    car, policy = Car(activity=Activity.DRIVING), PollingPolicy()
    policy.stream_began(0)
    policy.saw_data(Activity.DRIVING, 0)
    policy.stream_ended(HOUR)
    live(policy, car, HOUR, HOUR + 600)
    asked = [at for at, what in car.asked if what is Ask.DATA]
    assert asked[0] == pytest.approx(HOUR + 300, abs=1)
    assert len(asked) == 5
