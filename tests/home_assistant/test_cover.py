"""Windows, lids and roofs."""

import asyncio
from datetime import timedelta
import time
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from homeassistant.components.cover import CoverEntityFeature
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.teslalogger.tesla import Availability, CommandAnswer, RateLimited
from custom_components.teslalogger.vehicle import Reading, Source

from .cloud import MODEL_X, FakeCar, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

CYBERTRUCK = "7G2CEHED3RA012349"


@pytest.fixture
def cloud() -> FakeCloud:
    """A car with a sunroof, and a truck with a bed cover."""
    changes = {
        "charge_state__charge_port_door_open": False,
        "vehicle_config__sun_roof_installed": 1,
        "vehicle_state__sun_roof_state": "closed",
    }
    return FakeCloud(
        FakeCar(vin=MODEL_X, name="Falcon", changes=changes),
        FakeCar(vin=CYBERTRUCK, name="Anvil"),
    )


async def move(hass: HomeAssistant, name: str, action: str) -> None:
    """Move a cover and wait for what comes of it."""
    target = {ATTR_ENTITY_ID: f"cover.{name}"}
    await hass.services.async_call("cover", f"{action}_cover", target, blocking=True)


async def tell(loaded: MockConfigEntry, cloud: FakeCloud, **changes: Any) -> None:
    """Have the car tell something else."""
    cloud.cars[MODEL_X].changes |= changes
    await loaded.runtime_data.cars[MODEL_X].async_refresh()


def features(hass: HomeAssistant, name: str) -> CoverEntityFeature:
    """What a cover can do."""
    state = hass.states.get(f"cover.{name}")
    assert state is not None
    return CoverEntityFeature(state.attributes["supported_features"])


OPEN_CLOSE = CoverEntityFeature.OPEN | CoverEntityFeature.CLOSE


def window(command: str) -> tuple[str, dict[str, Any]]:
    """The command for all windows; who closes them has to be near, as the car itself is."""
    here = {"lat": 52.52, "lon": 13.405} if command == "close" else {"lat": 0, "lon": 0}
    return "window_control", {"command": command, **here}


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("name", "opening", "closing"),
    [
        ("falcon_windows", window("vent"), window("close")),
        ("falcon_charge_port", ("charge_port_door_open", {}), ("charge_port_door_close", {})),
        (
            "falcon_trunk",
            ("actuate_trunk", {"which_trunk": "rear"}),
            ("actuate_trunk", {"which_trunk": "rear"}),
        ),
        (
            "falcon_sunroof",
            ("sun_roof_control", {"state": "vent"}),
            ("sun_roof_control", {"state": "close"}),
        ),
    ],
)
async def test_cover_opens_and_closes(
    hass: HomeAssistant,
    cloud: FakeCloud,
    name: str,
    opening: tuple[str, dict[str, Any]],
    closing: tuple[str, dict[str, Any]],
) -> None:
    """Each with its own commands, and shows it when the car has confirmed."""
    assert state_of(hass, f"cover.{name}") == "closed"

    await move(hass, name, "open")
    assert state_of(hass, f"cover.{name}") == "open"

    await move(hass, name, "close")
    assert state_of(hass, f"cover.{name}") == "closed"
    assert cloud.commands == [opening, closing]


@pytest.mark.usefixtures("loaded")
async def test_front_trunk_opens_and_nobody_closes_it(
    hass: HomeAssistant, cloud: FakeCloud
) -> None:
    """Nor is the command sent twice, which on some cars does something else."""
    assert features(hass, "falcon_front_trunk") == CoverEntityFeature.OPEN

    await move(hass, "falcon_front_trunk", "open")
    await move(hass, "falcon_front_trunk", "open")

    assert cloud.commands == [("actuate_trunk", {"which_trunk": "front"})]
    assert state_of(hass, "cover.falcon_front_trunk") == "open"


@pytest.mark.usefixtures("loaded")
async def test_open_trunk_is_not_closed_by_opening_it(
    hass: HomeAssistant, cloud: FakeCloud
) -> None:
    """One command does both, so it is only sent where it does what is wanted."""
    await move(hass, "falcon_trunk", "close")
    assert not cloud.commands
    await move(hass, "falcon_trunk", "open")
    await move(hass, "falcon_trunk", "open")
    assert len(cloud.commands) == 1


