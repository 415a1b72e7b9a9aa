"""What is asked about a car's stream, and how seldom; what is told to a person, and when."""

from collections import Counter
from dataclasses import dataclass, field
import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.fleet_telemetry.dossier import (
    ASK_ERRORS,
    BACK_OFF,
    DAY,
    HOUR,
    LONGEST_BACK_OFF,
    LOOK_ONCE_HERE,
    SILENT,
    BackOff,
    Dossier,
    Given,
    blocks_giving,
)
from custom_components.teslalogger.fleet_telemetry.eligibility import Evidence, Finding
from custom_components.teslalogger.fleet_telemetry.records import CarError
from custom_components.teslalogger.fleet_telemetry.remote_errors import RemoteErrorKind, read_errors
from custom_components.teslalogger.fleet_telemetry.stored import Status

if TYPE_CHECKING:
    from collections.abc import Callable

START: Final = 1_790_000_000.0
MINUTE: Final = 60.0
VIN: Final = "5YJ3E7EB8MF012346"
ISSUER: Final = "our key"
CONTENT: Final = {"hostname": "home.example.test", "port": 443, "fields": {"Soc": {}}}
OTHER: Final = {**CONTENT, "fields": {"Soc": {}, "Gear": {}}}
FOREIGN: Final = {**CONTENT, "hostname": "other.example.test"}
FACTS: Final = Evidence(
    scopes=("vehicle_device_data",), old_design=False, firmware="2026.32.1", key_paired=True
)


def wanted(now: float, content: dict[str, Any] = CONTENT, signer: str = "key") -> Given:
    """A configuration of now."""
    return Given(content=content, signer=signer, at=now, left_out={"Gear": "firmware"})


def look(dossier: Dossier, now: float, **changes: Any) -> None:
    """Look at a Tesla that holds what is wanted, but for these changes."""
    answer: dict[str, Any] = {
        "synced": True,
        "config": CONTENT,
        "limit_reached": False,
        "key_paired": True,
        "needs_key": True,
        "issuer": ISSUER,
        **changes,
    }
    dossier.note_held(wanted(now), **answer)


def proven(dossier: Dossier) -> bool:
    """Whether the car is known to stream by the newest."""
    return dossier.is_proven


def rows(text: str, when: float, **more: Any) -> list[Any]:
    """What a car complained of, as Tesla tells it."""
    row = {"vin": VIN, "error_name": "connection_error", "error": text, "created_at": when}
    return read_errors([row | more], vin=VIN)


@dataclass
class Week:
    """Seven days, minute by minute, in which somebody does whatever is due."""

    dossier: Dossier = field(default_factory=Dossier)
    done: Counter[str] = field(default_factory=Counter)

    def live(
        self,
        *,
        answer: Callable[[Dossier, float], None],
        give: Callable[[Dossier, float], None],
        is_online: Callable[[float], bool] = lambda _: False,
    ) -> None:
        """Go through it."""
        for minute in range(7 * 24 * 60):
            now = START + minute * MINUTE
            self.dossier.note_online(now, is_online=is_online(now))
            if self.dossier.is_look_due(now):
                self.done["look"] += 1
                answer(self.dossier, now)
            if self.dossier.asking.failures:
                continue
            if self.dossier.are_errors_due(now):
                self.done["errors"] += 1
                self.dossier.note_errors([], now)
            if self.dossier.needs(wanted(now)) and self.dossier.may_try("same", now):
                self.done["give"] += 1
                give(self.dossier, now)


def holds(**changes: Any) -> Callable[[Dossier, float], None]:
    """Tesla answers a look with this."""
    return lambda dossier, now: look(dossier, now, **changes)


def takes(dossier: Dossier, now: float) -> None:
    """Tesla takes what it is given."""
    dossier.note_given(wanted(now), "same")


def skips(dossier: Dossier, now: float) -> None:
    """Tesla does not."""
    dossier.note_skipped("max_configs", "same", now)


def is_silent(dossier: Dossier, now: float) -> None:
    """Tesla gives no answer."""
    dossier.asking.failed(now)


def refuses(dossier: Dossier, now: float) -> None:
    """Tesla does not accept what it is given."""
    dossier.giving.failed(now)


