"""The file of Tesla's that receivers fetch."""

from typing import TYPE_CHECKING, Any

from aiohttp.test_utils import TestClient

if TYPE_CHECKING:
    from simulator.world import World

type Client = TestClient[Any, Any]
FILES = "/raw.githubusercontent.com/teslamotors/fleet-telemetry/main/config/files"


async def test_authorities_of_the_cars_are_published(client: Client, world: World) -> None:
    """As text, with both certificates in it."""
    answer = await client.get(f"{FILES}/prod_ca.crt")
    assert answer.content_type == "text/plain"
    assert await answer.read() == world.streaming.authorities.bundle


async def test_no_other_file_is(client: Client) -> None:
    """In the words of the real host."""
    answer = await client.get(f"{FILES}/eng_ca.crt")
    assert (answer.status, await answer.text()) == (404, "404: Not Found")
