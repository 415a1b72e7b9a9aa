"""What the set-up's forms are made of."""

from typing import TYPE_CHECKING

from homeassistant.setup import async_setup_component

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.flows.forms import async_key_table
from custom_components.teslalogger.pairing import CarKey

from .cloud import MODEL_3

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant


async def test_a_cars_name_cannot_change_the_table(hass: HomeAssistant) -> None:
    """Somebody else may have named a car that was lent."""
    assert await async_setup_component(hass, DOMAIN, {})
    car = CarKey(vin=MODEL_3, name="A | [b](c)\n![d] <i>", status=None)

    rows = await async_key_table(hass, [car])

    assert rows == r"| A \| \[b\]\(c\) \!\[d\] \<i\> (…012346) | Unknown |"


async def test_the_table_speaks_the_language_of_home_assistant(hass: HomeAssistant) -> None:
    """As the page around it does."""
    assert await async_setup_component(hass, DOMAIN, {})
    hass.config.language = "de"

    rows = await async_key_table(hass, [CarKey(vin=MODEL_3, name="Juniper", status=None)])

    assert rows == "| Juniper (…012346) | Unbekannt |"