# What Tesla holds before anything was given, and then: how often it is asked within a week.
WEEKS: Final = {
    "takes it at once": (holds(), takes, {"look": 7}),
    "asleep all the week": (holds(synced=False), takes, {"look": 31}),
    "says it holds nothing": (holds(config=None, synced=False), takes, {"look": 43, "give": 7}),
    "drops it each time": (holds(config=None), takes, {"look": 43, "give": 7}),
    "writes it down otherwise": (holds(config=OTHER), takes, {"look": 43, "give": 7}),
    "has no room": (holds(config=None, limit_reached=True), takes, {"look": 28}),
    "is somebody else's": (holds(config=FOREIGN), takes, {"look": 28}),
    "skips the car": (holds(config=None, synced=False), skips, {"look": 28, "give": 7}),
    "gives no answer": (is_silent, refuses, {"look": 34}),
    "takes nothing": (holds(config=None, synced=False), refuses, {"look": 28, "give": 34}),
}


@pytest.mark.parametrize(("answer", "give", "asked"), WEEKS.values(), ids=WEEKS)
def test_a_week_is_quiet(answer: Any, give: Any, asked: dict[str, int]) -> None:
    """Whatever Tesla does, it is asked a few times a day."""
    week = Week()
    week.live(answer=answer, give=give)
    assert week.done.keys() == asked.keys()
    for question, times in asked.items():
        assert week.done[question] == times, week.done


def test_a_car_that_never_comes_is_asked_every_six_hours() -> None:
    """As long as it is online."""
    week = Week()
    week.live(answer=holds(), give=takes, is_online=lambda _: True)
    assert 27 <= week.done["errors"] <= 28
    assert week.dossier.missed


def test_a_car_that_is_never_online_for_long_is_not_asked() -> None:
    """It had no time to come."""
    week = Week()
    week.live(answer=holds(), give=takes, is_online=lambda now: (now - START) % HOUR < SILENT)
    assert not week.done["errors"]


def test_a_car_that_streams_as_tesla_says_is_proof_enough() -> None:
    """Once it was seen to be so, nothing is asked at all."""
    week = Week()
    week.dossier.note_given(wanted(START), "same")
    week.dossier.note_hello(START + 1)
    week.live(answer=holds(), give=takes, is_online=lambda _: True)
    assert week.done == {"look": 1}
    assert week.dossier.status is Status.ACTIVE
    assert week.dossier.is_proven


def test_a_car_that_comes_back_may_not_have_fetched_the_newest() -> None:
    """It is looked at until Tesla says that it has, also while it streams by the old one."""
    week = Week()
    week.dossier.note_given(wanted(START), "same")
    week.dossier.note_hello(START + 1)
    assert not proven(week.dossier)
    week.live(answer=holds(synced=False), give=takes, is_online=lambda _: True)
    assert week.done == {"look": 30}
    assert week.dossier.status is Status.PENDING
    later = START + 8 * DAY
    look(week.dossier, later)
    assert proven(week.dossier)
    takes(week.dossier, later)
    assert not proven(week.dossier)


def test_a_car_that_wakes_up_is_looked_at_soon() -> None:
    """Five minutes after it came, once for each time that it stays so long."""
    dossier = Dossier()
    takes(dossier, START)
    look(dossier, START + HOUR, synced=False)
    dossier.note_hello(START + 2 * HOUR)
    soon = START + 2 * HOUR + LOOK_ONCE_HERE
    assert not dossier.is_look_due(soon - 1)
    assert dossier.is_look_due(soon)
    look(dossier, soon, synced=False)
    assert not dossier.is_look_due(soon + HOUR)
    dossier.note_goodbye()
    dossier.note_hello(soon + HOUR)
    assert not dossier.is_look_due(soon + HOUR + LOOK_ONCE_HERE - 1)
    assert dossier.is_look_due(soon + HOUR + LOOK_ONCE_HERE)


def test_first_looks_are_close_to_each_other() -> None:
    """After one, five and thirty minutes, then every six hours, and daily once it is active."""
    dossier = Dossier()
    dossier.note_given(wanted(START), "same")
    looks = []
    for minute in range(48 * 60):
        now = START + minute * MINUTE
        if dossier.is_look_due(now):
            looks.append(minute)
            look(dossier, now, synced=minute > 600)
    assert looks == [1, 5, 30, 390, 750, 750 + 24 * 60]


