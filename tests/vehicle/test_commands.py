"""COMMANDS against what Tesla's own proxy sends, and against nonsense."""

import json
from pathlib import Path
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest
from tesla_protocol.command.car_server_pb2 import Action, VehicleAction
from tesla_protocol.command.vcsec_pb2 import ClosureMoveRequest, RKEAction_E, UnsignedMessage

from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle import (
    COMMANDS,
    SIGNALS,
    InvalidParameter,
    Kind,
    Repeat,
    RouteRule,
)
from custom_components.teslalogger.vehicle.commands import NOT_COMMANDS
from custom_components.teslalogger.vehicle.commands.parameters import (
    day_names,
    days,
    flag,
    integer,
    new_schedule_id,
    number,
    pin,
    text,
)
from custom_components.teslalogger.vehicle_command import Domain

CALLS: Final[list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "data" / "vehicle-command-payloads.json").read_text()
)
# Commands of the recorded calls that Tesla's proxy does not know either, or may not relay.
WITHOUT_ROW: Final = {
    "set_managed_charger_location",
    "upcoming_calendar_entries",
    "take_drivenote",
}
# What the proxy does not sign although cars understand it: the fields are those of Tesla's app.
SIGNED_ONLY_HERE: Final = {
    "remote_boombox",
    "navigation_gps_request",
    "navigation_sc_request",
    "navigation_waypoints_request",
    "remote_steering_wheel_heat_level_request",
    "remote_auto_steering_wheel_heat_climate_request",
}
# Where we are right and the reference proxy is wrong: the REST documentation counts seat cooler
# levels and overheat temperatures from 0, the messages from 1, and the proxy copies the number.
RIGHT_INSTEAD: Final = {
    ("remote_seat_cooler_request", 3): "12098a03060a0408041001",  # High, not Med
    ("remote_seat_cooler_request", 0): "12098a03060a0408011001",  # Off, not Unknown
    ("set_cop_temp", 0): "12059204020801",  # Low, not Unspecified
}
# What the proxy sends on although no car can make sense of it; ours does not leave the house.
REFUSED_HERE: Final = {
    ("remote_auto_seat_climate_request", "auto_seat_position"),  # 0 is no seat
    ("set_cop_temp", "cop_temp"),  # 3 is the message's High, in REST there is none
    ("set_temps", "?"),  # no temperature at all
    ("actuate_trunk", "which_trunk"),  # 1 is no trunk, the proxy opens the rear one
    ("remote_start_drive", "password"),  # the protocol has none, the proxy drops it
    ("set_charge_limit", "percent"),  # 200
}


def _wrong_number(call: dict[str, Any]) -> tuple[str, int]:
    body = call["body"]
    return call["command"], body.get("seat_cooler_level", body.get("cop_temp", -1))


def _accepted(call: dict[str, Any]) -> bytes | None:
    """Our payload, or None if the parameters are refused here."""
    row = COMMANDS[call["command"]]
    try:
        return row.encode(row.validate(call["body"]))
    except InvalidParameter:
        return None


def _parsed(domain: str, payload: bytes) -> object:
    message = Action if domain == "INFOTAINMENT" else UnsignedMessage
    return message.FromString(payload)


SENT: Final = [call for call in CALLS if "payload_hex" in call]
KNOWN: Final = [call for call in CALLS if call["command"] not in WITHOUT_ROW | SIGNED_ONLY_HERE]


@pytest.mark.parametrize("call", SENT, ids=lambda call: f"{call['command']} {call['body']}")
def test_payloads_are_those_of_the_reference_proxy_or_better(call: dict[str, Any]) -> None:
    """Field by field, and the canonical bytes of both."""
    ours, theirs = _accepted(call), bytes.fromhex(call["payload_hex"])
    if ours is None:
        refused = {name for name, _ in REFUSED_HERE}
        assert call["command"] in refused
        return
    if right := RIGHT_INSTEAD.get(_wrong_number(call)):
        assert ours.hex() == right != call["payload_hex"]
        return
    assert _parsed(call["domain"], ours) == _parsed(call["domain"], theirs)
    assert ours == theirs
    assert (
        COMMANDS[call["command"]].domain
        == Domain[{"VCSEC": "VEHICLE_SECURITY"}.get(call["domain"], call["domain"])]
    )


