"""What a row of the tables of actions says, and the kinds of fields that people fill in."""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_LATITUDE, ATTR_LONGITUDE
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import voluptuous as vol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime, time

    from custom_components.teslalogger.coordinator import CarCoordinator

type Data = Mapping[str, Any]
type Check = Callable[[Any], Any]

MPH: Final = "mph"
KMH: Final = "kmh"
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A field of an action: how it is asked for, and what passes.

    What a command says about its own parameters is not repeated here. `words` is the translation
    key of a choice's options. A secret is shown by no form and repeated by no message.
    """

    name: str
    selector: Mapping[str, Any]
    check: Check
    required: bool = False
    default: Any = None
    words: str | None = None
    secret: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """What there is to choose from."""
        chosen: Sequence[str] = self.selector.get("select", {}).get("options", ())
        return tuple(chosen) if self.words else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Question[ApiT, SubjectT]:
    """Asks Tesla `endpoint`; `ask` makes the response.

    `changes` tells that the answer matters less than what the question does.
    """

    name: str
    endpoint: str
    fields: tuple[Field, ...] = ()
    ask: Callable[[ApiT, SubjectT, Data], Awaitable[dict[str, Any]]]
    changes: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One command to send; `tells` goes into the response."""

    command: str
    params: Data = field(default_factory=lambda: MappingProxyType({}), repr=False)
    tells: Data = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """Tells the car something: `steps` makes commands of what was filled in.

    `commands` are those that may come out; None stands for any. `schedules` are the signals of
    those schedules that are sent back with a change, and that the car has to tell before.
    """

    name: str
    fields: tuple[Field, ...] = ()
    commands: tuple[str, ...] | None
    steps: Callable[[CarCoordinator, Data], Sequence[Step]]
    schedules: tuple[str, ...] = ()


def plain(name: str, command: str) -> Action:
    """An action that is one command without parameters."""
    return Action(
        name=name, commands=(command,), steps=lambda _car, _data: (Step(command=command),)
    )


def flag(name: str, *, required: bool = False, default: bool | None = None) -> Field:
    """Yes or no."""
    return Field(
        name=name, selector={"boolean": None}, check=cv.boolean, required=required, default=default
    )


def text(name: str, *, required: bool = False, **options: Any) -> Field:
    """A line of text."""
    return Field(name=name, selector={"text": options or None}, check=cv.string, required=required)


def pin(name: str = "pin", *, required: bool = False) -> Field:
    """A PIN. What one looks like is the command's to say: its message never repeats the value."""
    return Field(
        name=name,
        selector={"text": {"type": "password"}},
        check=cv.string,
        required=required,
        secret=True,
    )


def number(
    name: str,
    low: float,
    high: float,
    *,
    step: float = 1,
    unit: str | None = None,
    required: bool = False,
) -> Field:
    """A number to type in."""
    selector: dict[str, Any] = {"min": low, "max": high, "step": step, "mode": "box"}
    if unit:
        selector["unit_of_measurement"] = unit
    check = vol.All(vol.Coerce(int if step == 1 else float), vol.Range(min=low, max=high))
    return Field(name=name, selector={"number": selector}, check=check, required=required)


def choice(
    name: str,
    options: Sequence[str],
    *,
    words: str | None = None,
    required: bool = False,
    default: str | None = None,
) -> Field:
    """One of several."""
    words = words or name
    return Field(
        name=name,
        selector={"select": {"options": list(options), "translation_key": words}},
        check=vol.In(list(options)),
        required=required,
        default=default,
        words=words,
    )


def choices(name: str, options: Sequence[str], *, words: str, required: bool = False) -> Field:
    """Some of several."""
    return Field(
        name=name,
        selector={"select": {"options": list(options), "multiple": True, "translation_key": words}},
        check=vol.All(cv.ensure_list, [vol.In(list(options))]),
        required=required,
        words=words,
    )


def time_of_day(name: str, *, required: bool = False) -> Field:
    """A time in the car's time zone."""
    return Field(name=name, selector={"time": None}, check=cv.time, required=required)


def moment(name: str) -> Field:
    """A date with a time."""
    return Field(name=name, selector={"datetime": None}, check=cv.datetime)


PLACE: Final = Field(
    name="location",
    selector={"location": None},
    check=vol.Schema(
        {
            vol.Required(ATTR_LATITUDE): cv.latitude,
            vol.Required(ATTR_LONGITUDE): cv.longitude,
        },
        extra=vol.REMOVE_EXTRA,
    ),
)
SPEED_UNIT: Final = choice("unit", [KMH, MPH], words="speed_unit")


def local(value: datetime | None) -> datetime | None:
    """A time without zone is one of the home's."""
    if value is None or value.tzinfo:
        return value
    return value.replace(tzinfo=dt_util.get_default_time_zone())


def minutes(value: time) -> int:
    """Minutes after midnight, as Tesla counts."""
    return value.hour * 60 + value.minute


def coordinates(place: Data) -> dict[str, float]:
    """A place in Tesla's words."""
    return {"lat": place[ATTR_LATITUDE], "lon": place[ATTR_LONGITUDE]}
