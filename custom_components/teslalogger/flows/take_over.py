"""Taking over from another integration: what becomes of each entity, doing it, undoing it."""

from abc import ABC
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.outlast import outlast
from custom_components.teslalogger.takeover import (
    Reason,
    Source,
    TakeOverFailed,
    TakeOverFile,
    async_plans,
    async_take_over,
    async_undo,
)

from .entry import EntrySteps
from .forms import plain

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from homeassistant.config_entries import ConfigFlowResult
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.takeover import Kept, Move, Plan

    type Words = Callable[[str, str], str]

_NAMES: Final[Mapping[Source, str]] = {
    Source.TESLA_FLEET: "Tesla Fleet",
    Source.TESLEMETRY: "Teslemetry",
    Source.TESLA_CUSTOM: "Tesla Custom Integration",
    Source.MQTT: "TeslaLogger (MQTT)",
}
_NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class _End:
    """The reason to end with, and how many entities it is about."""

    reason: str
    count: int = 0
    failed: int = 0


class TakeOverSteps(EntrySteps, ABC):
    """Choose from whom, see the whole plan, and confirm."""

    _plans: Mapping[Source, Plan]
    _plan: Plan

    async def async_step_take_over(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Choose from those that are there, or what was taken over last."""
        plans = await async_plans(self.hass, self._entry)
        self._plans = {source: plan for source, plan in plans.items() if plan.moves}
        options = [f"take_over_{source}" for source in self._plans]
        if (await self._async_file()).taken:
            options.append("take_over_undo")
        if not options:
            return self.async_abort(reason="nothing_to_take_over")
        return self.async_show_menu(
            step_id="take_over",
            menu_options=options,
            description_placeholders={
                "sources": "\n".join(
                    f"| {_NAMES[source]} | {len(plan.moves)} | {len(plan.kept)} |"
                    for source, plan in self._plans.items()
                )
                or f"| {_NOTHING} | | |"
            },
        )

    async def async_step_take_over_tesla_fleet(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """From Home Assistant's own."""
        return await self._async_show_plan(Source.TESLA_FLEET)

    async def async_step_take_over_teslemetry(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """From Home Assistant's other."""
        return await self._async_show_plan(Source.TESLEMETRY)

    async def async_step_take_over_tesla_custom(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """From the custom integration."""
        return await self._async_show_plan(Source.TESLA_CUSTOM)

    async def async_step_take_over_mqtt(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """From TeslaLogger, the program."""
        return await self._async_show_plan(Source.MQTT)

    async def _async_show_plan(self, source: Source) -> ConfigFlowResult:
        self._plan = plan = self._plans[source]
        words = await _async_words(self.hass)
        return self.async_show_form(
            step_id="take_over_confirm",
            data_schema=vol.Schema({}),
            description_placeholders={
                "source": _NAMES[source],
                "taken": str(len(plan.moves)),
                "moves": "\n".join(_move_row(self.hass, move, words) for move in plan.moves),
                "kept": "\n".join(_kept_rows(plan, words)) or f"| {_NOTHING} | | |",
                "entries": ", ".join(self._titles(plan)) or _NOTHING,
            },
        )

    def _titles(self, plan: Plan) -> Iterator[str]:
        """The config entries that are switched off."""
        for entry_id in sorted(plan.entries):
            entry = self.hass.config_entries.async_get_known_entry(entry_id)
            yield f"{_NAMES[plan.source]} ({plain(entry.title)})"

    async def async_step_take_over_confirm(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Do it, unless something has changed since the page was shown."""
        source = self._plan.source
        self._plans = await async_plans(self.hass, self._entry)
        if source not in self._plans:
            return self.async_abort(reason="nothing_to_take_over")
        if self._plans[source] != self._plan:
            return await self._async_show_plan(source)
        return await self._async_end_with(self._async_take_over)

    async def async_step_take_over_undo(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Give back what was taken last, once that is confirmed."""
        if not (taken := (await self._async_file()).taken):
            return self.async_abort(reason="nothing_to_take_over")
        if user_input is not None:
            return await self._async_end_with(self._async_undo)
        last = taken[-1]
        rows = (f"| {ours.entity_id} | {theirs.entity_id} |" for theirs, ours in last.pairs)
        return self.async_show_form(
            step_id="take_over_undo",
            data_schema=vol.Schema({}),
            description_placeholders={"source": _NAMES[last.source], "entities": "\n".join(rows)},
        )

    async def _async_end_with(self, work: Callable[[], Awaitable[_End]]) -> ConfigFlowResult:
        """Do it, and say what came of it; whoever closes the dialog does not stop it half-way.

        The frontend waits for the answer. On a page with progress it would learn only that there is
        no dialog any more: Home Assistant itself goes on to what such a page ends with.
        """
        end = await outlast(self.hass.async_create_task(self._async_run(work)))
        counts = {"count": str(end.count), "failed": str(end.failed)}
        return self.async_abort(reason=end.reason, description_placeholders=counts)

    async def _async_run(self, work: Callable[[], Awaitable[_End]]) -> _End:
        """Do it while ours is stopped, and start ours again."""
        entry = self._entry
        if not await self._async_unload(entry):
            return _End("not_unloaded")
        try:
            return await work()
        finally:
            await self.hass.config_entries.async_setup(entry.entry_id)

    async def _async_take_over(self) -> _End:
        try:
            taken = await async_take_over(self.hass, self._entry, self._plan)
        except TakeOverFailed as err:
            return _End(err.translation_key)
        return _End("taken_over", count=len(taken.pairs))

    async def _async_undo(self) -> _End:
        undone = await async_undo(self.hass, self._entry)
        given, failed = len(undone.given), len(undone.failed)
        if failed:
            return _End("given_back_in_part", count=given, failed=failed)
        return _End("given_back" if given else "given_back_to_nobody", count=given)

    async def _async_file(self) -> TakeOverFile:
        file = TakeOverFile(self.hass, self._entry.entry_id)
        await file.async_load()
        return file


async def _async_words(hass: HomeAssistant) -> Words:
    """The words for a selector's option, in the language of the house."""
    words = await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    return lambda selector, option: words[
        f"component.{DOMAIN}.selector.{selector}.options.{option}"
    ]


def _move_row(hass: HomeAssistant, move: Move, words: Words) -> str:
    """Their id above our entity's, the name above the area that it gets, statistics."""
    theirs, ours = move.theirs, move.ours
    device = dr.async_get(hass).async_get(theirs.device_id or "")
    area_id = theirs.area_id or (device and device.area_id)
    area = ar.async_get(hass).async_get_area(area_id or "")
    name = plain(theirs.name or ours.original_name or _NOTHING)
    # Ids do not break, and five columns of them are wider than a dialog.
    cells = (
        f"**{theirs.entity_id}**<br>{ours.entity_id}",
        f"{name}<br>{plain(area.name)}" if area else name,
        words("take_over_statistics", move.statistics),
    )
    return f"| {' | '.join(cells)} |"


def _kept_rows(plan: Plan, words: Words) -> Iterator[str]:
    """Their id, what we have instead, why; what nobody uses is only counted."""

    def row(kept: Kept) -> str:
        reason = words("take_over_reason", kept.reason)
        return f"| {kept.theirs.entity_id} | {kept.ours or _NOTHING} | {reason} |"

    yield from (row(kept) for kept in plan.kept if kept.reason is not Reason.SWITCHED_OFF)
    if unused := Counter(kept.reason for kept in plan.kept)[Reason.SWITCHED_OFF]:
        yield f"| {unused} | {_NOTHING} | {words('take_over_reason', Reason.SWITCHED_OFF)} |"