def test_exactly_the_senseless_parameters_are_refused_here() -> None:
    """Each of them by name."""
    refused = set()
    for call in SENT:
        row = COMMANDS[call["command"]]
        try:
            row.validate(call["body"])
        except InvalidParameter as err:
            refused.add((row.name, err.placeholders["parameter"]))
    assert refused == REFUSED_HERE


@pytest.mark.parametrize(
    "call",
    [call for call in KNOWN if call.get("http") in {400, 500}],
    ids=lambda call: f"{call['command']} {call['body']}",
)
def test_what_the_proxy_refuses_is_refused_here_too_or_right(call: dict[str, Any]) -> None:
    """Two are right here: volume 11 exists, and "Tue" is understood. One goes another way."""
    command, body = call["command"], call["body"]
    if command == "navigation_request":
        assert COMMANDS[command].route is RouteRule.UNSIGNED_ONLY
    elif body.get("volume") == 10.5:
        assert _accepted(call) == bytes.fromhex("12088201051d00002841")
    elif body.get("days_of_week") == "Tue":
        payload = _accepted(call)
        assert payload is not None
        assert Action.FromString(payload).vehicleAction.addChargeScheduleAction.days_of_week == 4
    else:
        assert _accepted(call) is None


# One example of every command that no recorded call covers, as the reference sends it.
MORE: Final[list[tuple[str, dict[str, Any], str]]] = [
    ("ping", {}, "1205f202020801"),
    ("dashcam_save_clip", {}, "1203fa0200"),
    ("auto_secure_vehicle", {}, "101d"),
    ("set_sun_roof_level", {"percent": 50}, "12058202020832"),
    ("set_recirculation", {"on": True}, "1205ea02020801"),
    ("set_suspension_level", {"level": "entry"}, "1205b207020801"),
    ("set_outlets", {"outlets": "cabin"}, "12058205020802"),
    ("set_outlet_timer", {"num_minutes": 90}, "12058a0502085a"),
    ("set_outlet_limit", {"percent": 20}, "12059205020814"),
    ("set_power_feed", {"feeds": "both"}, "12059a05020803"),
    ("set_power_feed_timer", {"num_minutes": 90}, "1205a20502085a"),
    ("set_power_feed_limit", {"percent": 20}, "1205aa05020814"),
    ("set_trailer_light_test", {"on": True}, "1205b205020801"),
    ("set_bed_light_auto", {"on": True}, "1205ba05020801"),
    ("set_powershare_feature", {"on": True}, "1205da05020801"),
    ("set_powershare", {"on": False}, "1203ea0500"),
    ("set_tent_mode", {"on": True}, "1205f205020801"),
    ("set_front_zone_light", {"level": "low"}, "1205fa05020801"),
    ("set_rear_zone_light", {"level": "off"}, "1203820600"),
    ("set_light_bar_middle", {"on": True}, "1205b206020801"),
    ("set_light_bar_ditch", {"on": True}, "1205ba06020801"),
    (
        "navigation_gps_destination_request",
        {"lat": 52.5, "lon": 13.25, "destination": "Cafe", "order": 3},
        "121dd2061a090000000000404a40110000000000802a401a04436166652003",
    ),
    ("set_temperature_unit", {"unit": "celsius"}, "1205a208020801"),
    ("set_distance_unit", {"unit": "km"}, "1205aa08020801"),
    ("set_time_format", {"hours": "24"}, "1205b208020801"),
    ("set_tire_pressure_unit", {"unit": "bar"}, "1205ba08020801"),
    ("set_energy_display", {"unit": "distance"}, "1205c208020801"),
    ("actuate_trunk", {"which_trunk": "front"}, "22023001"),
    ("open_trunk", {}, "22022803"),
    ("close_trunk", {}, "22022804"),
    ("close_tonneau", {}, "22024004"),
    ("charge_port_door_open", {}, "1203f20300"),
    ("window_control", {"command": "vent"}, "12059202021a00"),
    ("sun_roof_control", {"state": "vent"}, "12058202021a00"),
    ("sun_roof_control", {"state": "close"}, "12058202022200"),
    ("remote_steering_wheel_heat_level_request", {"level": 0}, "1205ba04020801"),
    ("remote_steering_wheel_heat_level_request", {"level": 3}, "1205ba04020803"),
    ("remote_auto_steering_wheel_heat_climate_request", {"on": True}, "1205b204020801"),
    ("honk_horn", {}, "1203da0100"),
    (
        "set_temps",
        {"driver_temp": 21.5, "passenger_temp": 20},
        "1210720e2a021a00350000ac413d0000a041",
    ),
    ("set_temps", {"passenger_temp": 20}, "120b72092a021a003d0000a041"),
    ("set_scheduled_departure", {"enable": True}, "1205d202020801"),
    ("set_climate_keeper_mode", {"climate_keeper_mode": 0}, "1203e20200"),
    ("charge_start", {}, "120432021200"),
    ("charge_stop", {}, "120432022a00"),
    ("charge_max_range", {}, "120432022200"),
    ("set_scheduled_charging", {"enable": True, "time": 120}, "1207ca020408011078"),
    (
        "set_scheduled_departure",
        {
            "enable": True,
            "departure_time": 375,
            "preconditioning_enabled": True,
            "off_peak_charging_enabled": True,
            "off_peak_charging_weekdays_only": True,
            "end_off_peak_time": 420,
        },
        "1213d20210080110f7021a020a002202120028a403",
    ),
    ("set_scheduled_departure", {"enable": False, "departure_time": 375}, "1203d20200"),
    ("set_low_power_mode", {"enable": True}, "12059208020801"),
    ("media_prev_track", {}, "1203a20100"),
    ("media_prev_fav", {}, "1203920100"),
    ("set_sentry_mode", {"on": True}, "1205f201020801"),
    ("clear_pin_to_drive_admin", {}, "1203ca0500"),
    ("speed_limit_deactivate", {"pin": "1234"}, "12084a06120431323334"),
    ("speed_limit_clear_pin_admin", {}, "1203fa0400"),
    ("parental_controls_clear_pin_admin", {}, "1203f20600"),
    ("schedule_software_update", {"offset_sec": 3600}, "1206ea010308901c"),
    ("batch_remove_charge_schedules", {"home": True}, "1205e206020801"),
    ("batch_remove_precondition_schedules", {"other": True}, "1205da06021801"),
    ("parental_controls_clear_pin", {"pin": "1234"}, "1209ea06060a0431323334"),
    ("remote_boombox", {}, "120682040308d00f"),
    (
        "navigation_gps_request",
        {"lat": 52.5, "lon": 13.25},
        "1217aa0314090000000000404a40110000000000802a401801",
    ),
    ("navigation_sc_request", {"id": 114, "order": 3}, "1207b2010408721003"),
    (
        "navigation_waypoints_request",
        {"waypoints": "refId:abc"},
        "120ed2050b0a0972656649643a616263",
    ),
]


