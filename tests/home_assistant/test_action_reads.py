"""Questions to Tesla that no entity asks: answered, counted, and explained where they fail."""

import threading
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from custom_components.teslalogger.actions.reads import READS
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import (
    ENDPOINTS,
    LoginRequired,
    PriceClass,
    Scope,
    VehicleUnavailable,
)

from .cloud import MODEL_X, FakeCloud

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.core import HomeAssistant, ServiceResponse
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockConfigEntry

PDF: Final = b"%PDF-1.4 paid"
COST: Final = {"cost_usd": 0.002}

# Data; Tesla's answer; item and query of the question; the response without its cost.
EXAMPLES: Final[dict[str, tuple[dict[str, Any], Any, tuple[str, str], dict[str, Any]]]] = {
    "get_nearby_charging_sites": (
        {"count": 2, "radius": 50},
        {"superchargers": [{"name": "Here"}]},
        ("", "?count=2&radius=50"),
        {"superchargers": [{"name": "Here"}], "destination_charging": []},
    ),
    "get_release_notes": (
        {"staged": True},
        {"response": {"release_notes": [{"title": "New"}]}},
        ("", "?staged=true"),
        {"release_notes": [{"title": "New"}]},
    ),
    "get_recent_alerts": (
        {},
        {"recent_alerts": [{"name": "APP_w222"}]},
        ("", ""),
        {"alerts": [{"name": "APP_w222"}]},
    ),
    "get_service_data": (
        {},
        {"service_status": "in_service"},
        ("", ""),
        {"service": {"service_status": "in_service"}},
    ),
    "get_drivers": ({}, [{"user_id_s": "1"}], ("", ""), {"drivers": [{"user_id_s": "1"}]}),
    "remove_driver": ({"driver_id": "1"}, "ok", ("", "?share_user_id=1"), {}),
    "get_invitations": ({}, [{"id_s": "7"}], ("", ""), {"invitations": [{"id_s": "7"}]}),
    "create_invitation": (
        {},
        {"share_link": "https://www.tesla.com/_rs/1/a"},
        ("", ""),
        {"invitation": {"share_link": "https://www.tesla.com/_rs/1/a"}},
    ),
    "revoke_invitation": ({"invitation_id": "7"}, True, ("7", ""), {}),
    "get_options": (
        {},
        {"codes": [{"code": "$PPSW"}]},
        ("", f"?vin={MODEL_X}"),
        {"options": [{"code": "$PPSW"}]},
    ),
    "get_warranty": (
        {},
        {"activeWarranty": []},
        ("", f"?vin={MODEL_X}"),
        {"warranty": {"active": [], "upcoming": [], "expired": []}},
    ),
    "get_charging_history": (
        {"start": "2026-10-01T00:00:00+02:00", "end": "2026-11-01 00:00:00", "page_size": 10},
        {"data": [{"sessionId": 1}]},
        (
            "",
            (
                f"?vin={MODEL_X}&startTime=2026-10-01T00%3A00%3A00%2B02%3A00"
                "&endTime=2026-11-01T00%3A00%3A00-07%3A00&pageSize=10"
            ),
        ),
        {"sessions": [{"sessionId": 1}]},
    ),
}


@pytest.fixture
def device_id(loaded: MockConfigEntry, device_registry: dr.DeviceRegistry) -> str:
    """The old car's device."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), loaded.entry_id)
    assert device is not None
    return device.id


async def ask(hass: HomeAssistant, name: str, /, **data: Any) -> ServiceResponse:
    """Call an action and want its response."""
    return await hass.services.async_call(DOMAIN, name, data, blocking=True, return_response=True)


@pytest.mark.parametrize("name", EXAMPLES)
async def test_a_question_is_answered_and_counted(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    device_id: str,
    cloud: FakeCloud,
    name: str,
) -> None:
    """Once, about this car, at its price."""
    data, answer, question, expected = EXAMPLES[name]
    endpoint = next(read.endpoint for read in READS if read.name == name)
    cloud.answers[endpoint] = answer
    before = loaded.runtime_data.meter.counts[PriceClass.DATA]

    assert await ask(hass, name, device_id=device_id, **data) == expected | COST

    assert cloud.questions == [(endpoint, *question)]
    assert cloud.requests[-1] == (endpoint, MODEL_X)
    assert loaded.runtime_data.meter.counts[PriceClass.DATA] == before + 1


def test_every_question_has_an_example() -> None:
    """The invoice's are below."""
    assert {read.name for read in READS} == {*EXAMPLES, "save_charging_invoice"}
    assert all(read.endpoint in ENDPOINTS for read in READS)


