"""The drawing of a car."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from homeassistant.components.image import DATA_COMPONENT, ImageEntity
import pytest

from custom_components.teslalogger.drawing import draw, paint
from simulator.garage import ANVIL

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from .live import Live

ENTITY = "image.falcon_drawing"


async def drawing(hass: HomeAssistant) -> str:
    """What is drawn now."""
    entity = hass.data[DATA_COMPONENT].get_entity(ENTITY)
    assert isinstance(entity, ImageEntity)
    picture = await entity.async_image()
    assert picture is not None
    return picture.decode()


async def test_drawing_follows_the_colour(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Its time is that of the last drawing that was another one."""
    car = loaded.runtime_data.cars[MODEL_X]
    first = state_of(hass, ENTITY)
    assert await drawing(hass) == draw("X", paint(None))

    freezer.tick(1)
    cloud.cars[MODEL_X].changes = {"vehicle_config__exterior_color": "DeepBlue"}
    await car.async_refresh()
    second = state_of(hass, ENTITY)
    freezer.tick(1)
    await car.async_refresh()

    assert first != second == state_of(hass, ENTITY)
    assert await drawing(hass) == draw("X", paint("DeepBlue"))


@pytest.mark.usefixtures("socket_enabled")
async def test_simulated_car_is_drawn(live: Live, hass_client: ClientSessionGenerator) -> None:
    """By its own model and colour."""
    live.world.cars[ANVIL].wake_now()
    await live.look_at(ANVIL)

    client = await hass_client()
    response = await client.get(f"/api/image_proxy/{live.entity_id('image', ANVIL, 'drawing')}")

    assert (response.status, response.content_type) == (HTTPStatus.OK, "image/svg+xml")
    assert await response.text() == draw("C", paint("StainlessSteel"))
