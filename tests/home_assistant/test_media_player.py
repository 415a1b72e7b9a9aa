"""What plays in a car."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.teslalogger.tesla import Availability, Scope
from simulator.garage import FALCON, YUKI

from .cloud import MODEL_X, FakeCloud
from .running import state_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live
    from .running import Start

ENTITY: Final = "media_player.falcon_media_player"
MEDIA: Final[dict[str, Any]] = {
    "media_playback_status": "Playing",
    "audio_volume": 2.5,
    "audio_volume_max": 10.0,
    "now_playing_title": "Autobahn",
    "now_playing_artist": "Kraftwerk",
    "now_playing_album": "Autobahn",
    "now_playing_station": "",
    "now_playing_source": "Spotify",
    "now_playing_duration": 200_000,
    "now_playing_elapsed": 61_000,
}


@pytest.fixture(autouse=True)
def media(cloud: FakeCloud) -> dict[str, Any]:
    """What the Model X tells of its media."""
    told = dict(MEDIA)
    cloud.cars[MODEL_X].changes["vehicle_state__media_info"] = told
    return told


async def call(hass: HomeAssistant, service: str, **data: Any) -> None:
    """Press something."""
    await hass.services.async_call(
        "media_player", service, {ATTR_ENTITY_ID: ENTITY, **data}, blocking=True
    )


@pytest.mark.usefixtures("loaded")
async def test_player_shows_what_plays(hass: HomeAssistant) -> None:
    """Volume in parts of the car's own maximum, times in seconds."""
    state = hass.states.get(ENTITY)

    assert state is not None
    assert state.state == "playing"
    assert (
        state.attributes.items()
        >= {
            "volume_level": 0.25,
            "media_title": "Autobahn",
            "media_artist": "Kraftwerk",
            "media_album_name": "Autobahn",
            "source": "Spotify",
            "media_duration": 200,
            "media_position": 61,
        }.items()
    )
    assert "media_channel" not in state.attributes
    # The other car tells nothing of media.
    assert hass.states.async_entity_ids("media_player") == [ENTITY]


@pytest.mark.parametrize(
    ("status", "state"),
    [("Paused", "paused"), ("Stopped", "idle"), ("<invalid>", "unknown"), ("New", "unknown")],
)
async def test_states(
    hass: HomeAssistant, start: Start, media: dict[str, Any], status: str, state: str
) -> None:
    """Tesla's words in Home Assistant's."""
    media["media_playback_status"] = status
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    assert state_of(hass, ENTITY) == state


@pytest.mark.parametrize(
    ("service", "data", "command", "body"),
    [
        ("media_next_track", {}, "media_next_track", {}),
        ("media_previous_track", {}, "media_prev_track", {}),
        ("volume_up", {}, "media_volume_up", {}),
        ("volume_down", {}, "media_volume_down", {}),
        ("volume_set", {"volume_level": 0.333}, "adjust_volume", {"volume": 3.33}),
    ],
)
@pytest.mark.usefixtures("loaded")
async def test_presses(
    hass: HomeAssistant,
    cloud: FakeCloud,
    service: str,
    data: dict[str, Any],
    command: str,
    body: dict[str, Any],
) -> None:
    """One press, one command."""
    await call(hass, service, **data)

    assert cloud.commands == [(command, body)]


@pytest.mark.parametrize(
    ("status", "service", "toggles"),
    [
        ("Playing", "media_play", 0),
        ("Playing", "media_pause", 1),
        ("Playing", "media_play_pause", 1),
        ("Paused", "media_play", 1),
        ("Paused", "media_pause", 0),
        ("Stopped", "media_play", 1),
        ("Stopped", "media_pause", 0),
    ],
)
async def test_playback_is_toggled_only_out_of_the_other_state(
    hass: HomeAssistant,
    start: Start,
    cloud: FakeCloud,
    media: dict[str, Any],
    status: str,
    service: str,
    toggles: int,
) -> None:
    """And then shows the new one at once."""
    media["media_playback_status"] = status
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    await call(hass, service)

    assert cloud.commands == [("media_toggle_playback", {})] * toggles
    if toggles:
        assert state_of(hass, ENTITY) == ("paused" if status == "Playing" else "playing")


