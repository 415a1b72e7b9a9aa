"""Carries out a fault rule around the answer to a request."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from simulator.cloud.faults import FaultKind, FaultRule
from simulator.cloud.visit import Visit, json_response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What was sent; `status` is None where nothing was."""

    response: web.Response
    status: int | None


async def answer(
    visit: Visit, name: str, vin: str | None, execute: Callable[[], Awaitable[web.Response]]
) -> Outcome:
    """Answer the request `name`, or do what the first matching rule says."""
    rule = visit.world.faults.take(name, vin)
    if rule is None:
        return _sent(await execute())
    if rule.kind is FaultKind.DELAY:
        return await _late(rule, execute)
    true = await execute() if rule.takes_effect else json_response({"response": None})
    await asyncio.sleep(rule.delay)
    match rule.kind:
        case FaultKind.LOST:
            if visit.request.transport is not None:
                visit.request.transport.abort()
            return Outcome(response=true, status=None)
        case FaultKind.TRUNCATED:
            return _sent(_half(true))
        case FaultKind.HTML:
            text = rule.body if isinstance(rule.body, str) else _PAGE
            return _sent(web.Response(text=text, content_type="text/html", status=rule.status))
        case _:
            return _sent(_instead(rule))


async def _late(rule: FaultRule, execute: Callable[[], Awaitable[web.Response]]) -> Outcome:
    if not rule.takes_effect:
        await asyncio.sleep(rule.delay)
        return _sent(await execute())
    response = await execute()
    await asyncio.sleep(rule.delay)
    return _sent(response)


def _instead(rule: FaultRule) -> web.Response:
    headers = dict(rule.headers)
    if isinstance(rule.body, str):
        return web.Response(text=rule.body, status=rule.status, headers=headers)
    return json_response(rule.body, status=rule.status, headers=headers)


def _half(response: web.Response) -> web.Response:
    text = response.text or ""
    return web.Response(
        text=text[: len(text) // 2], status=response.status, content_type=response.content_type
    )


def _sent(response: web.Response) -> Outcome:
    return Outcome(response=response, status=response.status)
