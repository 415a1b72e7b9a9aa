"""Moving an entry from the owner API to the Fleet API: same devices, same entities, same history.

Nothing of the entry is touched before the last step, so breaking off leaves it as it was.
"""

from abc import ABC
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, override

from homeassistant.const import CONF_NAME
import voluptuous as vol

from custom_components.teslalogger import issues
from custom_components.teslalogger.const import CONF_ACCOUNT_ID, CONF_MOVED_FROM, OWNER_TITLE
from custom_components.teslalogger.tesla.redact import short_vin

from .forms import plain
from .key import KeySteps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigFlowResult

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry


class MoveSteps(KeySteps, ABC):
    """From the owner API to the Fleet API."""

    _is_moving = False
    _missing: Mapping[str, str] = MappingProxyType({})

    @property
    @override
    def _changes_entry(self) -> bool:
        return super()._changes_entry and not self._is_moving

    async def async_step_move_to_fleet(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Sign in at the Fleet API."""
        self._is_moving = True
        page = await self.async_step_pick_implementation()
        return self._ask_for_application(page, "application_first")

    @override
    async def _async_register(self, *, unseen: bool) -> None:
        await super()._async_register(unseen=unseen)
        if self._is_moving:
            # Not before: Tesla tells it only to registered applications.
            present = {car.vin for car in (await self._client.products()).cars}
            known = self._cars_of(self._entry)
            self._missing = {vin: name for vin, name in known.items() if vin not in present}

    @override
    async def _async_registered(self) -> ConfigFlowResult:
        """Go on if the new login has every car of the entry, else ask first."""
        if not self._missing:
            return await super()._async_registered()
        names = (f"{plain(name)} ({short_vin(vin)})" for vin, name in self._missing.items())
        return self.async_show_form(
            step_id="without_cars",
            data_schema=vol.Schema({}),
            description_placeholders={"cars": ", ".join(names)},
        )

    async def async_step_without_cars(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Move although some cars are left behind."""
        return await self.async_step_virtual_key()

    async def _async_move(self, title: str) -> ConfigFlowResult:
        """Make it an entry of the Fleet API; the rest is up to its next set-up."""
        entry: TeslaLoggerConfigEntry = self._get_reconfigure_entry()
        if not await self._async_unload(entry):
            return self.async_abort(reason="not_unloaded")
        former = entry.data[CONF_ACCOUNT_ID]
        self.hass.config_entries.async_update_entry(
            entry,
            title=title if entry.title == OWNER_TITLE else entry.title,
            unique_id=self._account_id,
            data={
                **self._entry_data,
                **({CONF_MOVED_FROM: former} if former != self._account_id else {}),
            },
        )
        issues.async_clear_all(self.hass, entry)
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_abort(
            reason="moved_to_fleet", description_placeholders={CONF_NAME: entry.title}
        )