@pytest.mark.parametrize("seconds", [31, 60])
async def test_car_is_asked_before_it_is_toggled_out_of_an_old_state(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    media: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    seconds: int,
) -> None:
    """Somebody may have paused it in the car; after a minute its state is asked for anyway."""
    assert loaded
    freezer.tick(timedelta(seconds=seconds))
    media["media_playback_status"] = "Paused"

    await call(hass, "media_pause")

    assert cloud.commands == []
    assert state_of(hass, ENTITY) == "paused"


@pytest.mark.usefixtures("loaded")
async def test_sleeping_car_is_not_toggled(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody knows whether it would play."""
    cloud.cars[MODEL_X].availability = Availability.ASLEEP
    freezer.tick(timedelta(seconds=31))

    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, "media_play")

    assert caught.value.translation_key == "media_state_unknown"
    assert cloud.commands == []


@pytest.mark.usefixtures("loaded")
async def test_two_presses_at_a_time_toggle_once(hass: HomeAssistant, cloud: FakeCloud) -> None:
    """The second one waits for what the first one did."""
    for _ in range(2):
        await hass.services.async_call(
            "media_player", "media_pause", {ATTR_ENTITY_ID: ENTITY}, blocking=False
        )
    await hass.async_block_till_done()

    assert cloud.commands == [("media_toggle_playback", {})]


@pytest.mark.parametrize("scopes", [(Scope.VEHICLE_DEVICE_DATA,)])
@pytest.mark.usefixtures("loaded")
async def test_player_is_only_to_be_read_without_commands(hass: HomeAssistant) -> None:
    """It still shows what plays."""
    state = hass.states.get(ENTITY)

    assert state is not None
    assert (state.state, state.attributes["supported_features"]) == ("playing", 0)


async def test_driver_can_forbid_remote_control(
    hass: HomeAssistant, start: Start, cloud: FakeCloud
) -> None:
    """Then there is nothing to press."""
    cloud.cars[MODEL_X].changes["vehicle_state__media_state"] = {"remote_control_enabled": False}
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    state = hass.states.get(ENTITY)
    assert state is not None
    assert state.attributes["supported_features"] == 0


@pytest.mark.parametrize(
    ("told", "level", "body"),
    [
        ({"audio_volume_max": None}, 0.227, {"volume": 5.5}),
        ({"audio_volume_max": 0}, 0.227, {"volume": 5.5}),
    ],
)
async def test_volume_without_the_cars_own_bounds(
    hass: HomeAssistant,
    start: Start,
    cloud: FakeCloud,
    media: dict[str, Any],
    told: dict[str, Any],
    level: float,
    body: dict[str, Any],
) -> None:
    """Eleven is what every car has."""
    media |= told
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    state = hass.states.get(ENTITY)
    assert state is not None
    assert state.attributes["volume_level"] == pytest.approx(level, abs=0.001)
    await call(hass, "volume_set", volume_level=0.5)
    assert cloud.commands == [("adjust_volume", body)]


async def test_car_without_volume_has_only_keys(
    hass: HomeAssistant, start: Start, media: dict[str, Any]
) -> None:
    """There is no slider for what is not known."""
    media["audio_volume"] = None
    entry = await start()
    await entry.runtime_data.cars[MODEL_X].async_refresh()
    await hass.async_block_till_done()

    state = hass.states.get(ENTITY)
    assert state is not None
    assert not state.attributes["supported_features"] & Feature.VOLUME_SET
    assert state.attributes["supported_features"] & Feature.PLAY
    assert "volume_level" not in state.attributes


@pytest.mark.parametrize("vin", [FALCON, YUKI])
async def test_simulated_car_plays(live: Live, vin: str) -> None:
    """By either way, and what it does shows."""
    car = live.world.cars[vin]
    car.wake_now()
    await live.look_at(vin)
    target = {ATTR_ENTITY_ID: live.entity_id("media_player", vin, "media")}
    assert live.state("media_player", vin, "media").state == "idle"

    async def press(service: str, **data: Any) -> None:
        await live.hass.services.async_call("media_player", service, target | data, blocking=True)

    await press("media_play")
    await press("media_play")
    await press("media_next_track")
    await press("volume_set", volume_level=0.5)
    await press("volume_up")

    assert (car.state.playing, car.state.track) == (True, 1)
    assert car.state.volume == pytest.approx(10.333 / 2 + 1, abs=0.01)
    await live.look_at(vin)
    state = live.state("media_player", vin, "media")
    assert (state.state, state.attributes["media_title"]) == ("playing", "Track 1")
    assert state.attributes["media_artist"] == "Clara Kurve"
