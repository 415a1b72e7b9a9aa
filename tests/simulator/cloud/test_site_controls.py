"""What a person at the simulator can do to a house."""

from typing import TYPE_CHECKING, Any

import pytest

from simulator.energy import EnergySite

from .conftest import OWNER

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient

    from simulator.world import World

SITES = "/_simulator/sites"


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


async def test_house_can_be_changed(client: TestClient[Any, Any], site: EnergySite) -> None:
    """The grid fails, and a car is plugged in."""
    changes = {"grid_up": False, "car": "XP7YGCEK6SB012348", "car_charges": True}
    told = await (await client.patch(f"{SITES}/17", json=changes)).json()

    assert told.items() >= changes.items()
    assert site.state.grid_up is False
    assert (site.state.connector.vin, site.state.connector.charging) == (changes["car"], True)


@pytest.mark.parametrize("change", [{"roof": True}, {"storm": "yes"}, {"car": 7}])
async def test_nonsense_changes_nothing(
    client: TestClient[Any, Any], site: EnergySite, change: dict[str, Any]
) -> None:
    """The answer says what would be possible."""
    answer = await client.patch(f"{SITES}/17", json={"grid_up": False, **change})

    assert answer.status == 400
    assert site.state.grid_up is True
