"""Actions as Home Assistant knows them: registered from their tables, for one device each."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_device_and_config_entry
import voluptuous as vol

from .actions.reads import READS, Read
from .actions.sites import SITE_ACTIONS, SiteAction
from .actions.table import ACTIONS, Action
from .const import DOMAIN
from .errors import needs_login, request_failed
from .fresh import async_need_schedules
from .outcomes import outcomes_as_dict
from .tesla.endpoints import ENDPOINTS
from .tesla.errors import MissingScope, TeslaError
from .tesla.prices import PRICES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from .actions.model import Field
    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .energy.coordinator import SiteCoordinator
    from .tesla.endpoints import Endpoint
    from .tesla.scopes import Scope

_DEVICE: Final = vol.Required(ATTR_DEVICE_ID)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            partial(_async_tell, action),
            schema=_schema(action.fields),
            supports_response=SupportsResponse.OPTIONAL,
        )
    for read in READS:
        _async_register_question(hass, read, partial(_async_ask, read))
    for site_action in SITE_ACTIONS:
        _async_register_question(hass, site_action, partial(_async_ask_site, site_action))


@callback
def _async_register_question(
    hass: HomeAssistant,
    row: Read | SiteAction,
    handler: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]],
) -> None:
    hass.services.async_register(
        DOMAIN,
        row.name,
        handler,
        schema=_schema(row.fields),
        supports_response=SupportsResponse.OPTIONAL if row.changes else SupportsResponse.ONLY,
    )


def _schema(fields: tuple[Field, ...]) -> vol.Schema:
    return vol.Schema({_DEVICE: cv.string} | {_marker(field): field.check for field in fields})


def _marker(field: Field) -> vol.Marker:
    if field.required:
        return vol.Required(field.name)
    default: Any = vol.UNDEFINED if field.default is None else field.default
    return vol.Optional(field.name, default=default)


@callback
def _async_get_car(call: ServiceCall) -> CarCoordinator:
    """The car that the call means.

    Raises:
        ServiceValidationError: The device is no car of a loaded entry.
    """
    entry, identifiers = _async_get_device(call)
    for identifier in identifiers:
        if (car := entry.runtime_data.cars.get(identifier)) is not None:
            return car
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="service_car_not_found")


@callback
def _async_get_site(call: ServiceCall) -> SiteCoordinator:
    """The energy site that the call means.

    Raises:
        ServiceValidationError: The device is no energy site of a loaded entry.
    """
    entry, identifiers = _async_get_device(call)
    for identifier in identifiers:
        if (site := entry.runtime_data.energy.by_id.get(identifier)) is not None:
            return site
    raise ServiceValidationError(
        translation_domain=DOMAIN, translation_key="service_site_not_found"
    )


@callback
def _async_get_device(call: ServiceCall) -> tuple[TeslaLoggerConfigEntry, list[str]]:
    """The entry of the call's device, and the device's identifiers."""
    entry: TeslaLoggerConfigEntry
    device, entry = async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], include_child_devices=False
    )
    return entry, [identifier for domain, identifier in device.identifiers if domain == DOMAIN]


async def _async_tell(action: Action, call: ServiceCall) -> ServiceResponse:
    """Send the action's commands in order; the first that is not done ends it with an error."""
    car = _async_get_car(call)
    await async_need_schedules(car, action.schedules)
    steps = action.steps(car, call.data)
    outcomes = [await car.commander.async_send(step.command, **step.params) for step in steps]
    if not call.return_response:
        return None
    response = outcomes_as_dict(outcomes)
    for step in steps:
        response |= step.tells
    return response


async def _async_ask(read: Read, call: ServiceCall) -> ServiceResponse:
    """Ask Tesla about a car."""
    car = _async_get_car(call)
    reads = car.config_entry.runtime_data.require_fleet().reads
    return await _async_answer(read, call, car, lambda: read.ask(reads, car, call.data))


async def _async_ask_site(action: SiteAction, call: ServiceCall) -> ServiceResponse:
    """Ask Tesla about an energy site, or tell it something."""
    site = _async_get_site(call)
    api = site.config_entry.runtime_data.require_fleet().energy
    return await _async_answer(action, call, site, lambda: action.ask(api, site, call.data))


async def _async_answer(
    row: Read | SiteAction,
    call: ServiceCall,
    owner: CarCoordinator | SiteCoordinator,
    ask: Callable[[], Awaitable[dict[str, Any]]],
) -> ServiceResponse:
    """Ask Tesla; the response also tells what the question cost."""
    endpoint = ENDPOINTS[row.endpoint]
    try:
        _check_scopes(endpoint, owner.scopes)
        answer = await ask()
    except TeslaError as err:
        if needs_login(err):
            owner.config_entry.async_start_reauth(call.hass)
        raise request_failed(err) from err
    if not call.return_response:
        return None
    return {**answer, "cost_usd": PRICES[endpoint.price]}


def _check_scopes(endpoint: Endpoint, granted: frozenset[Scope]) -> None:
    """Ask nothing that the login does not allow: the refusal would cost as much as the answer.

    Raises:
        MissingScope: Nothing was asked.
    """
    if endpoint.scopes and granted.isdisjoint(endpoint.scopes):
        msg = "not asked: the login does not allow it"
        scopes = ", ".join(endpoint.scopes)
        raise MissingScope(msg, placeholders={"endpoint": endpoint.name, "scopes": scopes})