def test_what_is_as_it_should_be_is_not_given_again() -> None:
    """Though nobody remembers having given it; unless another key had signed it."""
    dossier = Dossier()
    look(dossier, START, config={**CONTENT, "iss": ISSUER})
    assert not dossier.needs(wanted(START))
    assert dossier.given == wanted(START)

    stranger = Dossier()
    look(stranger, START, config={**CONTENT, "iss": "another key"})
    assert stranger.needs(wanted(START))
    assert stranger.given is None


@pytest.mark.parametrize(
    "change", [{"content": OTHER}, {"signer": "another"}], ids=["other fields", "another key"]
)
def test_another_wish_is_given(change: dict[str, Any]) -> None:
    """At once, whatever Tesla held last."""
    dossier = Dossier()
    takes(dossier, START)
    assert not dossier.needs(wanted(START))
    assert dossier.needs(wanted(START, **change))
    assert dossier.may_try("another", START)


def test_others_are_left_alone_unless_a_person_wants_it() -> None:
    """Neither another server's configuration nor a lack of room is fought against."""
    for change in ({"config": FOREIGN}, {"config": None, "limit_reached": True}):
        dossier = Dossier()
        look(dossier, START, **change)
        assert not dossier.needs(wanted(START))
        assert dossier.needs(wanted(START), by_hand=True)


def test_room_that_became_free_is_taken() -> None:
    """Though the same was refused an hour ago."""
    dossier = Dossier()
    skips(dossier, START)
    look(dossier, START, config=None, limit_reached=True)
    look(dossier, START + HOUR, config=None, synced=False)
    assert dossier.needs(wanted(START + HOUR))
    assert dossier.may_try("same", START + HOUR)
    assert dossier.skipped is None


def test_back_off_doubles_to_an_end() -> None:
    """And one answer ends it; Tesla's own time counts if it is longer."""
    back_off = BackOff()
    waits = []
    for _ in range(10):
        back_off.failed(START)
        waits.append(back_off.until - START)
    assert waits[:3] == [BACK_OFF, 2 * BACK_OFF, 4 * BACK_OFF]
    assert waits[-1] == LONGEST_BACK_OFF
    back_off.failed(START, retry_after=DAY)
    assert back_off.until == START + DAY
    back_off.worked()
    assert back_off == BackOff()


def _finding(dossier: Dossier, facts: Evidence = FACTS) -> Finding | None:
    check = dossier.to_mend(facts)
    return check.finding if check else None


def test_refusal_of_tesla_is_told_if_it_will_not_pass() -> None:
    """A moment's trouble is not."""
    dossier = Dossier()
    look(dossier, START, config=None, synced=False)
    assert _finding(dossier) is None
    dossier.giving.failed(START)
    dossier.note_not_taken("HTTP 503", temporary=True)
    assert _finding(dossier) is None
    dossier.giving.failed(START)
    dossier.giving.failed(START)
    dossier.note_not_taken("HTTP 503", temporary=True)
    assert _finding(dossier) is Finding.NOT_CONFIGURED
    takes(dossier, START)
    assert _finding(dossier) is None

    dossier.note_not_taken("HTTP 402", temporary=False)
    assert _finding(dossier) is Finding.NOT_CONFIGURED


def test_silence_of_a_car_that_is_online_is_told_until_it_comes() -> None:
    """Also while it sleeps."""
    dossier = Dossier()
    takes(dossier, START)
    look(dossier, START + MINUTE)
    dossier.note_online(START + MINUTE, is_online=True)
    late = START + MINUTE + SILENT
    assert not dossier.are_errors_due(late - 1)
    assert dossier.are_errors_due(late)
    dossier.note_errors([], late)
    assert not dossier.are_errors_due(late + ASK_ERRORS - 1)
    assert _finding(dossier) is Finding.NOT_REACHED
    dossier.note_errors(None, late)
    dossier.note_online(late + HOUR, is_online=False)
    assert _finding(dossier) is Finding.NOT_REACHED
    dossier.note_hello(late + HOUR)
    assert _finding(dossier) is None


def test_what_a_car_reports_is_told_until_it_comes() -> None:
    """And not again afterwards, though Tesla's list still has it."""
    dossier = Dossier()
    takes(dossier, START)
    errors = rows("dial tcp: connect: connection refused", START + 10)
    dossier.note_errors(errors, START + HOUR)
    assert _finding(dossier) is Finding.UNREACHABLE
    dossier.note_hello(START + HOUR)
    dossier.note_goodbye()
    dossier.note_errors(errors, START + 2 * HOUR)
    assert _finding(dossier) is None


