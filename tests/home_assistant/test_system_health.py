"""What the system information page shows."""

import asyncio
from typing import TYPE_CHECKING

from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import Region, hosts

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

    from .running import Start


async def test_system_health(
    hass: HomeAssistant, aioclient_mock: AiohttpClientMocker, start: Start
) -> None:
    """Whether the account's region answers, and how much was asked of it."""
    await start()
    aioclient_mock.get(hosts(Region.EU).fleet_url, text="")
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()

    info = await get_system_health_info(hass, DOMAIN)

    reachable = info.pop("can_reach_server")
    assert asyncio.iscoroutine(reachable)
    assert await reachable == "ok"
    assert info == {"cars": 2, "requests": 1, "cost": 0.0}
