"""The car's software."""

from datetime import timedelta
import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.update import (
    DATA_COMPONENT,
    UpdateEntity,
    UpdateEntityFeature as Feature,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.teslalogger.streaming.car import CarStream
from custom_components.teslalogger.tesla import Scope, TeslaError
from custom_components.teslalogger.tesla.errors import LoginRequired
from simulator.car.state import Update
from simulator.garage import FALCON, YUKI

from .cloud import MODEL_X, FakeCloud
from .running import pass_time
from .streamed import stream_fields

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant, State
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import WebSocketGenerator

    from .live import Live
    from .running import Start

    type Look = Callable[..., Awaitable[State]]

ENTITY: Final = "update.falcon_software"
NOTES: Final = {
    "response": {
        "release_notes": [
            {"title": "Dashcam", "subtitle": "More minutes", "description": "Longer clips."},
            {"title": "Minor fixes", "subtitle": "", "description": None},
            {},
        ]
    }
}


@pytest.fixture
def look(hass: HomeAssistant, start: Start, cloud: FakeCloud) -> Look:
    """Let the Model X tell of an update and look at the entity."""

    async def asked(**update: Any) -> State:
        told = {"status": "", "version": " ", "download_perc": 0, "install_perc": 1}
        cloud.cars[MODEL_X].changes["vehicle_state__software_update"] = told | update
        entry = await start()
        await entry.runtime_data.cars[MODEL_X].async_refresh()
        await hass.async_block_till_done()
        state = hass.states.get(ENTITY)
        assert state is not None
        return state

    return asked


async def notes(hass: HomeAssistant) -> str | None:
    """What somebody reads who opens the entity."""
    entity = hass.data[DATA_COMPONENT].get_entity(ENTITY)
    assert isinstance(entity, UpdateEntity)
    return await entity.async_release_notes()


@pytest.mark.parametrize(
    ("update", "state", "latest", "progress", "installable"),
    [
        ({}, "off", "2026.32.5", (False, None), False),
        (
            {"status": "available", "version": "2026.40.1 abc"},
            "on",
            "2026.40.1",
            (False, None),
            True,
        ),
        (
            {"status": "scheduled", "version": "2026.40.1"},
            "on",
            "2026.40.1",
            (False, None),
            True,
        ),
        (
            {"status": "downloading", "version": "2026.40.1", "download_perc": 33},
            "on",
            "2026.40.1",
            (True, 33),
            False,
        ),
        (
            {"status": "downloading_wifi_wait", "version": "2026.40.1", "download_perc": 33},
            "on",
            "2026.40.1",
            (False, None),
            False,
        ),
        (
            {
                "status": "installing",
                "version": "2026.40.1",
                "download_perc": 100,
                "install_perc": 50,
            },
            "on",
            "2026.40.1",
            (True, 50),
            False,
        ),
        ({"status": "available"}, "unknown", None, (False, None), True),
    ],
)
async def test_states_of_an_update(
    look: Look,
    update: dict[str, Any],
    state: str,
    latest: str | None,
    progress: tuple[bool, int | None],
    *,
    installable: bool,
) -> None:
    """The version to come, how far it is, and whether it can be installed now."""
    shown = await look(**update)

    assert (shown.state, shown.attributes["latest_version"]) == (state, latest)
    assert shown.attributes["installed_version"] == "2026.32.5"
    assert (shown.attributes["in_progress"], shown.attributes["update_percentage"]) == progress
    assert bool(shown.attributes["supported_features"] & Feature.INSTALL) is installable


@pytest.mark.usefixtures("loaded")
async def test_nothing_known_of_updates_is_not_up_to_date(hass: HomeAssistant) -> None:
    """The car told its version only."""
    state = hass.states.get(ENTITY)

    assert state is not None
    assert state.state == "unknown"


async def test_install_schedules_it_now(hass: HomeAssistant, look: Look, cloud: FakeCloud) -> None:
    """In no seconds."""
    await look(status="available", version="2026.40.1")

    await hass.services.async_call("update", "install", {ATTR_ENTITY_ID: ENTITY}, blocking=True)

    assert cloud.commands == [("schedule_software_update", {"offset_sec": 0})]


async def test_stream_tells_when_to_ask_how_far_an_update_is(
    hass: HomeAssistant,
    look: Look,
    cloud: FakeCloud,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """No field tells whether it can be installed: one question for each step, none for percents."""
    await look()
    stream = CarStream(hass, entry.runtime_data.cars[MODEL_X])
    stream.async_open()
    cloud.requests.clear()
    seen = []
    steps: tuple[tuple[str, dict[str, object]], ...] = (
        ("available", {"SoftwareUpdateVersion": "2026.40.1", "SoftwareUpdateAvailable": True}),
        ("downloading", {"SoftwareUpdateDownloadPercentComplete": 2}),
        ("downloading", {"SoftwareUpdateDownloadPercentComplete": 51}),
        ("downloading", {"SoftwareUpdateDownloadPercentComplete": 52}),
        ("available", {"SoftwareUpdateDownloadPercentComplete": 100}),
        ("installing", {"SoftwareUpdateInProgress": True}),
        ("", {"SoftwareUpdateInProgress": False, "SoftwareUpdateAvailable": False}),
    )
    for status, fields in steps:
        told = cloud.cars[MODEL_X].changes["vehicle_state__software_update"]
        percent = fields.get("SoftwareUpdateDownloadPercentComplete", told["download_perc"])
        told |= {"status": status, "download_perc": percent}
        stream_fields(stream, fields, time.time())
        for _ in range(2):
            await pass_time(hass, freezer, timedelta(minutes=1))
        state = hass.states.get(ENTITY)
        assert state is not None
        can_install = bool(state.attributes["supported_features"] & Feature.INSTALL)
        seen.append((can_install, state.attributes["in_progress"]))
    stream.async_close()

    under_way, idle = (False, True), (False, False)
    assert seen == [(True, False), *[under_way] * 3, (True, False), under_way, idle]
    assert cloud.requests.count(("vehicle_data", MODEL_X)) == 5


async def test_a_version_can_be_skipped(hass: HomeAssistant, look: Look) -> None:
    """Nobody wants to hear of it again."""
    await look(status="available", version="2026.40.1")

    await hass.services.async_call("update", "skip", {ATTR_ENTITY_ID: ENTITY}, blocking=True)

    state = hass.states.get(ENTITY)
    assert state is not None
    assert (state.state, state.attributes["skipped_version"]) == ("off", "2026.40.1")


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA,)])
async def test_without_commands_it_is_only_to_be_read(look: Look) -> None:
    """It still shows what is to come."""
    state = await look(status="available", version="2026.40.1")

    assert state.state == "on"
    assert not state.attributes["supported_features"] & Feature.INSTALL


