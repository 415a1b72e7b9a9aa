"""Locks: the doors and the charge cable."""

import asyncio
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.teslalogger.tesla import CommandAnswer

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry


async def press(hass: HomeAssistant, action: str, entity_id: str) -> None:
    """Lock or unlock."""
    await hass.services.async_call("lock", action, {ATTR_ENTITY_ID: entity_id}, blocking=True)


@pytest.mark.parametrize(
    ("action", "command", "state"),
    [("lock", "door_lock", "locked"), ("unlock", "door_unlock", "unlocked")],
)
@pytest.mark.usefixtures("loaded")
async def test_doors_lock_and_unlock(
    hass: HomeAssistant,
    cloud: FakeCloud,
    action: str,
    command: str,
    state: str,
) -> None:
    """And show it when the car has confirmed."""
    await press(hass, action, "lock.falcon_doors")

    assert cloud.commands == [(command, {})]
    assert state_of(hass, "lock.falcon_doors") == state


@pytest.mark.parametrize(
    ("action", "during", "after"),
    [("unlock", "unlocking", "unlocked"), ("lock", "locked", "locked")],
)
@pytest.mark.usefixtures("loaded")
async def test_lock_is_being_turned_while_its_command_is_on_its_way(
    hass: HomeAssistant, cloud: FakeCloud, action: str, during: str, after: str
) -> None:
    """It never says locked before the car did."""
    arrived = asyncio.Event()

    async def answer(_vin: str, _name: str, _body: Mapping[str, Any]) -> CommandAnswer:
        await arrived.wait()
        return CommandAnswer(result=True, reason="")

    with patch.object(cloud, "command", answer):
        call = asyncio.create_task(press(hass, action, "lock.falcon_doors"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert state_of(hass, "lock.falcon_doors") == during
        arrived.set()
        await call

    assert state_of(hass, "lock.falcon_doors") == after


@pytest.mark.usefixtures("loaded")
async def test_charge_cable_is_released_by_opening_its_port(
    hass: HomeAssistant, cloud: FakeCloud
) -> None:
    """The car has no other command for it."""
    await press(hass, "unlock", "lock.falcon_charge_cable")

    assert cloud.commands == [("charge_port_door_open", {})]


@pytest.mark.usefixtures("loaded")
async def test_charge_cable_locks_itself(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """Which is said, not tried."""
    with pytest.raises(ServiceValidationError, match="by itself"):
        await press(hass, "lock", "lock.falcon_charge_cable")

    assert not cloud.commands


@pytest.mark.parametrize(
    ("told", "state"),
    [("Engaged", "locked"), ("Disengaged", "unlocked"), ("<invalid>", STATE_UNKNOWN)],
)
async def test_cable_lock_follows_the_latch(
    hass: HomeAssistant, loaded: MockConfigEntry, cloud: FakeCloud, told: str, state: str
) -> None:
    """What the car does not tell is not known."""
    cloud.cars[MODEL_X].changes = {"charge_state__charge_port_latch": told}

    await loaded.runtime_data.cars[MODEL_X].async_refresh()

    assert state_of(hass, "lock.falcon_charge_cable") == state