@pytest.mark.parametrize(("name", "params", "payload"), MORE)
def test_payloads_of_the_specification(name: str, params: dict[str, Any], payload: str) -> None:
    """The examples of the command table."""
    row = COMMANDS[name]
    assert row.encode(row.validate(params)).hex() == payload


def test_every_signed_command_has_an_expected_payload_here() -> None:
    """A new row needs an example."""
    covered = {call["command"] for call in SENT} | {name for name, _, _ in MORE}
    assert {row.name for row in COMMANDS.values() if row.message} <= covered


def test_every_row_is_consistent() -> None:
    """Names, ways, scopes, and signals that exist."""
    for name, row in COMMANDS.items():
        assert row.name == name
        assert row.scopes & {Scope.VEHICLE_CMDS, Scope.VEHICLE_CHARGING_CMDS}
        assert {*row.expects, *row.changes} <= set(SIGNALS)
        if row.route in {RouteRule.WAKE, RouteRule.UNSIGNED_ONLY}:
            assert row.message is None
            with pytest.raises(TypeError, match="signed form"):
                row.encode({})
    assert COMMANDS["wake_up"].rest is None
    with pytest.raises(TypeError, match="unsigned form"):
        COMMANDS["wake_up"].body({})


TOGGLES: Final = {
    "actuate_trunk",
    "trigger_homelink",
    "media_volume_up",
    "media_volume_down",
    "media_toggle_playback",
    "media_next_track",
    "media_prev_track",
    "media_next_fav",
    "media_prev_fav",
}
ACTIONS: Final = {
    "remote_start_drive",
    "stop_tonneau",
    "flash_lights",
    "honk_horn",
    "schedule_software_update",
    "navigation_request",
    "navigation_gps_request",
    "navigation_sc_request",
    "navigation_waypoints_request",
    "remote_boombox",
    "dashcam_save_clip",
    "navigation_gps_destination_request",
}