@pytest.mark.parametrize(
    ("when", "more"),
    [(START - 10, {}), (START + 10, {"hostname": "other.example.test"})],
    ids=["before", "of another server"],
)
def test_what_is_not_about_this_configuration_is_not_told(when: float, more: Any) -> None:
    """The list goes back for days, and knows every server of the application."""
    dossier = Dossier()
    takes(dossier, START)
    dossier.note_errors(rows("connection refused", when, **more), START + HOUR)
    assert dossier.remote is None
    never_given = Dossier()
    never_given.note_errors(rows("connection refused", START), START)
    assert never_given.remote is None


def test_a_wrong_key_is_told_until_it_is_signed_anew() -> None:
    """Not even a connection mends it: it may be that of an older configuration."""
    dossier = Dossier()
    dossier.note_hello(START - 10)
    takes(dossier, START)
    complaint = CarError(name="config_manager_error", body="crypto/ecdsa: verification error")
    dossier.note_streamed_errors(VIN, [complaint], START + 10)
    assert dossier.remote is not None
    assert dossier.remote.kind is RemoteErrorKind.WRONG_KEY
    assert _finding(dossier) is Finding.WRONG_KEY
    assert dossier.is_asked_for
    assert not dossier.needs(wanted(START))
    assert dossier.needs(wanted(START), by_hand=True)
    takes(dossier, START + HOUR)
    assert _finding(dossier) is None
    dossier.note_streamed_errors(VIN, [complaint], START + HOUR)
    dossier.note_streamed_errors(VIN, [], START + HOUR)
    assert _finding(dossier) is None


def test_somebody_who_refused_our_certificate_may_be_the_car() -> None:
    """If it is online, should stream and does not; once it comes, it was not."""
    dossier = Dossier()
    takes(dossier, START)
    dossier.note_refused(START + 10)
    dossier.note_online(START + 20, is_online=True)
    dossier.note_refused(START + 10)
    assert _finding(dossier) is None
    dossier.note_refused(START + 30)
    assert _finding(dossier) is Finding.CERTIFICATE_REFUSED
    dossier.note_hello(START + 40)
    dossier.note_refused(START + 50)
    assert _finding(dossier) is None


def test_somebody_whom_we_turned_away_may_be_the_car() -> None:
    """Then the way is in order; it is told once the car is missed, and until it comes."""
    dossier = Dossier()
    takes(dossier, START)
    look(dossier, START + MINUTE)
    dossier.note_turned_away(START - 10, "not_a_car")
    dossier.note_online(START + MINUTE, is_online=True)
    dossier.note_turned_away(START + 10, "not_a_car")
    dossier.note_turned_away(START + 2 * MINUTE, "unknown_authority")
    dossier.note_turned_away(START + 90, "no_certificate")
    assert _finding(dossier) is None
    dossier.note_errors([], START + HOUR)
    assert _finding(dossier) is Finding.TURNED_AWAY
    assert dossier.turned_away == (START + 2 * MINUTE, "unknown_authority")
    dossier.note_hello(START + 2 * HOUR)
    dossier.note_goodbye()
    assert _finding(dossier) is None
    dossier.note_online(START + 3 * HOUR, is_online=True)
    dossier.note_errors([], START + 4 * HOUR)
    assert _finding(dossier) is Finding.NOT_REACHED


def test_a_file_is_read_as_it_was_written() -> None:
    """What matters over a restart, that is; and anything else is an empty one."""
    dossier = Dossier()
    takes(dossier, START)
    dossier.note_hello(START + 1)
    dossier.note_goodbye()
    dossier.note_skipped("max_configs", "another", START + 2)
    stored = json.loads(json.dumps(dossier.to_dict()))
    assert Dossier.from_dict(stored) == dossier
    assert Dossier.from_dict(Dossier().to_dict()) == Dossier()
    damaged: list[Any] = [{}, {**stored, "status": "great"}, {**stored, "looked_at": "now"}]
    for other in damaged:
        assert Dossier.from_dict(other) == Dossier()
    assert Dossier.from_dict({**stored, "given": {"at": 1}}).given is None


def test_only_the_car_itself_makes_giving_useless() -> None:
    """Not what became of the last configuration."""
    assert not blocks_giving(FACTS)
    assert blocks_giving(Evidence(scopes=()))