async def test_a_change_needs_no_response(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud
) -> None:
    """Whoever takes the car from somebody wants it done."""
    cloud.answers["remove_driver"] = "ok"
    data = {"device_id": device_id, "driver_id": "1"}

    await hass.services.async_call(DOMAIN, "remove_driver", data, blocking=True)

    assert cloud.questions == [("remove_driver", "", "?share_user_id=1")]


async def test_an_error_of_teslas_is_explained(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud
) -> None:
    """As for entities."""
    cloud.failures["nearby_charging_sites"] = VehicleUnavailable(status=408)

    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "get_nearby_charging_sites", device_id=device_id)

    assert caught.value.translation_key == "vehicle_unavailable"
    assert not hass.config_entries.flow.async_progress()


async def test_a_login_that_ended_asks_for_a_new_one(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud
) -> None:
    """Beside the error."""
    cloud.failures["drivers"] = LoginRequired(status=401)

    with pytest.raises(HomeAssistantError):
        await ask(hass, "get_drivers", device_id=device_id)
    await hass.async_block_till_done()

    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA, Scope.VEHICLE_CMDS)])
async def test_what_the_login_does_not_allow_is_not_asked(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud
) -> None:
    """It would cost as much as the answer."""
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "get_charging_history", device_id=device_id)

    assert caught.value.translation_key == "missing_scope"
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["scopes"] == "vehicle_charging_cmds"
    assert not cloud.questions


@pytest.mark.parametrize("data", [{"count": 0}, {"radius": "far"}, {"page": 1}])
async def test_a_field_that_makes_no_sense_is_refused(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud, data: dict[str, Any]
) -> None:
    """By Home Assistant."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "get_nearby_charging_sites", device_id=device_id, **data)

    assert not cloud.questions


# Invoices


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Path:
    """A folder that Home Assistant may write to."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    return tmp_path


async def test_an_invoice_is_saved(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud, folder: Path
) -> None:
    """As Tesla gives it."""
    cloud.answers["charging_invoice"] = PDF
    path = folder / "invoice.PDF"

    response = await ask(
        hass, "save_charging_invoice", device_id=device_id, invoice_id="abc", path=str(path)
    )

    assert response == {"path": str(path), "size": len(PDF)} | COST
    assert path.read_bytes() == PDF
    assert cloud.questions == [("charging_invoice", "abc", "")]


@pytest.mark.parametrize("name", ["invoice.yaml", "../invoice.pdf", "/etc/invoice.pdf"])
async def test_an_invoice_is_saved_only_where_it_may_be(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud, folder: Path, name: str
) -> None:
    """And only as what it is; Tesla is not even asked."""
    path = folder / name

    with pytest.raises(ServiceValidationError) as caught:
        await ask(
            hass, "save_charging_invoice", device_id=device_id, invoice_id="abc", path=str(path)
        )

    assert caught.value.translation_key == "path_not_allowed"
    assert not path.exists()
    assert not cloud.questions


async def test_a_disk_that_does_not_take_it_is_told(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud, folder: Path
) -> None:
    """As with a folder of the file's name."""
    cloud.answers["charging_invoice"] = PDF
    path = folder / "invoice.pdf"
    path.mkdir()

    with pytest.raises(HomeAssistantError) as caught:
        await ask(
            hass, "save_charging_invoice", device_id=device_id, invoice_id="abc", path=str(path)
        )

    assert caught.value.translation_key == "file_not_written"


async def test_the_disk_is_looked_at_beside_the_event_loop(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud, folder: Path
) -> None:
    """A path can lead to a slow one."""
    cloud.answers["charging_invoice"] = PDF
    threads: list[int] = []

    def allow(_path: str) -> bool:
        threads.append(threading.get_ident())
        return True

    with patch.object(hass.config, "is_allowed_path", allow):
        path = str(folder / "invoice.pdf")
        await ask(hass, "save_charging_invoice", device_id=device_id, invoice_id="abc", path=path)

    assert threads
    assert threading.get_ident() not in threads