def test_only_absolute_states_may_be_repeated() -> None:
    """The lists are written by hand, so that no row becomes repeatable by accident."""
    assert {row.name for row in COMMANDS.values() if row.repeat is Repeat.TOGGLE} == TOGGLES
    assert {row.name for row in COMMANDS.values() if row.repeat is Repeat.ACTION} == ACTIONS


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        ("set_sentry_mode", {"on": True}, {"sentry_mode": True}),
        ("door_lock", {}, {"locked": True}),
        ("charge_stop", {}, {"charging_state": "stopped"}),
        ("set_preconditioning_max", {"on": True}, {"defrost_mode": "max", "is_climate_on": True}),
        ("set_preconditioning_max", {"on": False}, {"defrost_mode": "off"}),
        ("set_cabin_overheat_protection", {"on": False}, {"cabin_overheat_protection": "off"}),
        ("set_cabin_overheat_protection", {"on": True}, {"cabin_overheat_protection": "on"}),
        (
            "set_cabin_overheat_protection",
            {"on": True, "fan_only": True},
            {"cabin_overheat_protection": "fan_only"},
        ),
        ("set_cop_temp", {"cop_temp": 2}, {"cop_activation_temperature": "high"}),
        (
            "set_climate_keeper_mode",
            {"climate_keeper_mode": 2},
            {"climate_keeper_mode": "dog", "is_climate_on": True},
        ),
        ("set_climate_keeper_mode", {"climate_keeper_mode": 0}, {"climate_keeper_mode": "off"}),
        (
            "remote_seat_heater_request",
            {"seat_position": 5, "level": 2},
            {"seat_heater_rear_right": "medium"},
        ),
        ("remote_seat_heater_request", {"seat_position": 3, "level": 2}, {}),
        (
            "remote_seat_cooler_request",
            {"seat_position": 2, "seat_cooler_level": 0},
            {"seat_fan_front_right": "off"},
        ),
        (
            "remote_auto_seat_climate_request",
            {"auto_seat_position": 1, "auto_climate_on": False},
            {"auto_seat_climate_left": False},
        ),
        (
            "remote_steering_wheel_heat_level_request",
            {"level": 3},
            {"steering_wheel_heat_level": "high", "steering_wheel_heater": True},
        ),
        ("actuate_trunk", {"which_trunk": "front"}, {"front_trunk": True}),
        ("actuate_trunk", {"which_trunk": "rear"}, {}),
        ("open_tonneau", {}, {"tonneau_position": "open"}),
        ("sun_roof_control", {"state": "close"}, {"sun_roof_state": "closed"}),
        ("sun_roof_control", {"state": "stop"}, {}),
        ("set_vehicle_name", {"vehicle_name": "Kitt"}, {"vehicle_name": "Kitt"}),
        ("flash_lights", {}, {}),
    ],
)
def test_what_a_done_command_will_show(
    name: str, params: dict[str, Any], expected: dict[str, Any]
) -> None:
    """The values are those that the signal's own table knows."""
    row = COMMANDS[name]
    assert row.expected(row.validate(params)) == expected
    for key, value in expected.items():
        if SIGNALS[key].kind is Kind.ENUM:
            assert value in SIGNALS[key].options


