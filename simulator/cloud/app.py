"""The web application that puts the world on the wire."""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from simulator.world import World


def create_app(world: World) -> web.Application:
    """Serve `world`: Tesla's hosts by first path segment or Host header, and the admin API."""
    app = web.Application()
    app["world"] = world
    return app
