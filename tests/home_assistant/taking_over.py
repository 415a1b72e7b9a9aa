"""A house in which another integration has the same cars, with history and habits."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import logging
from typing import TYPE_CHECKING, Any, Final

import attr
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import States, StatesMeta
from homeassistant.components.recorder.models import StatisticData, StatisticMeanType
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    async_import_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.components.recorder.util import session_scope
from homeassistant.components.sensor import ATTR_STATE_CLASS, SensorStateClass
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
import pytest

from custom_components.teslalogger.takeover import (
    Plan,
    Source,
    Undone,
    async_plans,
    async_take_over,
    async_undo,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.config_entries import ConfigEntry, ConfigEntryDisabler
    from homeassistant.core import HomeAssistant

_NOT_COMPARED: Final = {"modified_at", "created_at", "previous_unique_id", "cache"}
"""Home Assistant's own notes on what happened to an entry; nobody can set them."""
_FIRST: Final = datetime(2026, 10, 1, tzinfo=UTC)
_HOURS: Final = 5
_SUMS: Final = {SensorStateClass.TOTAL, SensorStateClass.TOTAL_INCREASING}


@dataclass(frozen=True, kw_only=True)
class House:
    """All that must not be lost: entities, devices, statistics, and states by entity id."""

    entities: Mapping[str, Mapping[str, Any]]
    devices: Mapping[str, Mapping[str, Any]]
    statistics: Mapping[str, tuple[Any, Any]]
    states: Mapping[str, tuple[str | None, ...]]


@pytest.fixture
def persistent_database() -> bool:
    """A real file."""
    return True


@pytest.fixture
def recorder_config() -> dict[str, int]:
    """Not every state by itself to the disk."""
    return {"commit_interval": 1}


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: object) -> None:  # noqa: ARG001 - made first
    """The recorder's database is made before Home Assistant, and silent."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


async def look(hass: HomeAssistant) -> House:
    """How everything is now."""
    await hass.async_block_till_done()
    await get_instance(hass).async_block_till_done()
    entities, devices = er.async_get(hass).entities, dr.async_get(hass).devices
    return House(
        entities={entry.id: _fields(entry) for entry in entities.values()},
        devices={
            device.id: _fields(device)
            | {"identifiers": device.identifiers, "connections": device.connections}
            for device in devices
        },
        statistics=await get_instance(hass).async_add_executor_job(_statistics, hass),
        states=await get_instance(hass).async_add_executor_job(_states, hass),
    )


def _fields(entry: Any) -> dict[str, Any]:
    return {
        field.name: getattr(entry, field.name)
        for field in attr.fields(type(entry))
        if field.name.lstrip("_") not in _NOT_COMPARED
    }


def _statistics(hass: HomeAssistant) -> dict[str, tuple[Any, Any]]:
    kinds = {name: kind for name, (_, kind) in get_metadata(hass).items()}
    rows = statistics_during_period(
        hass, _FIRST, None, set(kinds) or None, "hour", None, {"mean", "min", "max", "state", "sum"}
    )
    return {name: (kind, rows.get(name)) for name, kind in kinds.items()}


def _states(hass: HomeAssistant) -> dict[str, tuple[str | None, ...]]:
    with session_scope(hass=hass, read_only=True) as session:
        rows = (
            session.query(StatesMeta.entity_id, States.state)
            .join(States, States.metadata_id == StatesMeta.metadata_id)
            .order_by(States.state_id)
            .all()
        )
    found: dict[str, list[str | None]] = {}
    for entity_id, state in rows:
        found.setdefault(entity_id, []).append(state)
    return {entity_id: tuple(states) for entity_id, states in found.items()}


async def live_in(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Give everything of an integration names, places and habits, and statistics of long ago."""
    registry = er.async_get(hass)
    area = ar.async_get(hass).async_get_or_create("Garage")
    labels = lr.async_get(hass)
    label = labels.async_get_label_by_name("Mine") or labels.async_create("Mine")
    for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id):
        dr.async_get(hass).async_update_device(
            device.id, area_id=area.id, name_by_user="My car", labels={label.label_id}
        )
    used = [
        entity
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
        if entity.disabled_by is None
    ]
    for number, entity in enumerate(used):
        habit = f"{entity.domain}.{entry.domain}_habit_{number}"
        registry.async_update_entity(
            entity.entity_id,
            new_entity_id=habit,
            name=f"Habit {number}",
            icon="mdi:car",
            area_id=area.id,
            labels={label.label_id},
            aliases=[er.COMPUTED_NAME, f"alias {number}"],
            categories={"automation": "mine"},
            hidden_by=er.RegistryEntryHider.USER if number % 3 == 0 else None,
        )
        registry.async_update_entity_options(habit, "conversation", {"should_expose": True})
        _remember_long_ago(hass, registry.async_get(habit))
    await hass.async_block_till_done()
    await get_instance(hass).async_block_till_done()