def test_nobody_signs_the_stopping_of_a_sunroof() -> None:
    """The message has no such field; the unsigned form goes as it is."""
    row = COMMANDS["sun_roof_control"]
    params = row.validate({"state": "stop"})
    assert row.body(params) == {"state": "stop"}
    with pytest.raises(InvalidParameter):
        row.encode(params)


def test_only_the_given_temperature_is_expected_to_change() -> None:
    """The other one is not expected to become nothing."""
    row = COMMANDS["set_temps"]
    assert row.expected(row.validate({"driver_temp": 20})) == {"driver_temp_setting": 20}


@pytest.mark.parametrize(
    ("name", "params", "body"),
    [
        ("set_sentry_mode", {"on": True}, {"on": True}),
        ("set_valet_mode", {"on": False, "password": "1234"}, {"on": False}),
        ("set_valet_mode", {"on": True, "password": "1234"}, {"on": True, "password": "1234"}),
        ("set_valet_mode", {"on": True}, {"on": True}),
        (
            "remote_seat_heater_request",
            {"seat_position": 2, "level": 1},
            {"seat_position": 2, "heater": 2, "level": 1},
        ),
        (
            "remote_seat_cooler_request",
            {"seat_position": 1, "seat_cooler_level": 3},
            {"seat_position": 1, "seat_cooler_level": 3},
        ),
        ("window_control", {"command": "vent"}, {"command": "vent", "lat": 0, "lon": 0}),
        (
            "window_control",
            {"command": "close", "lat": 52.5, "lon": 13.25},
            {"command": "close", "lat": 52.5, "lon": 13.25},
        ),
        (
            "navigation_request",
            {"destination": "Berlin", "timestamp_ms": 5},
            {
                "type": "share_ext_content_raw",
                "locale": "en-US",
                "timestamp_ms": "5",
                "value": {"android.intent.extra.TEXT": "Berlin"},
            },
        ),
    ],
)
def test_unsigned_bodies_speak_rest(
    name: str, params: dict[str, Any], body: dict[str, Any]
) -> None:
    """Numbers as REST counts them, names as REST has them."""
    row = COMMANDS[name]
    assert row.body(row.validate(params)) == body


def test_a_schedule_gets_its_id_before_it_is_sent() -> None:
    """The car's own choice would make a repeated sending a second schedule."""
    row = COMMANDS["add_precondition_schedule"]
    params = row.validate(
        {"lat": 1, "lon": 2, "days_of_week": "Mon", "enabled": True, "precondition_time": 480}
    )
    assert params["id"] > 1_700_000_000_000
    assert row.encode(params) == row.encode(params)
    assert row.body(params)["id"] == params["id"]
    assert row.body(params)["days_of_week"] == "Monday"
    assert new_schedule_id() >= params["id"]