@pytest.mark.parametrize(
    ("update", "query"),
    [({"status": "available", "version": "2026.40.1"}, "?staged=true"), ({}, "")],
)
async def test_notes_are_asked_for_once(
    hass: HomeAssistant,
    look: Look,
    cloud: FakeCloud,
    update: dict[str, Any],
    query: str,
) -> None:
    """Those of the version that waits, else those of the installed one."""
    cloud.answers["release_notes"] = NOTES
    await look(**update)

    answers = [await notes(hass) for _ in range(2)]

    text = "## Dashcam\n\n**More minutes**\n\nLonger clips.\n\n## Minor fixes"
    assert answers == [text, text]
    assert cloud.questions == [("release_notes", "", query)]


async def test_no_notes_are_asked_for_again(
    hass: HomeAssistant, look: Look, cloud: FakeCloud
) -> None:
    """Tesla may not have them yet."""
    cloud.answers["release_notes"] = {"response": {"release_notes": []}}
    await look(status="available", version="2026.40.1")

    assert await notes(hass) is None
    cloud.answers["release_notes"] = NOTES
    assert (await notes(hass) or "").startswith("## Dashcam")


async def test_no_notes_of_an_unknown_version(
    hass: HomeAssistant, look: Look, cloud: FakeCloud
) -> None:
    """Nothing is asked."""
    await look(status="available")

    assert await notes(hass) is None
    assert cloud.questions == []


@pytest.mark.parametrize(("error", "logins"), [(TeslaError(), 0), (LoginRequired(), 1)])
async def test_notes_that_tesla_refuses(
    hass: HomeAssistant, look: Look, cloud: FakeCloud, error: TeslaError, logins: int
) -> None:
    """The message says why; a login that has ended is asked for."""
    await look(status="available", version="2026.40.1")
    cloud.failures["release_notes"] = error

    with pytest.raises(HomeAssistantError) as caught:
        await notes(hass)

    assert caught.value.translation_key == error.translation_key
    assert len(hass.config_entries.flow.async_progress()) == logins


@pytest.mark.parametrize("vin", [FALCON, YUKI])
async def test_simulated_car_installs(live: Live, vin: str) -> None:
    """By either way; afterwards it shows what it does."""
    car = live.world.cars[vin]
    car.wake_now()
    car.state.update = Update(status="available", version="2026.40.1")
    await live.look_at(vin)
    assert live.state("update", vin, "software").state == "on"

    target = {ATTR_ENTITY_ID: live.entity_id("update", vin, "software")}
    await live.hass.services.async_call("update", "install", target, blocking=True)

    assert car.state.counts["schedule_software_update"] == 1
    live.world.clock.advance(1)
    await live.look_at(vin)
    assert car.state.update.status == "installing"
    assert live.state("update", vin, "software").attributes["in_progress"] is True


async def test_simulated_cloud_has_notes(live: Live, hass_ws_client: WebSocketGenerator) -> None:
    """As Tesla words them."""
    live.world.cars[YUKI].wake_now()
    await live.look_at(YUKI)
    entity_id = live.entity_id("update", YUKI, "software")

    client = await hass_ws_client(live.hass)
    await client.send_json_auto_id({"type": "update/release_notes", "entity_id": entity_id})

    assert "## Dashcam" in (await client.receive_json())["result"]