async def test_closed_trunk_is_not_opened_by_closing_it(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Somebody closed it by hand since: the car is asked before it is toggled."""
    await move(hass, "falcon_trunk", "open")
    await tell(loaded, cloud, vehicle_state__rt=1)
    cloud.cars[MODEL_X].changes["vehicle_state__rt"] = 0
    freezer.tick(timedelta(minutes=5))

    await move(hass, "falcon_trunk", "close")

    assert len(cloud.commands) == 1
    assert state_of(hass, "cover.falcon_trunk") == "closed"


@pytest.mark.usefixtures("loaded")
async def test_sleeping_car_is_woken_and_asked_before_its_trunk_is_toggled(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """The command would have woken it, too."""
    cloud.cars[MODEL_X].availability = Availability.ASLEEP
    cloud.cars[MODEL_X].changes["vehicle_state__rt"] = 1
    freezer.tick(timedelta(hours=1))

    await move(hass, "falcon_trunk", "close")

    assert cloud.counts["wake_up"] == 1
    assert cloud.commands == [("actuate_trunk", {"which_trunk": "rear"})]
    assert state_of(hass, "cover.falcon_trunk") == "closed"


@pytest.mark.usefixtures("loaded")
async def test_trunk_is_not_toggled_if_the_car_does_not_tell(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """And people hear why."""
    freezer.tick(timedelta(minutes=5))
    cloud.failures["vehicle_data"] = RateLimited(status=429)

    with pytest.raises(HomeAssistantError) as caught:
        await move(hass, "falcon_trunk", "open")

    assert caught.value.translation_key == "cover_state_unknown"
    assert cloud.commands == []
    assert state_of(hass, "cover.falcon_trunk") == "closed"


async def test_trunk_of_a_car_that_streams_it_is_known(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A stream tells what moves and nothing else, so that an old value is a true one."""
    car = loaded.runtime_data.cars[MODEL_X]
    car.async_stream_began()
    now = time.time()
    car.async_apply(
        {"rear_trunk": Reading(value=True, car_time=now, received=now, source=Source.STREAM)}
    )
    freezer.tick(timedelta(minutes=5))
    asked = cloud.counts["vehicle_data"]

    await move(hass, "falcon_trunk", "close")

    assert cloud.counts["vehicle_data"] == asked
    assert cloud.commands == [("actuate_trunk", {"which_trunk": "rear"})]


async def test_trunk_that_an_action_moved_is_asked_for(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> None:
    """However short a time ago the car told where it had been before."""
    freezer.tick(timedelta(seconds=1))
    await loaded.runtime_data.cars[MODEL_X].commander.async_send(
        "actuate_trunk", which_trunk="rear"
    )
    cloud.cars[MODEL_X].changes["vehicle_state__rt"] = 1

    await move(hass, "falcon_trunk", "open")

    assert len(cloud.commands) == 1
    assert state_of(hass, "cover.falcon_trunk") == "open"


async def test_only_what_has_a_motor_can_be_closed(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """The car tells."""
    assert features(hass, "falcon_trunk") == OPEN_CLOSE
    assert features(hass, "falcon_charge_port") == OPEN_CLOSE
    await tell(
        loaded, cloud, vehicle_config__plg=False, vehicle_config__motorized_charge_port=False
    )
    assert features(hass, "falcon_trunk") == CoverEntityFeature.OPEN
    assert features(hass, "falcon_charge_port") == CoverEntityFeature.OPEN


async def test_one_open_window_makes_them_open(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """And what is not known is not closed."""
    await tell(loaded, cloud, vehicle_state__rp_window=2)
    assert state_of(hass, "cover.falcon_windows") == "open"


async def test_sunroof_that_does_not_say_is_unknown_and_stops(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """Where it is, only the next answer tells."""
    await tell(loaded, cloud, vehicle_state__sun_roof_state="unknown")
    assert state_of(hass, "cover.falcon_sunroof") == STATE_UNKNOWN

    await move(hass, "falcon_sunroof", "stop")

    assert cloud.commands == [("sun_roof_control", {"state": "stop"})]


@pytest.mark.usefixtures("loaded")
async def test_car_without_a_roof_that_opens_has_none(hass: HomeAssistant) -> None:
    """Nor has a car a bed cover."""
    assert state_of(hass, "cover.anvil_sunroof") is None
    assert state_of(hass, "cover.falcon_tonneau") is None
    assert state_of(hass, "cover.anvil_tonneau") == STATE_UNKNOWN


@pytest.mark.usefixtures("loaded")
async def test_cover_moves_while_its_command_is_on_its_way(
    hass: HomeAssistant, cloud: FakeCloud
) -> None:
    """And is where it was if the command fails."""
    arrived = asyncio.Event()
    answers = [CommandAnswer(result=True, reason=""), CommandAnswer(result=False, reason="no")]

    async def answer(_vin: str, _name: str, _body: Mapping[str, Any]) -> CommandAnswer:
        await arrived.wait()
        return answers.pop(0)

    with patch.object(cloud, "command", answer):
        for action, during, after in (
            ("open", "opening", "open"),
            ("close", "closing", "open"),
        ):
            arrived.clear()
            call = asyncio.create_task(move(hass, "falcon_windows", action))
            for _ in range(20):
                await asyncio.sleep(0)
            assert state_of(hass, "cover.falcon_windows") == during
            arrived.set()
            if action == "close":
                with pytest.raises(HomeAssistantError):
                    await call
            else:
                await call
            assert state_of(hass, "cover.falcon_windows") == after


async def test_windows_are_closed_at_home_where_nobody_knows_better(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud
) -> None:
    """As without the permission to know where the car is; a given place is kept."""
    car = loaded.runtime_data.cars[MODEL_X]

    with patch.object(car, "value", return_value=None):
        await move(hass, "falcon_windows", "close")
    await car.commander.async_send("window_control", command="close", lat=1, lon=2)

    home = {"lat": hass.config.latitude, "lon": hass.config.longitude}
    assert [body for _, body in cloud.commands] == [
        {"command": "close", **home},
        {"command": "close", "lat": 1, "lon": 2},
    ]