def _remember_long_ago(hass: HomeAssistant, entity: er.RegistryEntry | None) -> None:
    """Statistics as the recorder would have compiled them."""
    assert entity is not None
    state_class = (entity.capabilities or {}).get(ATTR_STATE_CLASS)
    if state_class is None:
        return
    has_sum = state_class in _SUMS
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(entity.unit_of_measurement)
    async_import_statistics(
        hass,
        {
            "statistic_id": entity.entity_id,
            "source": "recorder",
            "name": None,
            "unit_of_measurement": entity.unit_of_measurement,
            "unit_class": converter.UNIT_CLASS if converter else None,
            "has_sum": has_sum,
            "mean_type": StatisticMeanType.NONE if has_sum else StatisticMeanType.ARITHMETIC,
        },
        [
            StatisticData(start=_FIRST + timedelta(hours=hour), state=hour, sum=hour)
            if has_sum
            else StatisticData(start=_FIRST + timedelta(hours=hour), mean=hour, min=0, max=9)
            for hour in range(_HOURS)
        ],
    )


def disabler(entry: ConfigEntry) -> ConfigEntryDisabler | None:
    """Who has switched it off, now."""
    return entry.disabled_by


async def plan_of(hass: HomeAssistant, entry: ConfigEntry, source: Source) -> Plan:
    """What would become of the source's entities."""
    return (await async_plans(hass, entry))[source]


async def take(hass: HomeAssistant, entry: ConfigEntry, source: Source) -> Plan:
    """Take everything over."""
    plan = await plan_of(hass, entry, source)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await async_take_over(hass, entry, plan)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return plan


async def undo(hass: HomeAssistant, entry: ConfigEntry) -> Undone:
    """Give everything back."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    undone = await async_undo(hass, entry)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return undone


def assert_alive(hass: HomeAssistant, house: House, *, platform: str) -> None:
    """Every entity of an integration that was in use is there, and somebody serves it."""
    used = [
        entity["entity_id"]
        for entity in house.entities.values()
        if entity["platform"] == platform and entity["disabled_by"] is None
    ]
    states = {entity_id: hass.states.get(entity_id) for entity_id in used}
    dead = [name for name, state in states.items() if not state or state.state == "unavailable"]
    assert used
    assert not dead


def assert_nothing_lost(before: House, after: House, plan: Plan) -> None:
    """What people and automations know each entity by is there, and ours is behind it."""
    for move in plan.moves:
        was, now = before.entities[move.theirs.id], after.entities[move.theirs.id]
        assert now["platform"] == "teslalogger"
        assert now["unique_id"] == move.ours.unique_id
        assert now["device_id"] == move.ours.device_id
        assert now["disabled_by"] is None
        for field in (
            "entity_id",
            "name",
            "icon",
            "area_id",
            "labels",
            "aliases",
            "categories",
            "hidden_by",
            "device_class",
        ):
            assert now[field] == was[field], (field, was["entity_id"])
        assert now["options"]["conversation"] == was["options"]["conversation"]
        device = after.devices[move.ours.device_id or ""]
        theirs = before.devices[move.theirs.device_id or ""]
        assert (device["area_id"], device["name_by_user"], device["labels"]) == (
            theirs["area_id"],
            theirs["name_by_user"],
            theirs["labels"],
        )
    gone = {move.ours.id for move in plan.moves}
    assert before.entities.keys() - after.entities.keys() == gone
    for kept in plan.kept:
        was, now = before.entities[kept.theirs.id], after.entities[kept.theirs.id]
        assert {**was, "disabled_by": None} == {**now, "disabled_by": None}
    assert_history_kept(before, after)


def assert_history_kept(before: House, after: House) -> None:
    """All statistics and states are under the ids where they were, whatever came after them."""
    for name, (kind, rows) in before.statistics.items():
        assert after.statistics[name][0] == kind
        assert (after.statistics[name][1] or [])[: len(rows or [])] == (rows or [])
    for entity_id, states in before.states.items():
        assert after.states[entity_id][: len(states)] == states


def assert_as_before(
    before: House, after: House, *, but: frozenset[tuple[str, str]] = frozenset()
) -> None:
    """The registries are exactly what they were, `but` for fields of entities of some domain."""
    assert after.entities.keys() == before.entities.keys()
    changed = {
        was["entity_id"]: {
            field: (value, after.entities[entity][field])
            for field, value in was.items()
            if after.entities[entity][field] != value
            and (was["entity_id"].partition(".")[0], field) not in but
        }
        for entity, was in before.entities.items()
    }
    assert not any(changed.values()), str(changed)
    assert after.devices == before.devices
    assert_history_kept(before, after)
