"""Whether what is known of a car is fresh enough to act on, and asking the car if it is not."""

from dataclasses import dataclass
import time
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .tesla.models import Availability
from .vehicle.state import Source

if TYPE_CHECKING:
    from collections.abc import Collection

    from .coordinator import CarCoordinator

# The first answer may be no more than that the car is awake, or that it is not.
_ROUNDS: Final = 2
_STREAMED: Final = frozenset({Source.STREAM, Source.MQTT})
_NOT_ONLINE: Final = frozenset({Availability.ASLEEP, Availability.OFFLINE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """How fresh it must be.

    Attributes:
        within: How many seconds old it may be; what is streamed counts as long as the car streams.
        wakes: Whether the car may be woken to tell.
    """

    within: float
    wakes: bool = False


def is_fresh(car: CarCoordinator, signal: str, need: Need) -> bool:
    """Whether the signal is known as freshly as needed, and no command has changed it since."""
    reading = car.data.get(signal)
    if reading is None or reading.received < car.commander.changed_at(signal):
        return False
    if car.policy.is_streaming and reading.source in _STREAMED:
        return True
    age = car.data.age(signal, time.time())
    return age is not None and age <= need.within


async def async_make_fresh(car: CarCoordinator, signals: Collection[str], need: Need) -> bool:
    """Have the car tell what is not fresh; whether all of it is now.

    Raises:
        HomeAssistantError: The car had to be woken, and was not.
    """
    for _ in range(_ROUNDS):
        if all(is_fresh(car, signal, need) for signal in signals):
            return True
        if need.wakes and car.policy.availability in _NOT_ONLINE:
            await car.commander.async_send("wake_up")
        await car.async_refresh()
    return all(is_fresh(car, signal, need) for signal in signals)


# A schedule is changed by sending all of it, and so is a plan of cars that have none: what was
# changed in between would be undone.
_TO_SEND_BACK: Final = Need(within=60, wakes=True)


async def async_look_at_schedules(car: CarCoordinator, signals: Collection[str]) -> bool:
    """Have the car tell its schedules of these kinds, unless it did so just now or has none.

    Whether they are known as they are now.
    """
    known = [signal for signal in signals if car.knows(signal)]
    return await async_make_fresh(car, known, _TO_SEND_BACK)


async def async_need_schedules(car: CarCoordinator, signals: Collection[str]) -> None:
    """Have the car tell its schedules of these kinds, so that one can be sent back.

    Raises:
        HomeAssistantError: It did not tell.
    """
    if not await async_look_at_schedules(car, signals):
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="schedules_not_fresh",
            translation_placeholders={"car": car.title},
        )
