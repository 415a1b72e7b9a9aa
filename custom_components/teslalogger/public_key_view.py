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

_SERVED: Final[HassKey[dict[str, list[bytes]]]] = HassKey(f"{DOMAIN}.public_keys")


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
        keys = served.get((request.url.host or "").lower())
        if keys is None and len(served) == 1:
            (keys,) = served.values()
        if keys is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        return web.Response(
            body=keys[-1],
            content_type="application/x-pem-file",
            headers={"Cache-Control": "no-store"},
        )


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
    keys = served.setdefault(domain, [])
    keys.append(pem)

    @callback
    def stop() -> None:
        if pem in keys:
            keys.remove(pem)
        if not keys:
            served.pop(domain, None)

    return stop
