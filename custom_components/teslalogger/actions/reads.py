"""READS: what Tesla tells of a car on request, as actions with a response."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.vehicle.alerts import read_alerts

from .model import Data, Question, flag, local, moment, number, text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.tesla.reads import VehicleReads

_SUFFIX: Final = ".pdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Read(Question["VehicleReads", "CarCoordinator"]):
    """A question about a car."""


def _list(
    name: str, endpoint: str, key: str, ask: Callable[[VehicleReads, str], Awaitable[Any]]
) -> Read:
    """A question without fields whose answer is one list or object."""

    async def answer(reads: VehicleReads, car: CarCoordinator, _: Data) -> dict[str, Any]:
        return {key: await ask(reads, car.vin)}

    return Read(name=name, endpoint=endpoint, ask=answer)


def _removal(
    name: str, endpoint: str, field: str, ask: Callable[[VehicleReads, str, str], Awaitable[None]]
) -> Read:
    """Takes away what the field names."""

    async def answer(reads: VehicleReads, car: CarCoordinator, data: Data) -> dict[str, Any]:
        await ask(reads, car.vin, data[field])
        return {}

    return Read(
        name=name, endpoint=endpoint, fields=(text(field, required=True),), ask=answer, changes=True
    )


async def _sites(reads: VehicleReads, car: CarCoordinator, data: Data) -> dict[str, Any]:
    return await reads.nearby_charging_sites(
        car.vin, count=data.get("count"), radius=data.get("radius")
    )


async def _alerts(reads: VehicleReads, car: CarCoordinator, _: Data) -> dict[str, Any]:
    """Those that are new are events, too."""
    alerts = await reads.recent_alerts(car.vin)
    car.async_tell_alerts(read_alerts(alerts))
    return {"alerts": alerts}


async def _notes(reads: VehicleReads, car: CarCoordinator, data: Data) -> dict[str, Any]:
    return {"release_notes": await reads.release_notes(car.vin, staged=data["staged"])}


async def _history(reads: VehicleReads, car: CarCoordinator, data: Data) -> dict[str, Any]:
    sessions = await reads.charging_history(
        car.vin,
        start=local(data.get("start")),
        end=local(data.get("end")),
        page=data.get("page"),
        page_size=data.get("page_size"),
    )
    return {"sessions": sessions}


async def _invoice(reads: VehicleReads, car: CarCoordinator, data: Data) -> dict[str, Any]:
    path = Path(data["path"])
    hass = car.hass
    is_allowed = await hass.async_add_executor_job(hass.config.is_allowed_path, str(path))
    # The suffix keeps a slip of the pen from replacing a configuration.
    if path.suffix.lower() != _SUFFIX or not is_allowed:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"file": str(path)},
        )
    invoice = await reads.charging_invoice(car.vin, data["invoice_id"])
    try:
        await hass.async_add_executor_job(path.write_bytes, invoice)
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_written",
            translation_placeholders={"file": str(path)},
        ) from err
    return {"path": str(path), "size": len(invoice)}


READS: Final = (
    Read(
        name="get_nearby_charging_sites",
        endpoint="nearby_charging_sites",
        fields=(number("count", 1, 100), number("radius", 1, 500, unit="mi")),
        ask=_sites,
    ),
    Read(
        name="get_release_notes",
        endpoint="release_notes",
        fields=(flag("staged", default=False),),
        ask=_notes,
    ),
    Read(name="get_recent_alerts", endpoint="recent_alerts", ask=_alerts),
    _list(
        "get_service_data", "service_data", "service", lambda reads, vin: reads.service_data(vin)
    ),
    _list("get_drivers", "drivers", "drivers", lambda reads, vin: reads.drivers(vin)),
    _removal(
        "remove_driver",
        "remove_driver",
        "driver_id",
        lambda reads, vin, driver: reads.remove_driver(vin, driver),
    ),
    _list(
        "get_invitations", "invitations", "invitations", lambda reads, vin: reads.invitations(vin)
    ),
    _list(
        "create_invitation",
        "create_invitation",
        "invitation",
        lambda reads, vin: reads.create_invitation(vin),
    ),
    _removal(
        "revoke_invitation",
        "revoke_invitation",
        "invitation_id",
        lambda reads, vin, invitation: reads.revoke_invitation(vin, invitation),
    ),
    _list("get_options", "options", "options", lambda reads, vin: reads.options(vin)),
    _list("get_warranty", "warranty", "warranty", lambda reads, vin: reads.warranty(vin)),
    Read(
        name="get_charging_history",
        endpoint="charging_history",
        fields=(
            moment("start"),
            moment("end"),
            number("page", 1, 10_000),
            number("page_size", 1, 500),
        ),
        ask=_history,
    ),
    Read(
        name="save_charging_invoice",
        endpoint="charging_invoice",
        fields=(text("invoice_id", required=True), text("path", required=True)),
        ask=_invoice,
        changes=True,
    ),
)
