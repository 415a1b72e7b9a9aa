"""What a person at the simulator can do to a house."""

from typing import TYPE_CHECKING, Any

import pytest

from simulator.energy import EnergySite
from simulator.energy.state import Connector, Settings

from .conftest import OWNER

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient

    from simulator.world import World

SITES = "/_simulator/sites"
TARIFF: dict[str, Any] = {
    "name": "Flat",
    "seasons": {
        "Year": {
            "fromMonth": 1,
            "fromDay": 1,
            "toMonth": 12,
            "toDay": 31,
            "tou_periods": {"ALL": {"periods": [{"toDayOfWeek": 6}]}},
        }
    },
    "energy_charges": {"ALL": {"rates": {"ALL": 0.3}}},
}


@pytest.fixture(autouse=True)
def site(world: World) -> EnergySite:
    """The owner's house."""
    world.sites["17"] = EnergySite(17, "Lighthouse", clock=world.clock, owner=OWNER)
    return world.sites["17"]


async def test_house_can_be_seen(client: TestClient[Any, Any], site: EnergySite) -> None:
    """Alone and among all."""
    told = await (await client.get(f"{SITES}/17")).json()

    assert told["load_power"] == round(site.state.flow.home)
    assert told["settings"]["reserve"] == 20
    assert await (await client.get(SITES)).json() == {"17": told}
    assert (await client.get(f"{SITES}/18")).status == 404
    assert (await (await client.get("/_simulator/state")).json())["sites"] == {"17": told}


async def test_house_is_on_the_page(client: TestClient[Any, Any], site: EnergySite) -> None:
    """Beside the cars."""
    site.state.connector = Connector(vin="XP7YGCEK6SB012348", charging=True)
    site.state.reachable = False

    html = await (await client.get("/")).text()

    for text in ("Lighthouse", "XP7YGCEK6SB012348, 7400 W", "self_consumption", "20 %", "Flex"):
        assert text in html
    assert f"{round(site.state.flow.grid)} W" in html
    assert html.count("<td>no</td>") == 1  # Tesla cannot reach it


async def test_world_without_houses_shows_none(client: TestClient[Any, Any], world: World) -> None:
    """Nothing there, nothing wrong."""
    world.sites.clear()

    assert "load" not in await (await client.get("/")).text()


async def test_house_can_be_changed(client: TestClient[Any, Any], site: EnergySite) -> None:
    """The grid fails, and a car is plugged in."""
    changes = {"grid_up": False, "car": "XP7YGCEK6SB012348", "car_charges": True}
    told = await (await client.patch(f"{SITES}/17", json=changes)).json()

    assert told.items() >= changes.items()
    assert site.state.grid_up is False
    assert (site.state.connector.vin, site.state.connector.charging) == (changes["car"], True)


async def test_settings_can_be_changed(client: TestClient[Any, Any], site: EnergySite) -> None:
    """As an owner does it in Tesla's app; what is told can be given back."""
    before = (await (await client.get(f"{SITES}/17")).json())["settings"]
    settings = {
        "mode": "backup",
        "reserve": 35,
        "off_grid_reserve": 70,
        "storm_watch": False,
        "grid_charging": True,
        "export_rule": "never",
        "tariff": TARIFF,
    }
    told = await (await client.patch(f"{SITES}/17", json={"settings": settings})).json()
    assert told["settings"] == settings
    assert site.site_info()["tariff_content_v2"] == TARIFF

    told = await (await client.patch(f"{SITES}/17", json={"settings": before})).json()
    assert told["settings"] == before


async def test_battery_and_wall_connector_can_be_changed(
    client: TestClient[Any, Any], site: EnergySite
) -> None:
    """In percent, and with a fault."""
    changes = {"charge": 12.5, "connector_fault": 9, "given_up": True}
    told = await (await client.patch(f"{SITES}/17", json=changes)).json()

    assert told.items() >= changes.items()
    assert site.state.energy == pytest.approx(27_000 / 8)


@pytest.mark.parametrize(
    "change",
    [
        {"roof": True},
        {"storm": "yes"},
        {"car": 7},
        {"charge": 101},
        {"charge": True},
        {"connector_fault": -1},
        {"settings": {"reserve": 101}},
        {"settings": {"reserve": 30, "mode": "party"}},
        {"settings": {"grid_charging": "yes"}},
        {"settings": {"tariff": {}}},
        {"settings": {"colour": "red"}},
        {"settings": "all"},
    ],
)
async def test_nonsense_changes_nothing(
    client: TestClient[Any, Any], site: EnergySite, change: dict[str, Any]
) -> None:
    """The answer says what would be possible."""
    answer = await client.patch(f"{SITES}/17", json={"grid_up": False, **change})

    assert answer.status == 400
    assert site.state.grid_up is True
    assert site.state.settings == Settings()
