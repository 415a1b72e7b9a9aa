"""The public key at the address where Tesla looks for it: the only file, and for everybody."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from aiohttp import web
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_HASS, HomeAssistantView
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .tesla.public_key import WELL_KNOWN_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

# Domain -> who has it served -> PEM, the one who came last at the end.
_SERVED: Final[HassKey[dict[str, dict[object, bytes]]]] = HassKey(f"{DOMAIN}.public_keys")
_ENTRIES: Final[HassKey[dict[str, Callable[[], None]]]] = HassKey(f"{DOMAIN}.served_entries")


class PublicKeyView(HomeAssistantView):
    """Serves each domain its own key.

    Some proxies put another name in the Host header; with one key there is nothing to choose.
    """

    url = WELL_KNOWN_PATH
    name = f"{DOMAIN}:public-key"
    requires_auth = False

    async def get(self, request: web.Request) -> web.Response:
        """The key as PEM, or 404."""
        served = request.app[KEY_HASS].data.get(_SERVED, {})
        keys = served.get(_host_of(request))
        if keys is None and len(served) == 1:
            (keys,) = served.values()
        if keys is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(
            body=list(keys.values())[-1],
            content_type="application/x-pem-file",
            headers={"Cache-Control": "no-store"},
        )


def _host_of(request: web.Request) -> str:
    """The name that was asked, as DNS writes it; empty where the request names none."""
    try:
        return (request.url.raw_host or "").lower().removesuffix(".")
    except ValueError:
        return ""


@callback
def async_register_public_key_view(hass: HomeAssistant) -> None:
    """Offer the address; may be called again."""
    if _SERVED not in hass.data:
        hass.data[_SERVED] = {}
        hass.http.register_view(PublicKeyView())


@callback
def async_serve_public_key(hass: HomeAssistant, domain: str, pem: bytes) -> Callable[[], None]:
    """Serve this key for the domain from now on; gives the way to stop it.

    The one who came last is served: a set-up in progress, then the entry that comes of it.
    """
    async_register_public_key_view(hass)
    served = hass.data[_SERVED]
    keys = served.setdefault(domain, {})
    me = object()
    keys[me] = pem

    @callback
    def stop() -> None:
        if keys.pop(me, None) is not None and not keys:
            del served[domain]

    return stop


@callback
def async_serve_entrys_key(hass: HomeAssistant, entry_id: str, domain: str, pem: bytes) -> None:
    """Serve this key until the entry is unloaded or removed.

    That is longer than the entry is loaded: Tesla may want the key while a set-up waits for Tesla.
    """
    async_stop_serving_entrys_key(hass, entry_id)
    stops = hass.data.setdefault(_ENTRIES, {})
    stops[entry_id] = async_serve_public_key(hass, domain, pem)


@callback
def async_stop_serving_entrys_key(hass: HomeAssistant, entry_id: str) -> None:
    """Serve no key for this entry any more."""
    if stop := hass.data.get(_ENTRIES, {}).pop(entry_id, None):
        stop()
