"""What a car tells as a number, a word or a time."""

from typing import TYPE_CHECKING

from homeassistant.const import STATE_UNKNOWN
import pytest

from custom_components.teslalogger.coordinator import Topic
from custom_components.teslalogger.sensor import SENSORS, UNITS
from custom_components.teslalogger.tesla import Availability
from custom_components.teslalogger.vehicle.signals import SIGNALS

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry


def test_every_unit_of_a_signal_has_its_counterpart() -> None:
    """A new row of the signal table must not fail at start."""
    assert {signal.unit for signal in SIGNALS.values() if signal.unit} <= set(UNITS)


def test_key_is_a_signal_or_known_without_the_car() -> None:
    """A sensor that listens to nothing would never change."""
    topics = {topic for row in SENSORS for topic in row.topics}

    assert topics <= set(SIGNALS) | set(Topic)
    assert all(row.topics for row in SENSORS)


@pytest.mark.parametrize(
    ("told", "state"), [("online", "online"), ("asleep", "asleep"), ("unknown", STATE_UNKNOWN)]
)
async def test_status_says_what_tesla_says(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, told: str, state: str
) -> None:
    """And nothing where Tesla says that it does not know."""
    cloud.cars[MODEL_X].availability = Availability(told)

    await loaded.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, "sensor.falcon_status") == state
