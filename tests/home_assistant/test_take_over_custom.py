"""Taking over from tesla_custom: nothing lost, statistics that go on, and interruptions."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.statistics import get_metadata, statistics_during_period
from homeassistant.components.recorder.tasks import StatisticsTask
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlow,
    OperationNotAllowed,
)
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import mock_config_flow

from custom_components.teslalogger.takeover import (
    NotOnDisk,
    Reason,
    Source,
    Statistics,
    TakeOverFailed,
    TakeOverFile,
    async_take_over,
    file,
    run,
)

from . import tesla_custom
from .cloud import MODEL_3, MODEL_X, MODEL_Y
from .running import pass_time
from .taking_over import (
    assert_alive,
    assert_as_before,
    assert_history_kept,
    assert_nothing_lost,
    disabler,
    live_in,
    look,
    mock_recorder_before_hass,  # noqa: F401 - a fixture
    persistent_database,  # noqa: F401 - a fixture
    plan_of,
    recorder_config,  # noqa: F401 - a fixture
    take,
    undo,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from custom_components.teslalogger.takeover import Move
    from custom_components.teslalogger.takeover.snapshot import EntitySnapshot

pytestmark = pytest.mark.usefixtures("recorder_mock")


@pytest.fixture
async def theirs(hass: HomeAssistant, loaded: MockConfigEntry) -> AsyncIterator[MockConfigEntry]:  # noqa: ARG001 - the recorder listens first
    """Their entry with the same cars, and a life of its own."""
    with mock_config_flow(tesla_custom.DOMAIN, ConfigFlow):
        entry = await tesla_custom.start(hass, MODEL_3, MODEL_X)
        await live_in(hass, entry)
        yield entry


async def test_nothing_is_lost_and_undo_restores_it(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Every entity of both cars with its statistics; and back."""
    before = await look(hass)

    plan = await take(hass, loaded, Source.TESLA_CUSTOM)

    assert len(plan.moves) > 40
    assert Reason.SWITCHED_OFF not in {kept.reason for kept in plan.kept}
    assert disabler(theirs) is ConfigEntryDisabler.USER
    assert_nothing_lost(before, await look(hass), plan)

    await undo(hass, loaded)

    assert disabler(theirs) is None
    assert theirs.state is ConfigEntryState.LOADED
    assert_as_before(before, await look(hass))
    assert_alive(hass, before, platform="tesla_custom")