@pytest.mark.parametrize(
    ("given_days", "mask", "names"),
    [
        ("All", 127, "All"),
        ("weekdays", 62, "Weekdays"),
        (" mon , WED,Friday", 42, "Monday,Wednesday,Friday"),
        (["tues", "thurs"], 20, "Tuesday,Thursday"),
        ("Sun", 1, "Sunday"),
        (65, 65, "Sunday,Saturday"),
    ],
)
def test_days_are_understood_in_every_spelling(given_days: object, mask: int, names: str) -> None:
    """To the mask and back to REST's words."""
    assert days(given_days) == mask
    assert day_names(mask) == names
    assert days(day_names(mask)) == mask


INVALID_PARAMETERS: Final[list[tuple[str, dict[str, Any], str]]] = [
    ("set_sentry_mode", {}, "on"),
    ("set_sentry_mode", {"on": 1}, "on"),
    ("set_sentry_mode", {"on": True, "of": True}, "of"),
    ("set_valet_mode", {"on": True, "password": "12345"}, "password"),
    ("set_valet_mode", {"on": True, "password": "\uff11\uff12\uff13\uff14"}, "password"),
    ("set_valet_mode", {"on": True, "password": "1234\n"}, "password"),
    ("set_valet_mode", {"on": True, "password": 1234}, "password"),
    ("set_charge_limit", {"percent": 49}, "percent"),
    ("set_charge_limit", {"percent": 101}, "percent"),
    ("set_charge_limit", {"percent": 80.5}, "percent"),
    ("set_charge_limit", {"percent": True}, "percent"),
    ("set_charge_limit", {"percent": float("nan")}, "percent"),
    ("set_charge_limit", {"percent": float("inf")}, "percent"),
    ("set_charge_limit", {"percent": 10**400}, "percent"),
    ("speed_limit_set_limit", {"limit_mph": -(10**400)}, "limit_mph"),
    ("set_charging_amps", {"charging_amps": -1}, "charging_amps"),
    ("set_temps", {"driver_temp": 40}, "driver_temp"),
    ("remote_seat_heater_request", {"seat_position": 0, "level": 4}, "level"),
    ("remote_seat_cooler_request", {"seat_position": 0, "seat_cooler_level": 1}, "seat_position"),
    ("remote_steering_wheel_heat_level_request", {"level": 2}, "level"),
    ("remote_steering_wheel_heat_level_request", {"level": True}, "level"),
    ("trigger_homelink", {"lat": 91, "lon": 0}, "lat"),
    ("set_vehicle_name", {"vehicle_name": "  "}, "vehicle_name"),
    ("set_vehicle_name", {"vehicle_name": "x" * 101}, "vehicle_name"),
    ("parental_controls_enable_setting", {"setting": "Nap", "enable": True}, "setting"),
    ("speed_limit_set_limit", {"limit_mph": 20}, "limit_mph"),
    ("remove_charge_schedule", {"id": 0}, "id"),
    ("wake_up", {"now": True}, "now"),
]


@pytest.mark.parametrize(("name", "params", "parameter"), INVALID_PARAMETERS)
def test_nonsense_is_refused_by_the_name_of_the_parameter(
    name: str, params: dict[str, Any], parameter: str
) -> None:
    """Nothing goes out, and the value is not repeated."""
    with pytest.raises(InvalidParameter) as caught:
        COMMANDS[name].validate(params)
    assert caught.value.placeholders == {"command": name, "parameter": parameter}
    assert caught.value.__context__ is None


@pytest.mark.parametrize("value", ["", "Funday", [], ["Mon", 3], None, 0, 128, 1.5])
def test_what_is_no_day_is_refused(value: object) -> None:
    """In every type."""
    with pytest.raises(Exception, match=r"expected|not the name"):
        days(value)


@given(
    value=st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())
    )
)
def test_validators_answer_or_refuse_whatever_comes(value: object) -> None:
    """Never any other exception than voluptuous's own."""
    for validator in (number(0, 10), integer(0, 10), flag, pin, text(), days):
        try:
            validator(value)
        except Exception as err:  # noqa: BLE001  the type is what is tested
            assert type(err).__name__ == "Invalid"  # noqa: PT017  both ways are right


