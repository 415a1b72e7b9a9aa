"""What each action makes of what people fill in."""

import time
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import AsyncMock, patch

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest
import voluptuous as vol

from custom_components.teslalogger.actions.table import ACTIONS
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.vehicle import COMMANDS, Reading, Source
from custom_components.teslalogger.vehicle.outcome import Outcome, Result, Route
from custom_components.teslalogger.vehicle.schedules import Schedule, to_text

from .cloud import MODEL_X, FakeCloud

if TYPE_CHECKING:
    from collections.abc import Generator

    from homeassistant.core import HomeAssistant, ServiceResponse
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockConfigEntry

type Sent = list[tuple[str, dict[str, Any]]]

BERLIN: Final = {"latitude": 52.5, "longitude": 13.25}
AT_BERLIN: Final = {"lat": 52.5, "lon": 13.25}
PIN: Final = {"pin": "1234"}
PASSWORD: Final = {"password": "1234"}
WEEKEND: Final = {"days": ["saturday", "sunday"], "location": BERLIN, "schedule_id": 7}
ON_WEEKEND: Final = {"id": 7, "days_of_week": ["saturday", "sunday"], **AT_BERLIN}
ALWAYS: Final = {"one_time": False, "enabled": True}

SCHEDULES: Final = {
    "charge_schedules": to_text(
        [Schedule(id=7, days=65, latitude=52.5, longitude=13.25, start=90, enabled=False)]
    ),
    "precondition_schedules": to_text(
        [
            Schedule(
                id=8,
                days=65,
                latitude=52.5,
                longitude=13.25,
                start=450,
                one_time=True,
                name="Work",
            )
        ]
    ),
}
EXAMPLES: Final[list[tuple[str, dict[str, Any], Sent]]] = [
    ("navigate", {"destination": "Berlin"}, [("navigation_request", {"destination": "Berlin"})]),
    (
        "navigate",
        {"location": {**BERLIN, "radius": 5}},
        [("navigation_gps_request", {**AT_BERLIN, "order": 1})],
    ),
    (
        "navigate",
        {"supercharger": 114, "order": "last"},
        [("navigation_sc_request", {"id": 114, "order": 3})],
    ),
    (
        "navigate",
        {"waypoints": ["abc", "refId:def"]},
        [("navigation_waypoints_request", {"waypoints": "refId:abc,refId:def"})],
    ),
    (
        "set_charge_schedule",
        {**WEEKEND, "start_time": "01:30:00"},
        [
            (
                "add_charge_schedule",
                {
                    **ON_WEEKEND,
                    **ALWAYS,
                    "start_enabled": True,
                    "start_time": 90,
                    "end_enabled": False,
                },
            )
        ],
    ),
    (
        "set_charge_schedule",
        {**WEEKEND, "end_time": "06:00", "one_time": True, "enabled": False},
        [
            (
                "add_charge_schedule",
                {
                    **ON_WEEKEND,
                    "one_time": True,
                    "enabled": False,
                    "start_enabled": False,
                    "end_enabled": True,
                    "end_time": 360,
                },
            )
        ],
    ),
    ("remove_charge_schedule", {"schedule_id": 7}, [("remove_charge_schedule", {"id": 7})]),
    (
        "remove_charge_schedule",
        {"places": ["home", "other"]},
        [("batch_remove_charge_schedules", {"home": True, "other": True})],
    ),
    (
        "set_precondition_schedule",
        {**WEEKEND, "time": "08:00"},
        [("add_precondition_schedule", {**ON_WEEKEND, **ALWAYS, "precondition_time": 480})],
    ),
    (
        "set_precondition_schedule",
        {**WEEKEND, "schedule_id": 8, "time": "08:00"},
        [
            (
                "add_precondition_schedule",
                {**ON_WEEKEND, **ALWAYS, "id": 8, "name": "Work", "precondition_time": 480},
            )
        ],
    ),
    (
        "remove_precondition_schedule",
        {"schedule_id": 7},
        [("remove_precondition_schedule", {"id": 7})],
    ),
    (
        "remove_precondition_schedule",
        {"places": "work"},
        [("batch_remove_precondition_schedules", {"work": True})],
    ),
    (
        "enable_schedule",
        {"schedule_id": 7},
        [
            (
                "add_charge_schedule",
                {
                    **AT_BERLIN,
                    **ALWAYS,
                    "id": 7,
                    "days_of_week": 65,
                    "start_enabled": True,
                    "start_time": 90,
                    "end_enabled": False,
                },
            )
        ],
    ),
    (
        "enable_schedule",
        {"schedule_id": 8, "enabled": False},
        [
            (
                "add_precondition_schedule",
                {
                    **AT_BERLIN,
                    "id": 8,
                    "name": "Work",
                    "days_of_week": 65,
                    "one_time": True,
                    "enabled": False,
                    "precondition_time": 450,
                },
            )
        ],
    ),
    (
        "set_scheduled_charging",
        {"on": True, "time": "02:00"},
        [("set_scheduled_charging", {"enable": True, "time": 120})],
    ),
    ("set_scheduled_charging", {"on": False}, [("set_scheduled_charging", {"enable": False})]),
    (
        "set_scheduled_departure",
        {
            "on": True,
            "departure_time": "06:15",
            "preconditioning": "every_day",
            "off_peak_charging": "weekdays",
            "end_off_peak_time": "07:00",
        },
        [
            (
                "set_scheduled_departure",
                {
                    "enable": True,
                    "departure_time": 375,
                    "end_off_peak_time": 420,
                    "preconditioning_enabled": True,
                    "preconditioning_weekdays_only": False,
                    "off_peak_charging_enabled": True,
                    "off_peak_charging_weekdays_only": True,
                },
            )
        ],
    ),
    (
        "set_scheduled_departure",
        {"on": False},
        [
            (
                "set_scheduled_departure",
                {
                    "enable": False,
                    "preconditioning_enabled": False,
                    "preconditioning_weekdays_only": False,
                    "off_peak_charging_enabled": False,
                    "off_peak_charging_weekdays_only": False,
                },
            )
        ],
    ),
    ("set_charge_preset", {"preset": "standard"}, [("charge_standard", {})]),
    ("set_charge_preset", {"preset": "max_range"}, [("charge_max_range", {})]),
    ("remote_start", {}, [("remote_start_drive", {})]),
    (
        "speed_limit",
        {"on": True, **PIN, "limit": 70, "unit": "mph"},
        [("speed_limit_set_limit", {"limit_mph": 70.0}), ("speed_limit_activate", PIN)],
    ),
    (
        "speed_limit",
        {"on": False, **PIN, "limit": 100},
        [("speed_limit_deactivate", PIN), ("speed_limit_set_limit", {"limit_mph": 62.1})],
    ),
    (
        "speed_limit",
        {"limit": 130, "unit": "kmh"},
        [("speed_limit_set_limit", {"limit_mph": 80.8})],
    ),
    ("clear_speed_limit_pin", PIN, [("speed_limit_clear_pin", PIN)]),
    ("clear_speed_limit_pin", {}, [("speed_limit_clear_pin_admin", {})]),
    ("set_valet_mode", {"on": True, **PIN}, [("set_valet_mode", {"on": True, **PASSWORD})]),
    ("reset_valet_pin", {}, [("reset_valet_pin", {})]),
    ("pin_to_drive", {"on": True, **PIN}, [("set_pin_to_drive", {"on": True, **PASSWORD})]),
    ("pin_to_drive", {"on": False}, [("set_pin_to_drive", {"on": False})]),
    ("clear_pin_to_drive", {}, [("clear_pin_to_drive_admin", {})]),
    ("clear_pin_to_drive", {"as_owner": False}, [("reset_pin_to_drive_pin", {})]),
    ("parental_controls", {"on": True, **PIN}, [("parental_controls_activate", PIN)]),
    ("parental_controls", {"on": False, **PIN}, [("parental_controls_deactivate", PIN)]),
    (
        "parental_controls",
        {"limit": 60, "unit": "mph"},
        [("parental_controls_set_speed_limit", {"limit_mph": 60.0})],
    ),
    (
        "set_parental_control",
        {"setting": "browser", "on": True},
        [("parental_controls_enable_setting", {"setting": "BrowserBlocked", "enable": True})],
    ),
    ("clear_parental_pin", PIN, [("parental_controls_clear_pin", PIN)]),
    ("clear_parental_pin", {}, [("parental_controls_clear_pin_admin", {})]),
    ("media", {"press": "play_pause"}, [("media_toggle_playback", {})]),
    ("media", {"press": "previous_track"}, [("media_prev_track", {})]),
    ("media", {"press": "next_favorite"}, [("media_next_fav", {})]),
    ("media", {"press": "previous_favorite"}, [("media_prev_fav", {})]),
    ("media", {"press": "volume_up"}, [("media_volume_up", {})]),
    ("media", {"press": "volume_down"}, [("media_volume_down", {})]),
    (
        "media",
        {"press": "next_track", "volume": 5.5},
        [("media_next_track", {}), ("adjust_volume", {"volume": 5.5})],
    ),
    (
        "schedule_software_update",
        {"delay": {"hours": 1}},
        [("schedule_software_update", {"offset_sec": 3600})],
    ),
    ("cancel_software_update", {}, [("cancel_software_update", {})]),
    ("set_vehicle_name", {"name": "Kitt"}, [("set_vehicle_name", {"vehicle_name": "Kitt"})]),
    (
        "set_power_mode",
        {"mode": "low_power", "on": True},
        [("set_low_power_mode", {"enable": True})],
    ),
    (
        "set_power_mode",
        {"mode": "accessory_power", "on": False},
        [("keep_accessory_power_mode", {"enable": False})],
    ),
    ("trigger_homelink", {"location": BERLIN}, [("trigger_homelink", AT_BERLIN)]),
    # Where the car is, which it has told.
    ("trigger_homelink", {}, [("trigger_homelink", {"lat": 52.52, "lon": 13.405})]),
    ("boombox", {}, [("remote_boombox", {"sound": 2000})]),
    ("boombox", {"sound": "random"}, [("remote_boombox", {"sound": 0})]),
    ("erase_user_data", {"confirm": True}, [("erase_user_data", {})]),
    (
        "send_command",
        {"command": "set_charge_limit", "parameters": {"percent": 80}},
        [("set_charge_limit", {"percent": 80})],
    ),
    ("send_command", {"command": "wake_up"}, [("wake_up", {})]),
]
SENSELESS: Final[list[tuple[str, dict[str, Any], str]]] = [
    ("navigate", {}, "one_destination_needed"),
    ("navigate", {"destination": "Berlin", "supercharger": 1}, "one_destination_needed"),
    ("navigate", {"destination": "Berlin", "order": "last"}, "order_not_possible"),
    ("navigate", {"waypoints": ["abc"], "order": "first"}, "order_not_possible"),
    ("set_charge_schedule", WEEKEND, "schedule_time_needed"),
    ("remove_charge_schedule", {}, "schedule_or_places_needed"),
    ("remove_charge_schedule", {"schedule_id": 7, "places": "home"}, "schedule_or_places_needed"),
    ("enable_schedule", {"schedule_id": 9}, "schedule_gone"),
    ("set_scheduled_charging", {"on": True}, "schedule_time_needed"),
    ("set_scheduled_departure", {"on": True}, "schedule_time_needed"),
    ("speed_limit", PIN, "mode_or_limit_needed"),
    ("parental_controls", {"on": True}, "pin_needed"),
    ("media", {}, "press_or_volume_needed"),
    ("erase_user_data", {"confirm": False}, "confirmation_needed"),
]
# One of each kind of field.
NONSENSE: Final[list[tuple[str, dict[str, Any]]]] = [
    ("navigate", {"location": {"latitude": 91, "longitude": 0}}),
    ("navigate", {"waypoints": []}),
    ("navigate", {"destination": "Berlin", "order": "never"}),
    ("set_charge_schedule", {"start_time": "25:00", "days": "monday"}),
    ("set_charge_schedule", {"start_time": "01:00", "days": "someday"}),
    ("set_charge_schedule", {"start_time": "01:00"}),
    ("speed_limit", {"limit": 300}),
    ("media", {"volume": 12}),
    ("schedule_software_update", {"delay": {"hours": -1}}),
    ("erase_user_data", {"confirm": "perhaps"}),
    ("send_command", {"command": "honk_horn", "parameters": "loud"}),
    ("remote_start", {"password": "1"}),
]


