"""The guided way out of a repair."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.components.repairs.const import FlowType
from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.selector import QrCodeSelector, QrCodeSelectorConfig
import voluptuous as vol

from .const import CONF_DOMAIN, DOMAIN
from .issues import (
    LEFT_BEHIND,
    is_about_telemetry,
    key_issue_id,
    no_key_issue_id,
    owner_api_issue_id,
)
from .pairing import pairing_url

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

_QR_SCALE: Final = 6


class PairKeyFlow(RepairsFlow):
    """Shows the way to the virtual key, and asks Tesla whether it was gone."""

    def __init__(self, entry: TeslaLoggerConfigEntry, car: CarCoordinator) -> None:
        self._entry = entry
        self._car = car

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return self._show()

    async def async_step_pair(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Close the repair if the key is in the car now."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        has_answer = await self._entry.runtime_data.account.async_check_keys()
        if self._car.commander.waits_for_pairing:
            return self._show({"base": "not_paired_yet" if has_answer else "no_answer"})
        return self.async_create_entry(data={})

    def _show(self, errors: dict[str, str] | None = None) -> RepairsFlowResult:
        url = pairing_url(self._entry.data[CONF_DOMAIN])
        qr_code = QrCodeSelector(QrCodeSelectorConfig(data=url, scale=_QR_SCALE))
        return self.async_show_form(
            step_id="pair",
            data_schema=vol.Schema({vol.Optional("qr_code"): qr_code}),
            description_placeholders={"car": self._car.title, "url": url},
            errors=errors,
        )


class StreamFlow(RepairsFlow):
    """Says what to do before a car streams, and does whatever can be done from here."""

    def __init__(self, entry: TeslaLoggerConfigEntry, car: CarCoordinator, issue_id: str) -> None:
        self._entry = entry
        self._car = car
        self._about = issue_id

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return self._show()

    async def async_step_check(
        self, _user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Close the repair if what it says is not so any more."""
        if self._entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="not_loaded")
        configurations = self._entry.runtime_data.telemetry.configurations
        has_answer = await configurations.async_check(self._car)
        if ir.async_get(self.hass).async_get_issue(DOMAIN, self._about) is not None:
            return self._show({"base": "not_mended_yet" if has_answer else "no_answer"})
        return self.async_create_entry(data={})

    def _show(self, errors: dict[str, str] | None = None) -> RepairsFlowResult:
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self._about)
        return self.async_show_form(
            step_id="check",
            data_schema=vol.Schema({}),
            description_placeholders=issue.translation_placeholders if issue else None,
            errors=errors,
        )


class MoveFlow(RepairsFlow):
    """Leads to the dialog that mends it, and there to a page if it is always the same."""

    def __init__(
        self, entry: TeslaLoggerConfigEntry, issue_id: str, *, page: str | None = None
    ) -> None:
        self._entry = entry
        self._about = issue_id
        self._page = page

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_move()

    async def async_step_move(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Open the dialog that changes the entry; the repair stays until that has ended."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self._about)
        if issue is None:
            return self.async_create_entry(data={})  # it has been mended meanwhile
        if user_input is None:
            return self.async_show_form(
                step_id="move",
                data_schema=vol.Schema({}),
                description_placeholders=issue.translation_placeholders,
            )
        menu = await self.hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": self._entry.entry_id}
        )
        if self._page is not None and menu["type"] is FlowResultType.MENU:
            await self.hass.config_entries.flow.async_configure(
                menu["flow_id"], {"next_step_id": self._page}
            )
        return self.async_abort(
            reason="go_on_there", next_flow=(FlowType.CONFIG_FLOW, menu["flow_id"])
        )


class GoneFlow(RepairsFlow):
    """The repair's account is not loaded, so nothing can be asked."""

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say so."""
        return self.async_abort(reason="not_loaded")


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """The flow behind the repair's button."""
    entry: TeslaLoggerConfigEntry | None = hass.config_entries.async_get_entry(
        (data or {}).get("entry_id", "")
    )
    if entry is not None and entry.state is ConfigEntryState.LOADED:
        for car in entry.runtime_data.cars.values():
            if key_issue_id(entry, car.vin) == issue_id:
                return PairKeyFlow(entry, car)
            if is_about_telemetry(entry, car.vin, issue_id):
                return StreamFlow(entry, car, issue_id)
    if entry is not None and issue_id == owner_api_issue_id(entry):
        return MoveFlow(entry, issue_id)
    if entry is not None and issue_id == no_key_issue_id(entry):
        return MoveFlow(entry, issue_id, page="domain")
    if issue_id.startswith(LEFT_BEHIND):
        return ConfirmRepairFlow()
    return GoneFlow()
