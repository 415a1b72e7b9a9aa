"""The dialog of the takeover: the whole plan before, what came of it after, and the way back."""

import asyncio
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import DEFAULT, patch

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigEntryDisabler, ConfigEntryState
from homeassistant.helpers import area_registry as ar, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.flows.take_over import TakeOverSteps
from custom_components.teslalogger.takeover import (
    Taken,
    TakeOverFailed,
    TakeOverFile,
    async_take_over,
    run,
)

from .cloud import MODEL_3, MODEL_X
from .dialog import shown
from .taking_over import disabler

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigFlowResult
    from homeassistant.core import HomeAssistant

THEIRS: Final = (
    ("sensor", "odometer"),
    ("switch", "sentry_mode"),
    ("binary_sensor", "online"),
    ("text", "teslamate_id"),
)


@pytest.fixture
def theirs(hass: HomeAssistant) -> MockConfigEntry:
    """The custom integration with both cars; it is not part of Home Assistant."""
    entry = MockConfigEntry(domain="tesla_custom", title="me|you@example.com")
    entry.add_to_hass(hass)
    registry = er.async_get(hass)
    for vin in (MODEL_3, MODEL_X):
        for domain, key in THEIRS:
            registry.async_get_or_create(
                domain,
                "tesla_custom",
                f"{vin.lower()}_{key}",
                config_entry=entry,
                suggested_object_id=f"old_{vin[-3:]}_{key}",
                original_name=key,
            )
    registry.async_get_or_create(
        "sensor",
        "tesla_custom",
        f"{MODEL_3.lower()}_tpms_front_left",
        config_entry=entry,
        disabled_by=er.RegistryEntryDisabler.USER,
    )
    area = ar.async_get(hass).async_create("Garage | 2")
    registry.async_update_entity(
        f"sensor.old_{MODEL_3[-3:]}_odometer", area_id=area.id, name="Mile*age"
    )
    return entry


async def open_page(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Reconfigure, and this page of it."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_RECONFIGURE, "entry_id": entry.entry_id}
    )
    return await choose(hass, menu, "take_over")


async def choose(hass: HomeAssistant, menu: Any, choice: str) -> ConfigFlowResult:
    """Choose from a menu."""
    assert choice in menu["menu_options"]
    return await hass.config_entries.flow.async_configure(menu["flow_id"], {"next_step_id": choice})


async def confirm(hass: HomeAssistant, page: Any) -> Any:
    """Confirm, and be told how it ended.

    A page with progress would be followed by this end without anybody having seen it.
    """
    page = await hass.config_entries.flow.async_configure(page["flow_id"], {})
    assert page["type"] == "abort"
    return page