@pytest.fixture
def device_id(loaded: MockConfigEntry, device_registry: dr.DeviceRegistry) -> str:
    """The old car's device."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), loaded.entry_id)
    assert device is not None
    return device.id


@pytest.fixture
def sent(loaded: MockConfigEntry) -> Generator[Sent]:
    """The commands that the car was to be sent; each is done at once."""
    commands: Sent = []

    async def note(command: str, /, **params: Any) -> Outcome:
        commands.append((command, params))
        return Outcome(
            command=command,
            result=Result.DONE,
            route=Route.UNSIGNED,
            attempts=1,
            requests=2,
            duration=0.5,
            cost=0.001,
        )

    car = loaded.runtime_data.cars[MODEL_X]
    now = time.time()
    car.async_apply(
        {
            kind: Reading(value=told, car_time=now, received=now, source=Source.POLL)
            for kind, told in SCHEDULES.items()
        }
    )
    with patch.object(car.commander, "async_send", AsyncMock(side_effect=note)):
        yield commands


async def act(hass: HomeAssistant, name: str, /, **data: Any) -> ServiceResponse:
    """Call an action and want its response."""
    return await hass.services.async_call(DOMAIN, name, data, blocking=True, return_response=True)


@pytest.mark.parametrize(("name", "data", "expected"), EXAMPLES)
async def test_an_action_becomes_commands(
    hass: HomeAssistant, device_id: str, sent: Sent, name: str, data: dict[str, Any], expected: Sent
) -> None:
    """With parameters that the commands take."""
    await act(hass, name, device_id=device_id, **data)

    assert sent == expected
    for command, params in sent:
        COMMANDS[command].validate(params)


def test_every_action_and_each_of_its_commands_has_an_example() -> None:
    """And none sends what its table does not tell."""
    shown: dict[str, set[str]] = {action.name: set() for action in ACTIONS}
    for name, _, expected in EXAMPLES:
        shown[name] |= {command for command, _ in expected}

    for action in ACTIONS:
        assert shown[action.name]
        if action.commands is not None:
            assert shown[action.name] == set(action.commands), action.name


@pytest.mark.parametrize(("name", "data", "key"), SENSELESS)
async def test_what_makes_no_sense_together_is_explained(
    hass: HomeAssistant, device_id: str, sent: Sent, name: str, data: dict[str, Any], key: str
) -> None:
    """Before anything is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, name, device_id=device_id, **data)

    assert caught.value.translation_key == key
    assert not sent


