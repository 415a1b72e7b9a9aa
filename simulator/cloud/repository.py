"""raw.githubusercontent.com: the one file of Tesla's that receivers fetch from there."""

from typing import TYPE_CHECKING, Final

from aiohttp import web

if TYPE_CHECKING:
    from simulator.cloud.visit import Visit

_BUNDLE: Final = "/teslamotors/fleet-telemetry/main/config/files/prod_ca.crt"


async def serve(visit: Visit) -> web.StreamResponse:
    """The authorities of the simulated cars, where Tesla publishes those of real ones."""
    if visit.path != _BUNDLE:
        return web.Response(text="404: Not Found", status=404)
    return web.Response(body=visit.world.streaming.authorities.bundle, content_type="text/plain")