async def take_in_vain(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Begin to take over, until something stands in the way."""
    plan = await plan_of(hass, entry, Source.TESLA_CUSTOM)
    assert await hass.config_entries.async_unload(entry.entry_id)
    original, steps = run._take, iter(range(7))

    def take_some(hass: HomeAssistant, move: Move) -> None:
        if next(steps, None) is None:
            raise ValueError
        original(hass, move)

    with patch.object(run, "_take", take_some), pytest.raises(TakeOverFailed):
        await async_take_over(hass, entry, plan)
    assert await hass.config_entries.async_setup(entry.entry_id)


@pytest.mark.parametrize("end", ["undone", "failed", "removed"])
async def test_account_that_has_more_cars_is_alive_afterwards(
    hass: HomeAssistant, loaded: MockConfigEntry, end: str
) -> None:
    """It was never switched off, so it has to be started again to notice what it got back."""
    with mock_config_flow(tesla_custom.DOMAIN, ConfigFlow):
        theirs = await tesla_custom.start(hass, MODEL_3, MODEL_X, MODEL_Y)
        await live_in(hass, theirs)
        before = await look(hass)

        if end == "failed":
            await take_in_vain(hass, loaded)
        else:
            await take(hass, loaded, Source.TESLA_CUSTOM)
            assert theirs.state is ConfigEntryState.LOADED
            await hass.async_block_till_done()
            if end == "undone":
                await undo(hass, loaded)
            else:
                await hass.config_entries.async_remove(loaded.entry_id)
        await hass.async_block_till_done()

        assert_alive(hass, before, platform="tesla_custom")
        if end != "removed":
            assert_as_before(before, await look(hass))


async def test_disk_that_is_full_keeps_everything_as_it_is(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """What cannot be undone after a crash is not begun."""
    before = await look(hass)
    plan = await plan_of(hass, loaded, Source.TESLA_CUSTOM)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    with (
        patch.object(file, "save_json", side_effect=OSError),
        patch.object(hass.config_entries, "async_set_disabled_by") as switch,
        pytest.raises(NotOnDisk),
    ):
        await async_take_over(hass, loaded, plan)
    assert await hass.config_entries.async_setup(loaded.entry_id)

    assert not switch.called
    assert theirs.state is ConfigEntryState.LOADED
    assert_as_before(before, await look(hass))


async def test_crash_that_takes_the_undoing_with_it_is_mended_at_the_next_start(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    theirs: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The registries are written later than our file; once they are, it is forgotten."""
    before = await look(hass)
    await take(hass, loaded, Source.TESLA_CUSTOM)
    # What the disk knows after the crash: our file, and not one change of a registry.
    with patch.object(run, "_give_back", return_value=True):
        await undo(hass, loaded)
    found = await on_file(hass, loaded)
    assert (len(found.taken), len(found.given_back)) == (0, 1)
    assert (await look(hass)).entities != before.entities

    assert await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done()

    assert_as_before(before, await look(hass))
    assert_alive(hass, before, platform="tesla_custom")
    assert theirs.state is ConfigEntryState.LOADED
    assert (await on_file(hass, loaded)).given_back
    await pass_time(hass, freezer, timedelta(minutes=6))
    found = await on_file(hass, loaded)
    assert (found.taken, found.given_back) == ((), ())


async def test_what_is_taken_over_again_is_not_given_back_at_the_next_start(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Also shortly after it was undone."""
    await take(hass, loaded, Source.TESLA_CUSTOM)
    await undo(hass, loaded)
    await hass.async_block_till_done()
    await take(hass, loaded, Source.TESLA_CUSTOM)
    before = await look(hass)

    assert await hass.config_entries.async_reload(loaded.entry_id)

    assert_as_before(before, await look(hass))
    assert disabler(theirs) is ConfigEntryDisabler.USER


async def on_file(hass: HomeAssistant, entry: MockConfigEntry) -> TakeOverFile:
    """What the disk knows of takeovers."""
    found = TakeOverFile(hass, entry.entry_id)
    await found.async_load()
    return found


async def test_file_that_cannot_be_read_is_told_and_stops_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """The account runs all the same."""
    path = Path(hass.config.path(STORAGE_DIR, f"teslalogger.takeover.{loaded.entry_id}"))

    def spoil() -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"taken": [{}]}')

    await hass.async_add_executor_job(spoil)

    assert await hass.config_entries.async_reload(loaded.entry_id)

    assert "cannot be given back" in caplog.text


async def test_what_cannot_be_given_back_does_not_keep_the_rest(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """It is counted, and can be tried again."""
    before = await look(hass)
    plan = await take(hass, loaded, Source.TESLA_CUSTOM)
    stubborn = plan.moves[3].theirs.id
    original = run._give_back

    def give_back(hass: HomeAssistant, theirs: EntitySnapshot, ours: EntitySnapshot) -> bool:
        if theirs.id == stubborn:
            msg = f"{MODEL_3} is loaded"
            raise ValueError(msg)
        return original(hass, theirs, ours)

    with patch.object(run, "_give_back", give_back):
        undone = await undo(hass, loaded)
    await hass.async_block_till_done()

    assert len(undone.given) == len(plan.moves) - 1
    assert [pair[0].id for pair in undone.failed] == [stubborn]
    assert theirs.state is ConfigEntryState.LOADED
    after = await look(hass)
    assert after.entities[stubborn]["platform"] == "teslalogger"

    undone = await undo(hass, loaded)
    await hass.async_block_till_done()

    assert [pair[0].id for pair in undone.given] == [stubborn]
    assert_as_before(before, await look(hass))
    assert_alive(hass, before, platform="tesla_custom")


@pytest.mark.usefixtures("recorder_mock", "theirs")
async def test_statistics_go_on_under_the_same_id(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The recorder adds to what was there, in the unit that it is kept in; no complaints."""
    plan = await plan_of(hass, loaded, Source.TESLA_CUSTOM)
    (move,) = (move for move in plan.moves if move.ours.unique_id.endswith(f"{MODEL_3}_odometer"))
    entity_id = move.theirs.entity_id
    assert move.statistics is Statistics.CONVERTED
    metadata = await get_instance(hass).async_add_executor_job(get_metadata, hass)
    begin = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)

    await take(hass, loaded, Source.TESLA_CUSTOM)
    await loaded.runtime_data.cars[MODEL_3].async_refresh()
    await hass.async_block_till_done()
    await get_instance(hass).async_block_till_done()
    for minutes in range(0, 60, 5):
        freezer.move_to(begin + timedelta(minutes=minutes + 5))
        get_instance(hass).queue_task(StatisticsTask(begin + timedelta(minutes=minutes), False))  # noqa: FBT003 - theirs
    await get_instance(hass).async_block_till_done()

    state = hass.states.get(entity_id)
    assert state is not None
    after = await get_instance(hass).async_add_executor_job(get_metadata, hass)
    assert after[entity_id] == metadata[entity_id]
    rows = await get_instance(hass).async_add_executor_job(
        lambda: statistics_during_period(hass, begin, None, {entity_id}, "hour", None, {"state"})
    )
    (row,) = rows[entity_id]
    shown = float(state.state)
    if state.attributes["unit_of_measurement"] == "km":
        shown /= 1.609344
    assert row["state"] == pytest.approx(shown, rel=1e-3)
    assert not [issue for issue in ir.async_get(hass).issues if issue[0] == "sensor"]


async def test_what_both_take_twice_is_undone_one_after_the_other(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """What ours turn out to have later can be taken over later."""
    before = await look(hass)
    registry = er.async_get(hass)
    plan = await plan_of(hass, loaded, Source.TESLA_CUSTOM)
    late = plan.moves[0].ours
    registry.async_remove(late.entity_id)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await async_take_over(hass, loaded, (await plan_of(hass, loaded, Source.TESLA_CUSTOM)))
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done()

    second = await take(hass, loaded, Source.TESLA_CUSTOM)

    assert [move.ours.id for move in second.moves] == [late.id]
    await undo(hass, loaded)
    assert disabler(theirs) is ConfigEntryDisabler.USER
    await undo(hass, loaded)
    assert disabler(theirs) is None
    assert_as_before(before, await look(hass))


async def test_an_interruption_half_way_can_be_undone(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """As if Home Assistant had been killed in the middle of it."""
    before = await look(hass)
    plan = await plan_of(hass, loaded, Source.TESLA_CUSTOM)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    steps = iter(range(7))

    def take_some(hass: HomeAssistant, move: object) -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt
        original(hass, move)  # type: ignore[arg-type] # a Move

    original = run._take
    with patch.object(run, "_take", take_some), pytest.raises(KeyboardInterrupt):
        await async_take_over(hass, loaded, plan)
    assert await hass.config_entries.async_setup(loaded.entry_id)
    assert disabler(theirs) is ConfigEntryDisabler.USER
    halfway = await look(hass)
    assert halfway.entities != before.entities

    await undo(hass, loaded)

    assert disabler(theirs) is None
    assert_as_before(before, await look(hass))


async def test_what_cannot_be_stopped_is_not_taken(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Everything is as before, and there is nothing to undo."""
    before = await look(hass)
    plan = await plan_of(hass, loaded, Source.TESLA_CUSTOM)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    with (
        patch.object(
            hass.config_entries, "async_set_disabled_by", side_effect=OperationNotAllowed("no")
        ),
        pytest.raises(TakeOverFailed),
    ):
        await async_take_over(hass, loaded, plan)
    assert await hass.config_entries.async_setup(loaded.entry_id)

    assert disabler(theirs) is None
    assert_as_before(before, await look(hass))
    assert not (await on_file(hass, loaded)).taken


async def test_once_theirs_is_deleted_ours_keeps_what_it_has(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """There is nobody left to give it back to; nothing is lost."""
    before = await look(hass)
    plan = await take(hass, loaded, Source.TESLA_CUSTOM)
    await hass.config_entries.async_remove(theirs.entry_id)

    undone = await undo(hass, loaded)

    assert not undone.given
    assert len(undone.ownerless) == len(plan.moves)
    registry = er.async_get(hass)
    for move in plan.moves:
        entry = registry.async_get(move.theirs.entity_id)
        assert entry is not None
        assert entry.platform == "teslalogger"
        assert entry.id == move.theirs.id
    assert_history_kept(before, await look(hass))


async def test_what_was_switched_on_again_by_hand_is_given_back_too(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """It had made itself new entities, which go."""
    before = await look(hass)
    plan = await take(hass, loaded, Source.TESLA_CUSTOM)
    await hass.config_entries.async_set_disabled_by(theirs.entry_id, None)
    beside = await look(hass)
    assert len(beside.entities) == len(before.entities)
    for move in plan.moves:
        assert beside.entities[move.theirs.id]["platform"] == "teslalogger"

    await undo(hass, loaded)

    assert theirs.state is ConfigEntryState.LOADED
    assert_as_before(before, await look(hass))


async def test_when_ours_is_removed_everything_is_given_back(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Nothing of theirs goes with it, and no file stays."""
    before = await look(hass)
    await take(hass, loaded, Source.TESLA_CUSTOM)

    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done()

    after = await look(hass)
    assert after.entities == {
        entity: entry
        for entity, entry in before.entities.items()
        if entry["platform"] == "tesla_custom"
    }
    assert disabler(theirs) is None
    assert not (await on_file(hass, loaded)).taken


async def test_what_cannot_be_switched_on_again_is_given_back_all_the_same(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Switching it on is then up to people; the log says so."""
    before = await look(hass)
    plan = await take(hass, loaded, Source.TESLA_CUSTOM)
    with patch.object(
        hass.config_entries, "async_set_disabled_by", side_effect=OperationNotAllowed("no")
    ):
        await undo(hass, loaded)

    after = await look(hass)
    for move in plan.moves:
        was, now = before.entities[move.theirs.id], after.entities[move.theirs.id]
        assert now == {**was, "disabled_by": er.RegistryEntryDisabler.CONFIG_ENTRY}
    await hass.config_entries.async_set_disabled_by(theirs.entry_id, None)
    assert_as_before(before, await look(hass))