@pytest.mark.parametrize(("name", "data"), NONSENSE)
async def test_a_field_that_makes_no_sense_is_refused(
    hass: HomeAssistant, device_id: str, sent: Sent, name: str, data: dict[str, Any]
) -> None:
    """By Home Assistant, which says which."""
    with pytest.raises(vol.Invalid):
        await act(hass, name, device_id=device_id, **data)

    assert not sent


async def test_a_limit_without_unit_is_one_of_the_home(
    hass: HomeAssistant, device_id: str, sent: Sent
) -> None:
    """Miles where people think in miles."""
    hass.config.units = US_CUSTOMARY_SYSTEM

    await act(hass, "speed_limit", device_id=device_id, limit=70)

    assert sent == [("speed_limit_set_limit", {"limit_mph": 70.0})]


async def test_an_address_is_meant_in_the_language_of_the_home(
    hass: HomeAssistant, device_id: str, sent: Sent
) -> None:
    """If it has a country."""
    hass.config.language, hass.config.country = "de", "AT"

    await act(hass, "navigate", device_id=device_id, destination="Wien")

    assert sent == [("navigation_request", {"destination": "Wien", "locale": "de-AT"})]


async def test_a_new_schedule_tells_its_number(
    hass: HomeAssistant, device_id: str, sent: Sent
) -> None:
    """Nobody could remove it otherwise; without a place it holds at home."""
    response = await act(
        hass, "set_precondition_schedule", device_id=device_id, days=["monday"], time="07:00"
    )

    ((_, params),) = sent
    assert response is not None
    assert response["schedule_id"] == params["id"] > 1_700_000_000_000
    assert (params["lat"], params["lon"]) == (hass.config.latitude, hass.config.longitude)


