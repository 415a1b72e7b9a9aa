"""Taking over, and giving back.

Their entry in the registry becomes ours, with everything people and automations know it by: its id
and its internal one, its settings, and with the id its history and statistics, of which the
recorder notices nothing. Our own entry goes to where Home Assistant keeps removed ones.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
import logging
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntryDisabler, OperationNotAllowed
from homeassistant.core import HassJob
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import entity_sources
from homeassistant.helpers.event import async_call_later

from custom_components.teslalogger.tesla.redact import sanitise

from .file import Taken, TakeOverFile
from .model import NotOnDisk, TakeOverFailed
from .snapshot import DeviceSnapshot, EntitySnapshot
from .unique_ids import under_account

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

    from .model import Move, Plan

_LOGGER: Final = logging.getLogger(__name__)

_PATIENCE: Final = 10
"""Seconds that entities may take to stop."""
_USER: Final = er.RegistryEntryDisabler.USER
_WRITTEN_AFTER: Final = 300.0
"""Seconds after which the registries are on disk, also while Home Assistant starts."""

type Pair = tuple[EntitySnapshot, EntitySnapshot]


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """What came of giving back: to whom it belonged, to nobody any more, or an error."""

    given: tuple[Pair, ...]
    ownerless: tuple[Pair, ...]
    failed: tuple[Pair, ...]


async def async_take_over(hass: HomeAssistant, entry: TeslaLoggerConfigEntry, plan: Plan) -> Taken:
    """Do what the plan says; our entry is not loaded.

    What is needed to undo it is on disk before anything is changed.

    Raises:
        TakeOverFailed: Something stood in the way; what had been done is undone. NotOnDisk says
            that nothing had been done.
    """
    file = TakeOverFile(hass, entry.entry_id)
    await file.async_load()
    taken = _remember(hass, plan)
    await file.async_push(taken)
    try:
        await _async_stop(hass, taken)
        for move in plan.moves:
            _take(hass, move)
    except (OperationNotAllowed, TimeoutError, ValueError) as err:
        _LOGGER.warning("The entities of %s could not be taken over: %s", plan.source, err)
        await async_undo(hass, entry)
        raise TakeOverFailed from err
    _take_devices(hass, plan.moves)
    return taken


async def async_undo(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> Undone:
    """Give back what was taken last; our entry is not loaded, and there is something to give back.

    Wherever the takeover was interrupted. What fails can be tried again.
    """
    file = TakeOverFile(hass, entry.entry_id)
    await file.async_load()
    taken = file.taken[-1]
    undone = await _async_give_back(hass, taken)
    given_back = replace(taken, pairs=(*undone.given, *undone.ownerless))
    left = replace(taken, pairs=undone.failed) if undone.failed else None
    with suppress(NotOnDisk):  # undoing it twice does no harm
        await file.async_pop(given_back, left)
    return undone


async def async_undo_all(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """Give back whatever was taken, the latest first; our entry is not loaded, or is to be removed.

    Nothing is on disk afterwards.
    """
    file = TakeOverFile(hass, entry.entry_id)
    await file.async_load()
    for taken in reversed(file.taken):
        await _async_give_back(hass, taken)
    await file.async_remove()


async def async_see_given_back(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """Give back once more what the registries have forgotten; our entry is about to be set up.

    They are written some time after they are changed, so a crash can take the undoing with it.
    """
    file = TakeOverFile(hass, entry.entry_id)
    await file.async_load()
    if not file.given_back:
        return
    for taken in file.given_back:
        if any(_is_still_ours(hass, *pair) for pair in taken.pairs):
            await _async_give_back(hass, taken)

    async def forget(_now: datetime) -> None:
        with suppress(NotOnDisk):  # it is looked at again at the next start
            await file.async_forget_given_back()

    job = HassJob(forget, cancel_on_shutdown=True)
    entry.async_on_unload(async_call_later(hass, _WRITTEN_AFTER, job))


async def _async_give_back(hass: HomeAssistant, taken: Taken) -> Undone:
    """Bring back all that can be brought back, and start whoever got something."""
    pairs: dict[bool | None, list[Pair]] = {True: [], False: [], None: []}
    for pair in taken.pairs:
        theirs, ours = pair
        try:
            has_owner = _give_back(hass, theirs, ours)
        except Exception as err:  # noqa: BLE001 - whatever it is, the others are given back
            _LOGGER.warning("%s could not be given back: %s", theirs.entity_id, sanitise(str(err)))
            pairs[None].append(pair)
        else:
            pairs[has_owner].append(pair)
    for device in taken.devices:
        device.restore(hass)
    served = {theirs.config_entry_id for theirs, _ in pairs[True]}
    for entry_id in sorted({*taken.entries, *(one for one in served if _goes_on(hass, one))}):
        await _async_switch_on(hass, entry_id)
    return Undone(
        given=tuple(pairs[True]), ownerless=tuple(pairs[False]), failed=tuple(pairs[None])
    )


def _remember(hass: HomeAssistant, plan: Plan) -> Taken:
    devices = dr.async_get(hass)
    ours = sorted({move.ours.device_id for move in plan.moves if move.ours.device_id})
    return Taken(
        source=plan.source,
        pairs=tuple(
            (EntitySnapshot.of(move.theirs), EntitySnapshot.of(move.ours)) for move in plan.moves
        ),
        devices=tuple(
            DeviceSnapshot.of(device)
            for device_id in ours
            if (device := devices.async_get(device_id)) is not None
        ),
        entries=tuple(
            sorted(
                entry_id
                for entry_id in plan.entries
                if hass.config_entries.async_get_known_entry(entry_id).disabled_by is None
            )
        ),
    )


async def _async_stop(hass: HomeAssistant, taken: Taken) -> None:
    """Stop the entities that are taken, and the integration where it serves nothing else.

    Raises:
        OperationNotAllowed: The integration cannot be stopped.
        TimeoutError: An entity does not stop.
    """
    registry = er.async_get(hass)
    for entry_id in taken.entries:
        await hass.config_entries.async_set_disabled_by(entry_id, ConfigEntryDisabler.USER)
    for theirs, _ in taken.pairs:
        if _goes_on(hass, theirs.config_entry_id):
            registry.async_update_entity(theirs.entity_id, disabled_by=_USER)
    entity_ids = {theirs.entity_id for theirs, _ in taken.pairs}
    async with asyncio.timeout(_PATIENCE):
        # Home Assistant tells nobody when an entity has stopped.
        while not entity_ids.isdisjoint(entity_sources(hass)):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.01)


def _goes_on(hass: HomeAssistant, entry_id: str | None) -> bool:
    """Whether their config entry is in use all the same."""
    entry = hass.config_entries.async_get_entry(entry_id or "")
    return entry is not None and entry.disabled_by is None


def _take(hass: HomeAssistant, move: Move) -> None:
    """Make their entry in the registry ours.

    Where they go on, one that is switched off stands in for it: else they would make a new one.
    """
    registry = er.async_get(hass)
    theirs, ours = move.theirs, move.ours
    registry.async_remove(ours.entity_id)
    _become(registry, theirs.entity_id, EntitySnapshot.of(ours))
    if not _goes_on(hass, theirs.config_entry_id):
        return
    registry.async_update_entity(theirs.entity_id, disabled_by=None)
    registry.async_get_or_create(
        theirs.domain,
        theirs.platform,
        theirs.unique_id,
        suggested_object_id=f"{theirs.entity_id.partition('.')[2]}_{theirs.platform}",
        disabled_by=_USER,
        config_entry=hass.config_entries.async_get_entry(theirs.config_entry_id or ""),
        config_subentry_id=theirs.config_subentry_id,
        device_id=theirs.device_id,
        original_name=theirs.original_name,
        has_entity_name=theirs.has_entity_name,
    )


def _take_devices(hass: HomeAssistant, moves: Iterable[Move]) -> None:
    """Give our devices what people have decided about theirs."""
    registry = dr.async_get(hass)
    pairs = Counter((move.theirs.device_id, move.ours.device_id) for move in moves)
    done: set[str] = set()
    for (their_id, our_id), _ in pairs.most_common():
        theirs = registry.async_get(their_id or "")
        ours = registry.async_get(our_id or "")
        if theirs is None or ours is None or ours.id in done:
            continue
        done.add(ours.id)
        registry.async_update_device(
            ours.id,
            area_id=theirs.area_id or ours.area_id,
            labels=ours.labels | theirs.labels,
            name_by_user=theirs.name_by_user or ours.name_by_user,
        )


def _is_still_ours(hass: HomeAssistant, theirs: EntitySnapshot, ours: EntitySnapshot) -> bool:
    """Whether ours has what could be given back."""
    taken = er.async_get(hass).async_get(theirs.id)
    return taken is not None and taken.platform == ours.platform and _is_there(hass, theirs)


def _give_back(hass: HomeAssistant, theirs: EntitySnapshot, ours: EntitySnapshot) -> bool:
    """Make both entries as they were, and whether there is anybody to give it back to.

    If their integration is gone, ours keeps what it has.
    """
    registry = er.async_get(hass)
    is_there = _is_there(hass, theirs)
    taken = registry.async_get(theirs.id)
    if taken is not None and taken.platform == ours.platform:
        if not is_there:
            return False
        stand_in = registry.async_get_entity_id(theirs.domain, theirs.platform, theirs.unique_id)
        if stand_in is not None:
            registry.async_remove(stand_in)
        _become(registry, taken.entity_id, theirs)
    if is_there:
        theirs.restore(hass)
    if _is_there(hass, ours):  # else it is being removed
        _restore(hass, ours)
    return is_there


def _restore(hass: HomeAssistant, ours: EntitySnapshot) -> None:
    """Bring ours back, under the id of the account that it has by now.

    Home Assistant knows what was removed by the unique id that it had then.
    """
    registry = er.async_get(hass)
    entry = hass.config_entries.async_get_known_entry(ours.config_entry_id)
    unique_id = under_account(ours.unique_id, entry.unique_id or entry.entry_id)
    if registry.async_get_entity_id(ours.domain, ours.platform, unique_id) is not None:
        ours = replace(ours, unique_id=unique_id)
    restored = ours.restore(hass)
    if restored.unique_id != unique_id:
        registry.async_update_entity(restored.entity_id, new_unique_id=unique_id)


def _is_there(hass: HomeAssistant, entity: EntitySnapshot) -> bool:
    return hass.config_entries.async_get_entry(entity.config_entry_id) is not None


def _become(registry: er.EntityRegistry, entity_id: str, whose: EntitySnapshot) -> None:
    """Make it another integration's. Raises ValueError while it is loaded."""
    registry.async_update_entity_platform(
        entity_id,
        whose.platform,
        new_config_entry_id=whose.config_entry_id,
        new_config_subentry_id=whose.config_subentry_id,  # type: ignore[arg-type] # None is none
        new_unique_id=whose.unique_id,
        new_device_id=whose.device_id,
    )


async def _async_switch_on(hass: HomeAssistant, entry_id: str) -> None:
    """Start their integration, or again if somebody has started it in the meantime."""
    entries = hass.config_entries
    if (entry := entries.async_get_entry(entry_id)) is None:
        return
    if entry.disabled_by is None:
        entries.async_schedule_reload(entry_id)
        return
    try:
        await entries.async_set_disabled_by(entry_id, None)
    except OperationNotAllowed as err:
        _LOGGER.warning("%s could not be started again: %s", entry.domain, err)