@pytest.mark.parametrize("state", ["disconnected", "no_power", "complete"])
def test_what_does_not_charge_is_not_stopped(state: str) -> None:
    """The car calls it done, and its cable is no more plugged in than before."""
    row = COMMANDS["charge_stop"]
    expected = row.expected({})
    assert row.concluded(expected, lambda _: state) == {}
    assert row.concluded(expected, lambda _: "charging") == expected
    assert row.concluded(expected, lambda _: None) == expected


@pytest.mark.parametrize(
    ("most", "known", "news"), [(16, 32, 16), (32, 16, 16), (32, None, 32), (32, "?", 32)]
)
def test_nothing_is_foretold_above_the_cars_own_limit(
    most: int, known: int | str | None, news: int
) -> None:
    """It charges with no more than it can, as far as that is known."""
    row = COMMANDS["set_charging_amps"]
    signals = {"charge_current_request_max": known}
    expected = row.expected(row.validate({"charging_amps": most}))
    assert row.concluded(expected, signals.get) == {"charge_current_request": news}


@pytest.mark.parametrize(
    ("name", "action", "times"),
    [
        (
            "add_charge_schedule",
            "addChargeScheduleAction",
            {"start_enabled": True, "end_enabled": False, "start_time": 60},
        ),
        (
            "add_precondition_schedule",
            "addPreconditionScheduleAction",
            {"precondition_time": 60},
        ),
    ],
)
def test_a_schedule_keeps_its_name(name: str, action: str, times: dict[str, Any]) -> None:
    """Tesla's app shows it; the REST API documents none."""
    row = COMMANDS[name]
    params = {"lat": 1, "lon": 2, "days_of_week": "All", "enabled": True, **times}
    named, nameless = row.validate({**params, "name": "Night"}), row.validate(params)
    assert getattr(Action.FromString(row.encode(named)).vehicleAction, action).name == "Night"
    assert getattr(Action.FromString(row.encode(nameless)).vehicleAction, action).name == ""
    assert "name" not in row.body(named)


def test_only_who_closes_windows_has_to_be_near() -> None:
    """And only over the unsigned route, for the message has no position."""
    row = COMMANDS["window_control"]
    assert row.placed_when({"command": "close"})
    assert not row.placed_when({"command": "vent"})
    assert not COMMANDS["flash_lights"].placed_when({})


def _sent() -> set[str]:
    """The fields and numbers that the examples of all commands use."""
    used: set[str] = set()
    payloads = [(name, bytes.fromhex(payload)) for name, _, payload in MORE]
    payloads += [(call["command"], bytes.fromhex(call["payload_hex"])) for call in SENT]
    for name, payload in payloads:
        if COMMANDS[name].domain is Domain.INFOTAINMENT:
            action = Action.FromString(payload).vehicleAction
            used.add(str(action.WhichOneof("vehicle_action_msg")))
            continue
        message = UnsignedMessage.FromString(payload)
        used.add(str(message.WhichOneof("sub_message")))
        if message.WhichOneof("sub_message") == "RKEAction":
            used.add(RKEAction_E.Name(message.RKEAction))
        used |= {closure.name for closure, _ in message.closureMoveRequest.ListFields()}
    return used


def test_what_a_message_can_hold_is_sent_by_a_command_or_left_out_for_a_reason() -> None:
    """Everything that the bindings know, and none of it both."""
    known = {
        *VehicleAction.DESCRIPTOR.fields_by_name,
        *UnsignedMessage.DESCRIPTOR.fields_by_name,
        *ClosureMoveRequest.DESCRIPTOR.fields_by_name,
        *RKEAction_E.keys(),
    }
    assert _sent().isdisjoint(NOT_COMMANDS)
    assert _sent() | NOT_COMMANDS.keys() == known
    assert all(NOT_COMMANDS.values())
