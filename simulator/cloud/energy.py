"""The Fleet API's energy endpoints.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/energy
"""

from datetime import datetime
import math
from typing import TYPE_CHECKING, Any, Final

from simulator.cloud import answers
from simulator.cloud.answers import Refusal
from simulator.cloud.fleet import Call, Endpoint
from simulator.cloud.ratelimit import RateClass
from simulator.cloud.visit import json_response
from simulator.energy.history import ALWAYS
from simulator.energy.site import ORDERS, InvalidSetting, SiteUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from simulator.energy import EnergySite
    from simulator.energy.history import Between

READING: Final = frozenset({"energy_device_data"})
COMMANDING: Final = frozenset({"energy_cmds"})
UPDATED: Final = {"code": 201, "message": "Updated"}


def _answer(call: Call, ask: Callable[[EnergySite], Any]) -> web.Response:
    site = call.world.sites.get(call.parts["site"])
    if site is None or site.owner != call.account.sub:
        raise Refusal(404, "not_found")
    try:
        return json_response({"response": ask(site)})
    except SiteUnavailable as err:
        raise Refusal(500, answers.SITE_UNAVAILABLE) from err
    except InvalidSetting as err:
        raise Refusal(400, "invalid_field") from err


async def _live_status(call: Call) -> web.Response:
    return _answer(call, lambda site: site.live_status())


async def _site_info(call: Call) -> web.Response:
    return _answer(call, lambda site: site.site_info())


async def _calendar_history(call: Call) -> web.Response:
    query, span = call.visit.query, _span(call)
    period = query.get("period", "")
    match query.get("kind"):
        case "energy":
            return _answer(call, lambda site: site.energy_history(period, span))
        case "backup":
            return _answer(call, lambda site: site.backup_history(period, span))
        case _:
            raise Refusal(400, "invalid_request")


async def _telemetry_history(call: Call) -> web.Response:
    query, span = call.visit.query, _span(call)
    if query.get("kind") != "charge" or not all(map(math.isfinite, span)):
        raise Refusal(400, "invalid_request")
    return _answer(call, lambda site: site.charge_history(span))


def _span(call: Call) -> Between:
    """What `start_date` and `end_date` say; whoever says none means always."""
    start, end = (_date(call.visit.query.get(name)) for name in ("start_date", "end_date"))
    return ALWAYS[0] if start is None else start, ALWAYS[1] if end is None else end


def _date(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise Refusal(400, "invalid_request") from err
    if moment.tzinfo is None:
        raise Refusal(400, "invalid_request")
    return moment.timestamp()


async def _setting(call: Call) -> web.Response:
    name = call.visit.path.rstrip("/").rpartition("/")[2]

    def change(site: EnergySite) -> dict[str, Any]:
        site.set(name, call.body)
        return UPDATED

    return _answer(call, change)


def _get(name: str, handler: Any) -> Endpoint:
    return Endpoint(
        name=name,
        method="GET",
        path=f"energy_sites/{{site}}/{name}",
        handler=handler,
        scopes=READING,
        rate=RateClass.DATA,
    )


ENDPOINTS: Final = (
    _get("live_status", _live_status),
    _get("site_info", _site_info),
    _get("calendar_history", _calendar_history),
    _get("telemetry_history", _telemetry_history),
    *(
        Endpoint(
            name=name,
            method="POST",
            path=f"energy_sites/{{site}}/{name}",
            handler=_setting,
            scopes=COMMANDING,
            rate=RateClass.COMMANDS,
        )
        for name in ORDERS
    ),
)
