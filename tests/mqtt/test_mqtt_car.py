"""One car behind a broker: what is one record, and when it is there."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.teslalogger.fleet_telemetry.mqtt_topics import (
    Alerts,
    Connectivity,
    FieldValue,
)
from custom_components.teslalogger.fleet_telemetry.records import Alert, CarError, Record
from custom_components.teslalogger.streaming.mqtt_car import (
    LONG_SILENCE,
    MOMENT,
    SILENCE,
    STRAGGLING,
    MqttCar,
)
from custom_components.teslalogger.vehicle.state import UNKNOWN_AGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.fleet_telemetry.mqtt_topics import Content
    from custom_components.teslalogger.fleet_telemetry.sink import Hello

HELLO = "hello"
GOODBYE = "goodbye"


@dataclass
class Diary:
    """A listener that remembers."""

    events: list[Any] = field(default_factory=list)
    hellos: list[Hello] = field(default_factory=list)

    def async_hello(self, hello: Hello) -> None:
        """Note it."""
        self.hellos.append(hello)
        self.events.append(HELLO)

    def async_records(self, records: Sequence[Record]) -> None:
        """Note them."""
        self.events += records

    def async_goodbye(self) -> None:
        """Note it."""
        self.events.append(GOODBYE)

    def told(self) -> list[Any]:
        """What came since this was asked last."""
        events, self.events = self.events, []
        return events


@dataclass
class Scene:
    """A car, its listener, and the time."""

    hass: HomeAssistant
    freezer: FrozenDateTimeFactory
    diary: Diary
    car: MqttCar

    def take(self, *contents: Content, is_retained: bool = False) -> None:
        """Messages come."""
        for content in contents:
            self.car.async_take(content, is_retained=is_retained)

    def wait(self, seconds: float = MOMENT) -> None:
        """Time passes."""
        self.freezer.tick(seconds)
        async_fire_time_changed(self.hass)


@pytest.fixture
async def scene(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> Scene:
    """A car of which nothing has been heard yet."""
    diary = Diary()
    return Scene(hass, freezer, diary, MqttCar(hass, diary))


def connected(name: str = "") -> Connectivity:
    """The server says that the car has come."""
    return Connectivity(is_connected=True, connection_id=name)


def disconnected(name: str = "") -> Connectivity:
    """The server says that the car has gone."""
    return Connectivity(is_connected=False, connection_id=name)


def level(value: float) -> FieldValue:
    """A value."""
    return FieldValue(name="Soc", value=value)


def record(value: float) -> Record:
    """What becomes of it."""
    return Record(fields={"Soc": value}, signals=1)


ALERT = Alert(name="A", started_at=1.0)
ERROR = CarError(name="E", body="")


async def test_what_comes_within_a_moment_is_one_record(scene: Scene) -> None:
    """The last value of a field counts; an alert and its history are one."""
    scene.take(level(1), FieldValue(name="Gear", value=None), level(2))
    older = Alert(name="A", started_at=0.5, ended_at=0.7)
    scene.take(Alerts(alerts=(ALERT,)), Alerts(alerts=(older, ALERT)), ERROR)
    assert scene.diary.told() == []
    scene.wait()
    assert scene.diary.told() == [
        HELLO,
        Record(fields={"Soc": 2, "Gear": None}, alerts=(ALERT, older), errors=(ERROR,), signals=4),
    ]
    scene.take(level(3))
    scene.wait()
    assert scene.diary.told() == [record(3)]
    scene.car.async_end()
    assert scene.diary.told() == [GOODBYE]


async def test_what_was_kept_comes_first_and_opens_nothing(scene: Scene) -> None:
    """Values alone: kept alerts, errors and connections are an old story."""
    scene.take(level(1))
    scene.take(
        level(2), Alerts(alerts=(ALERT,)), ERROR, connected("a"), disconnected(), is_retained=True
    )
    scene.wait()
    kept = Record(created_at=UNKNOWN_AGE, fields={"Soc": 2}, signals=1)
    assert scene.diary.told() == [kept, HELLO, record(1)]
    scene.car.async_end()
    scene.take(level(3), is_retained=True)
    scene.wait()
    assert scene.diary.told()[1:] == [Record(created_at=UNKNOWN_AGE, fields={"Soc": 3}, signals=1)]


async def test_silence_ends_what_nobody_announced(scene: Scene) -> None:
    """A quarter of an hour after the last word, not after the first."""
    scene.take(level(1))
    scene.wait()
    scene.wait(SILENCE - 1)
    scene.take(level(2))
    scene.wait()
    scene.diary.told()
    scene.wait(SILENCE - 1)
    assert scene.diary.told() == []
    scene.wait(1)
    assert scene.diary.told() == [GOODBYE]
    scene.take(level(3))
    scene.wait()
    assert scene.diary.told() == [HELLO, record(3)]
    scene.car.async_end()


async def test_announced_car_may_be_silent(scene: Scene) -> None:
    """A parked one has nothing to say; also if it was heard before it was announced."""
    scene.take(level(1))
    scene.wait()
    scene.take(connected("a"))
    assert [hello.connection_id for hello in scene.diary.hellos] == ["", "a"]
    scene.diary.told()
    scene.wait(10 * SILENCE)
    assert scene.diary.told() == []
    scene.take(disconnected("a"))
    assert scene.diary.told() == [GOODBYE]


async def test_server_may_die_without_saying_that_the_car_has_gone(scene: Scene) -> None:
    """So not even an announced car is silent for ever."""
    scene.take(connected("a"))
    scene.wait(LONG_SILENCE - 1)
    scene.take(level(1))
    scene.wait()
    assert scene.diary.told() == [HELLO, record(1)]
    scene.wait(LONG_SILENCE - 1)
    assert scene.diary.told() == []
    scene.wait(1)
    assert scene.diary.told() == [GOODBYE]


async def test_last_words_are_taken_but_do_not_bring_the_car_back(scene: Scene) -> None:
    """They may arrive after the news that it has gone, or wait when that comes."""
    scene.take(connected("a"), level(1), disconnected("a"), level(2))
    scene.wait()
    assert scene.diary.told() == [HELLO, record(1), GOODBYE, record(2)]
    scene.wait(STRAGGLING)
    scene.take(level(3))
    scene.wait()
    assert scene.diary.told() == [HELLO, record(3)]
    scene.take(disconnected("b"))
    assert scene.diary.told() == [GOODBYE]
    scene.take(connected("c"))
    assert scene.diary.told() == [HELLO]
    scene.car.async_end()


@pytest.mark.parametrize(("name", "ends"), [("a", False), ("b", True), ("", True)])
async def test_end_of_an_older_connection_ends_nothing(
    scene: Scene, name: str, *, ends: bool
) -> None:
    """The car has changed networks, and the server notices only now."""
    scene.take(connected("a"), connected("b"))
    scene.diary.told()
    scene.take(disconnected(name))
    assert scene.diary.told() == ([GOODBYE] if ends else [])
    scene.car.async_end()
