"""Actions: what a car can be told that no entity can ask for."""

from typing import TYPE_CHECKING, Final

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

from .const import DOMAIN
from .outcomes import outcome_as_dict

if TYPE_CHECKING:
    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

SERVICE_SET_VALET_MODE: Final = "set_valet_mode"
ATTR_ON: Final = "on"
ATTR_PIN: Final = "pin"

# What a PIN looks like is the command's to say: its message never repeats the value.
SET_VALET_MODE_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Required(ATTR_ON): cv.boolean,
        vol.Optional(ATTR_PIN): cv.string,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_SET_VALET_MODE,
        _async_set_valet_mode,
        schema=SET_VALET_MODE_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


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


async def _async_set_valet_mode(call: ServiceCall) -> ServiceResponse:
    car = _async_get_car(call)
    pin = {"password": call.data[ATTR_PIN]} if ATTR_PIN in call.data else {}
    outcome = await car.async_send("set_valet_mode", on=call.data[ATTR_ON], **pin)
    return outcome_as_dict(outcome) if call.return_response else None
