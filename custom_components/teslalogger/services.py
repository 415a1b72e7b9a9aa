"""Actions as Home Assistant knows them: registered from their tables, for one car each."""

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

from .action_reads import READS, Read
from .actions import ACTIONS, Action
from .const import DOMAIN
from .errors import needs_login, request_failed
from .outcomes import outcomes_as_dict
from .tesla.endpoints import ENDPOINTS
from .tesla.errors import MissingScope, TeslaError
from .tesla.prices import PRICES

if TYPE_CHECKING:
    from .action_model import Field
    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .tesla.endpoints import Endpoint

_CAR: Final = vol.Required(ATTR_DEVICE_ID)


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
        hass.services.async_register(
            DOMAIN,
            read.name,
            partial(_async_ask, read),
            schema=_schema(read.fields),
            supports_response=SupportsResponse.OPTIONAL if read.changes else SupportsResponse.ONLY,
        )


def _schema(fields: tuple[Field, ...]) -> vol.Schema:
    return vol.Schema({_CAR: cv.string} | {_marker(field): field.check for field in fields})


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
    entry: TeslaLoggerConfigEntry
    device, entry = async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], include_child_devices=False
    )
    for domain, identifier in device.identifiers:
        if domain == DOMAIN and (car := entry.runtime_data.cars.get(identifier)) is not None:
            return car
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="service_car_not_found")


async def _async_tell(action: Action, call: ServiceCall) -> ServiceResponse:
    """Send the action's commands in order; the first that is not done ends it with an error."""
    car = _async_get_car(call)
    steps = action.steps(car, call.data)
    outcomes = [await car.async_send(step.command, **step.params) for step in steps]
    if not call.return_response:
        return None
    response = outcomes_as_dict(outcomes)
    for step in steps:
        response |= step.tells
    return response


async def _async_ask(read: Read, call: ServiceCall) -> ServiceResponse:
    """Ask Tesla; the response also tells what the question cost."""
    car = _async_get_car(call)
    entry = car.config_entry
    endpoint = ENDPOINTS[read.endpoint]
    try:
        _check_scopes(endpoint, car)
        answer = await read.ask(entry.runtime_data.client.reads, car, call.data)
    except TeslaError as err:
        if needs_login(err):
            entry.async_start_reauth(call.hass)
        raise request_failed(err) from err
    if not call.return_response:
        return None
    return {**answer, "cost_usd": PRICES[endpoint.price]}


def _check_scopes(endpoint: Endpoint, car: CarCoordinator) -> None:
    """Ask nothing that the login does not allow: the refusal would cost as much as the answer.

    Raises:
        MissingScope: Nothing was asked.
    """
    if endpoint.scopes and car.scopes.isdisjoint(endpoint.scopes):
        msg = "not asked: the login does not allow it"
        scopes = ", ".join(endpoint.scopes)
        raise MissingScope(msg, placeholders={"endpoint": endpoint.name, "scopes": scopes})