async def test_with_nothing_there_it_says_so(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """And offers nothing."""
    assert (await open_page(hass, loaded))["reason"] == "nothing_to_take_over"


async def test_the_whole_plan_is_shown_first(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Ids, names, areas, statistics; what keeps its id and why; what is switched off."""
    menu = await open_page(hass, loaded)
    assert menu["menu_options"] == ["take_over_tesla_custom"]
    assert shown(menu, "sources") == "| Tesla Custom Integration | 4 | 5 |"

    page = await choose(hass, menu, "take_over_tesla_custom")

    assert page["step_id"] == "take_over_confirm"
    assert shown(page, "taken") == "4"
    assert (
        "| **sensor.old_346_odometer**<br>sensor.juniper_odometer "
        "| Mile\\*age<br>Garage \\| 2 | None |"
    ) in shown(page, "moves").splitlines()
    kept = shown(page, "kept").splitlines()
    assert len(kept) == 5
    assert any(
        row.startswith("| binary_sensor.old_346_online | sensor.availability | Ours is of")
        for row in kept
    )
    assert "| text.old_346_teslamate_id | - | We have nothing like it |" in kept
    assert kept[-1] == "| 1 | - | Switched off, so nobody uses it |"
    assert shown(page, "entries") == "Tesla Custom Integration (me\\|you@example.com)"
    assert disabler(theirs) is None
    assert not (await file_of(hass, loaded)).taken


async def file_of(hass: HomeAssistant, entry: MockConfigEntry) -> TakeOverFile:
    """What is on disk."""
    file = TakeOverFile(hass, entry.entry_id)
    await file.async_load()
    return file


async def test_it_is_done_and_undone(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """On confirmation, with a result; what was taken over is not offered again."""
    page = await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom")

    done = await confirm(hass, page)

    assert (done["reason"], shown(done, "count")) == ("taken_over", "4")
    assert loaded.state is ConfigEntryState.LOADED
    assert disabler(theirs) is ConfigEntryDisabler.USER
    registry = er.async_get(hass)
    taken = registry.async_get("sensor.old_346_odometer")
    assert taken is not None
    assert taken.platform == DOMAIN
    assert hass.states.get("sensor.old_346_odometer") is not None
    assert hass.states.get("sensor.juniper_odometer") is None

    menu = await open_page(hass, loaded)
    assert menu["menu_options"] == ["take_over_undo"]
    page = await choose(hass, menu, "take_over_undo")
    assert (
        "| sensor.juniper_odometer | sensor.old_346_odometer |"
        in shown(page, "entities").splitlines()
    )
    done = await confirm(hass, page)

    assert (done["reason"], shown(done, "count")) == ("given_back", "4")
    assert disabler(theirs) is None
    given = registry.async_get("sensor.old_346_odometer")
    assert given is not None
    assert given.platform == "tesla_custom"
    assert hass.states.get("sensor.juniper_odometer") is not None
    assert (await open_page(hass, loaded))["menu_options"] == ["take_over_tesla_custom"]


async def test_closing_the_dialog_does_not_stop_it_half_way(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """It is done as if nobody had closed it."""
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly(*args: Any) -> Taken:
        begun.set()
        await go.wait()
        return await async_take_over(*args)

    page = await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom")
    with patch("custom_components.teslalogger.flows.take_over.async_take_over", slowly):
        request = hass.async_create_task(
            hass.config_entries.flow.async_configure(page["flow_id"], {})
        )
        await begun.wait()
        request.cancel()
        hass.config_entries.flow.async_abort(page["flow_id"])
        go.set()
        await hass.async_block_till_done()

    assert disabler(theirs) is ConfigEntryDisabler.USER
    assert loaded.state is ConfigEntryState.LOADED
    taken = er.async_get(hass).async_get("switch.old_346_sentry_mode")
    assert taken is not None
    assert taken.platform == DOMAIN


async def test_what_stands_in_the_way_is_told(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Ours runs again all the same."""
    page = await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom")
    with patch(
        "custom_components.teslalogger.flows.take_over.async_take_over", side_effect=TakeOverFailed
    ):
        done = await confirm(hass, page)

    assert done["reason"] == "take_over_failed"
    assert loaded.state is ConfigEntryState.LOADED
    assert disabler(theirs) is None


async def test_disk_that_is_full_is_told(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """With what to do about it; nothing was touched."""
    page = await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom")
    with patch("custom_components.teslalogger.takeover.file.save_json", side_effect=OSError):
        done = await confirm(hass, page)

    assert done["reason"] == "take_over_not_saved"
    assert loaded.state is ConfigEntryState.LOADED
    assert disabler(theirs) is None


async def test_what_is_not_given_back_is_told_and_can_be_tried_again(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """With how many it is, and without Home Assistant's own error."""
    await confirm(hass, await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom"))
    page = await choose(hass, await open_page(hass, loaded), "take_over_undo")
    with patch(
        "custom_components.teslalogger.takeover.run._become",
        side_effect=[ValueError, *[DEFAULT] * 3],
        wraps=run._become,
    ):
        done = await confirm(hass, page)

    assert done["reason"] == "given_back_in_part"
    assert (shown(done, "count"), shown(done, "failed")) == ("3", "1")
    assert loaded.state is ConfigEntryState.LOADED
    assert disabler(theirs) is None
    done = await confirm(hass, await choose(hass, await open_page(hass, loaded), "take_over_undo"))
    assert (done["reason"], shown(done, "count")) == ("given_back", "1")


async def test_nobody_is_told_to_have_got_back_what_nobody_got(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """The other integration is gone."""
    await confirm(hass, await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom"))
    await hass.config_entries.async_remove(theirs.entry_id)

    done = await confirm(hass, await choose(hass, await open_page(hass, loaded), "take_over_undo"))

    assert done["reason"] == "given_back_to_nobody"
    assert hass.states.get("sensor.old_346_odometer") is not None


async def test_ours_that_cannot_be_stopped_is_left_alone(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Nothing is changed then."""
    page = await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom")
    with patch.object(TakeOverSteps, "_async_unload", return_value=False):
        done = await confirm(hass, page)

    assert done["reason"] == "not_unloaded"
    assert disabler(theirs) is None


@pytest.mark.parametrize(
    ("platform", "unique_id"),
    [
        ("tesla_fleet", f"{MODEL_3}-vehicle_state_odometer"),
        ("teslemetry", f"{MODEL_3}-vehicle_state_odometer"),
        ("mqtt", f"{MODEL_3}_odometer"),
    ],
)
async def test_every_source_has_its_page(
    hass: HomeAssistant, loaded: MockConfigEntry, platform: str, unique_id: str
) -> None:
    """MQTT goes on; the others are switched off."""
    entry = MockConfigEntry(domain=platform, title="Other")
    entry.add_to_hass(hass)
    er.async_get(hass).async_get_or_create("sensor", platform, unique_id, config_entry=entry)

    page = await choose(hass, await open_page(hass, loaded), f"take_over_{platform}")

    assert shown(page, "taken") == "1"
    assert (shown(page, "entries") == "-") is (platform == "mqtt")
    assert shown(page, "kept") == "| - | | |"


async def test_a_plan_that_has_changed_is_shown_again(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Only what people have seen is done."""
    page = await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom")
    registry = er.async_get(hass)
    registry.async_update_entity("sensor.old_346_odometer", new_entity_id="sensor.renamed")

    page = await hass.config_entries.flow.async_configure(page["flow_id"], {})

    assert page["step_id"] == "take_over_confirm"
    assert "| **sensor.renamed**<br>" in shown(page, "moves")
    assert disabler(theirs) is None
    assert (await confirm(hass, page))["reason"] == "taken_over"
    assert disabler(theirs) is ConfigEntryDisabler.USER


async def test_what_is_gone_meanwhile_is_neither_taken_nor_given_back(
    hass: HomeAssistant, loaded: MockConfigEntry, theirs: MockConfigEntry
) -> None:
    """Somebody else was quicker, in another window."""
    page = await choose(hass, await open_page(hass, loaded), "take_over_tesla_custom")
    assert (await confirm(hass, page))["reason"] == "taken_over"
    first = await choose(hass, await open_page(hass, loaded), "take_over_undo")
    hass.config_entries.flow.async_abort(first["flow_id"])
    page = await choose(hass, await open_page(hass, loaded), "take_over_undo")
    file = await file_of(hass, loaded)
    await file.async_pop(file.taken[0], None)

    gone = await hass.config_entries.flow.async_configure(page["flow_id"], {})

    assert gone["reason"] == "nothing_to_take_over"
    await hass.config_entries.async_remove(theirs.entry_id)
    assert (await open_page(hass, loaded))["reason"] == "nothing_to_take_over"
