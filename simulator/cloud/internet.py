"""The rest of the internet, as far as the world knows the way to it."""

from typing import TYPE_CHECKING, Final

from aiohttp import ClientError, web
from yarl import URL

if TYPE_CHECKING:
    from simulator.cloud.visit import Visit

_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


async def forward(visit: Visit) -> web.StreamResponse:
    """Pass the request on to the server that stands behind the host."""
    base = visit.world.internet.get(visit.host)
    if base is None:
        return _bad_gateway(f"no route to {visit.host}")
    target = URL(base.rstrip("/") + visit.path, encoded=True)
    if visit.request.query_string:
        target = target.with_query(visit.request.query)
    headers = {
        name: value
        for name, value in visit.request.headers.items()
        if name.lower() not in _HOP_BY_HOP
    }
    try:
        async with visit.session.request(
            visit.request.method,
            target,
            headers={**headers, "Host": visit.host},
            data=await visit.request.read(),
            allow_redirects=False,
        ) as answer:
            kept = {
                name: value
                for name, value in answer.headers.items()
                if name.lower() not in _HOP_BY_HOP | {"content-encoding"}
            }
            return web.Response(body=await answer.read(), status=answer.status, headers=kept)
    except ClientError, TimeoutError:
        return _bad_gateway(f"{visit.host} does not answer")


def _bad_gateway(text: str) -> web.Response:
    return web.Response(text=text, status=502)