async def test_homelink_is_at_home_as_long_as_the_car_is_nowhere(
    hass: HomeAssistant, loaded: MockConfigEntry, device_id: str, sent: Sent
) -> None:
    """As without the permission to know where it is."""
    car = loaded.runtime_data.cars[MODEL_X]
    with patch.object(car, "value", return_value=None):
        await act(hass, "trigger_homelink", device_id=device_id)

    home = {"lat": hass.config.latitude, "lon": hass.config.longitude}
    assert sent == [("trigger_homelink", home)]


async def test_several_commands_have_one_response(
    hass: HomeAssistant,
    device_id: str,
    sent: Sent,  # noqa: ARG001 - each is done
) -> None:
    """The last one's outcome, what all took, and each by itself."""
    response = await act(hass, "media", device_id=device_id, press="next_track", volume=3)

    assert response is not None
    assert response["command"] == "adjust_volume"
    assert (response["attempts"], response["requests"]) == (2, 4)
    assert (response["seconds"], response["cost_usd"]) == (1.0, 0.002)
    steps = response["steps"]
    assert isinstance(steps, list)
    assert [step["command"] for step in steps if isinstance(step, dict)] == [
        "media_next_track",
        "adjust_volume",
    ]


@pytest.mark.parametrize(
    ("command", "parameters", "key"),
    [
        ("no_such_command", {}, "unknown_command"),
        ("set_charge_limit", {"percent": 101}, "invalid_parameter"),
        ("honk_horn", {"loud": True}, "invalid_parameter"),
    ],
)
async def test_a_command_by_name_is_checked_first(
    hass: HomeAssistant,
    device_id: str,
    cloud: FakeCloud,
    command: str,
    parameters: dict[str, Any],
    key: str,
) -> None:
    """By its row, and nothing is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "send_command", device_id=device_id, command=command, parameters=parameters)

    assert caught.value.translation_key == key
    assert not cloud.commands
