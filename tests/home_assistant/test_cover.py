"""Windows, lids and roofs."""

import asyncio
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from homeassistant.components.cover import CoverEntityFeature
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.teslalogger.tesla import CommandAnswer

from .cloud import MODEL_X, FakeCar, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """The command for all windows; with 0, 0 the car does not compare the position."""
    return "window_control", {"command": command, "lat": 0, "lon": 0}


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
