"""tesla.com: the page behind the virtual-key link."""

from typing import TYPE_CHECKING, Final

from simulator.cloud import pages
from simulator.cloud.visit import Visit, page

if TYPE_CHECKING:
    from aiohttp import web

    from simulator.world import Registration

_KEY_PATH: Final = "/_ak/"
_TITLE: Final = "Cannot share vehicle"


async def serve(visit: Visit) -> web.StreamResponse:
    """Answer a request to tesla.com."""
    if not visit.path.startswith(_KEY_PATH):
        return page(pages.message("Tesla", "There is nothing to see here."), status=404)
    domain = visit.path.removeprefix(_KEY_PATH).rstrip("/")
    found = [kept for kept in visit.world.registrations if kept.domain == domain]
    if not found:
        text = "This third party is not registered with Tesla. We can't grant them access."
        return page(pages.message(_TITLE, text), status=404)
    app = visit.world.apps[found[0].client_id]
    if visit.request.method == "GET":
        cars = visit.world.cars.values()
        return page(pages.virtual_key(app, domain, cars, visit.query.get("vin")))
    return _approve(visit, found, (await visit.form()).get("vin", ""))


def _approve(visit: Visit, found: list[Registration], vin: str) -> web.StreamResponse:
    car = visit.world.cars.get(vin)
    if car is None:
        return page(pages.message(_TITLE, "Choose one of your cars."), status=400)
    if not car.protocol:
        text = f"{car.display_name} does not need a virtual key."
        return page(pages.message("No key needed", text))
    if car.availability == "offline":
        text = f"{car.display_name} is out of reach. Try again when it is online."
        return page(pages.message(_TITLE, text), status=409)
    region = visit.world.accounts[car.owner].region
    key = next((kept.public_key for kept in found if kept.region is region), None)
    if key is None:
        text = "This third party is not registered in the region of your car."
        return page(pages.message(_TITLE, text), status=409)
    car.begin_wake()
    car.pair(key)
    return page(pages.message("Key added", f"{car.display_name} now obeys this third party."))
