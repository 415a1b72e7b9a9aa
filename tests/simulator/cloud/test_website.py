"""The page behind the virtual-key link."""

from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient
import pytest

from simulator.cloud.hosts import Region

from .conftest import LEGACY, LENDER, LENT, OWNER, PAIRED, POINT

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.world import World

    from .fake_car import FakeCar

type Client = TestClient[Any, Any]
PAGE = "/_ak/home.example.test"


@pytest.mark.parametrize("host", ["tesla.com", "www.tesla.com"])
async def test_the_link_names_the_application_and_the_cars(client: Client, host: str) -> None:
    """With the car of the link already chosen."""
    html = await (await client.get(f"/{host}{PAGE}?vin={LENT}")).text()
    assert "TeslaLogger" in html
    assert f"<option value={LENT} selected>" in html
    assert f"<option value={PAIRED}>" in html


async def test_approving_pairs_the_car(client: Client, car: Callable[[str], FakeCar]) -> None:
    """A sleeping one is woken for it, as the Tesla app does."""
    car(LENT).availability = "asleep"
    answer = await client.post(f"/www.tesla.com{PAGE}", data={"vin": LENT})
    assert "Key added" in await answer.text()
    assert (car(LENT).paired_keys, car(LENT).availability) == (frozenset({POINT}), "online")


async def test_an_old_car_needs_no_key(client: Client, car: Callable[[str], FakeCar]) -> None:
    """The page says so and pairs nothing."""
    answer = await client.post(f"/www.tesla.com{PAGE}", data={"vin": LEGACY})
    assert "does not need a virtual key" in await answer.text()
    assert car(LEGACY).paired_keys == set()


async def test_a_car_out_of_reach_cannot_be_paired(
    client: Client, car: Callable[[str], FakeCar]
) -> None:
    """It has to be online for it."""
    car(LENT).availability = "offline"
    assert (await client.post(f"/www.tesla.com{PAGE}", data={"vin": LENT})).status == 409
    assert car(LENT).paired_keys == set()


async def test_the_key_is_that_of_the_cars_region(
    client: Client, world: World, car: Callable[[str], FakeCar]
) -> None:
    """An application that is unknown there cannot be let in."""
    world.accounts[LENDER].region = Region.NA
    assert (await client.post(f"/www.tesla.com{PAGE}", data={"vin": LENT})).status == 409
    assert car(LENT).paired_keys == set()
    assert world.accounts[OWNER].region is Region.EU


async def test_an_unregistered_domain_gets_nothing(client: Client) -> None:
    """Nor does any other address at tesla.com, nor an unknown car."""
    for path in ("/_ak/other.example.test", "/models"):
        assert (await client.get(f"/www.tesla.com{path}")).status == 404
    assert (await client.post(f"/www.tesla.com{PAGE}", data={"vin": "x"})).status == 400
