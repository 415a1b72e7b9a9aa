"""Actions: what no entity can ask for."""

from typing import TYPE_CHECKING, Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.teslalogger.const import DOMAIN

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant, ServiceResponse
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockConfigEntry


@pytest.fixture
def device_id(loaded: MockConfigEntry, device_registry: dr.DeviceRegistry) -> str:
    """The old car's device."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), loaded.entry_id)
    assert device is not None
    return device.id


async def set_valet_mode(
    hass: HomeAssistant, *, return_response: bool = False, **data: Any
) -> ServiceResponse:
    """Call the action."""
    return await hass.services.async_call(
        DOMAIN, "set_valet_mode", data, blocking=True, return_response=return_response
    )


@pytest.mark.parametrize(
    ("data", "body"),
    [
        ({"on": True, "pin": "1234"}, {"on": True, "password": "1234"}),
        ({"on": True}, {"on": True}),
        ({"on": False}, {"on": False}),
    ],
)
async def test_valet_mode_is_set(
    hass: HomeAssistant,
    device_id: str,
    cloud: FakeCloud,
    data: dict[str, Any],
    body: dict[str, Any],
) -> None:
    """With a PIN where one is needed."""
    await set_valet_mode(hass, device_id=device_id, **data)

    assert cloud.commands == [("set_valet_mode", body)]
    expected = "on" if data["on"] else "off"
    assert state_of(hass, "switch.falcon_valet_mode") == expected


async def test_outcome_is_the_response(hass: HomeAssistant, device_id: str) -> None:
    """For automations that want to know."""
    response = await set_valet_mode(
        hass, return_response=True, device_id=device_id, on=True, pin="1234"
    )

    assert response is not None
    assert response["result"] == "done"
    assert response["route"] == "unsigned"
    assert response["cost_usd"] == 0.001
    assert "1234" not in str(response)


async def test_pin_that_is_none_is_never_repeated(
    hass: HomeAssistant,
    device_id: str,
    cloud: FakeCloud,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It may be a PIN with one digit missing."""
    with pytest.raises(ServiceValidationError) as caught:
        await set_valet_mode(hass, device_id=device_id, on=True, pin="98765")

    assert caught.value.translation_key == "invalid_parameter"
    assert "98765" not in f"{caught.value!r}{caught.value}"
    assert not [
        record
        for record in caplog.records
        if "98765" in record.getMessage() and record.name.startswith("custom_components")
    ]
    assert not cloud.commands


async def test_refusal_is_an_error(hass: HomeAssistant, device_id: str, cloud: FakeCloud) -> None:
    """Even where a response is wanted: an automation must not go on by accident."""
    cloud.cars[MODEL_X].refusals["set_valet_mode"] = "already in valet mode with another PIN"

    with pytest.raises(HomeAssistantError, match="another PIN"):
        await set_valet_mode(hass, return_response=True, device_id=device_id, on=True)


async def test_device_that_is_no_car_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    """As one of a car that left the account a moment ago."""
    device = device_registry.async_get_or_create(
        config_entry_id=loaded.entry_id, identifiers={(DOMAIN, "5YJ3E7EB8MF099999")}
    )

    with pytest.raises(ServiceValidationError) as caught:
        await set_valet_mode(hass, device_id=device.id, on=False)

    assert caught.value.translation_key == "service_car_not_found"
