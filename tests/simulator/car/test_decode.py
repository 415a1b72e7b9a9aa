"""The car understands what Tesla's own proxy makes of REST calls."""

import json
from pathlib import Path
from typing import Any

import pytest
from tesla_protocol.command.car_server_pb2 import Action
from tesla_protocol.command.vcsec_pb2 import UnsignedMessage

from simulator.car import decode
from simulator.car.effects import EFFECTS

PAYLOADS = Path(__file__).parents[2] / "data" / "vehicle-command-payloads.json"
ROWS = [row for row in json.loads(PAYLOADS.read_text("utf-8")) if "payload_hex" in row]

# Where the proxy sends something else than the REST documentation asks for; the car takes it at
# its word. Levels and temperatures are off by one, and a trunk that is no string means the rear.
MISREAD_BY_THE_PROXY: dict[tuple[str, str], dict[str, Any]] = {
    ("remote_seat_cooler_request", '{"seat_position": 1, "seat_cooler_level": 3}'): {
        "seat_cooler_level": 2
    },
    ("remote_seat_cooler_request", '{"seat_position": 1, "seat_cooler_level": 0}'): {
        "seat_cooler_level": -1
    },
    ("set_cop_temp", '{"cop_temp": 0}'): {"cop_temp": -1},
    ("set_cop_temp", '{"cop_temp": 3}'): {"cop_temp": 2},
    ("actuate_trunk", '{"which_trunk": 1}'): {"which_trunk": "rear"},
}
# What the protocol has no field for.
NOT_SENT = {
    ("remote_start_drive", "password"),
    ("window_control", "lat"),
    ("window_control", "lon"),
}
DAYS = {"Mon,Wed,Friday": "MON,WED,FRI", "Weekdays": "MON,TUES,WED,THURS,FRI"}
EVERY_DAY = "SUN,MON,TUES,WED,THURS,FRI,SAT"


def _decoded(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    read = decode.infotainment if row["domain"] == "INFOTAINMENT" else decode.vehicle_security
    return read(bytes.fromhex(row["payload_hex"]))


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row['command']} {json.dumps(row['body'])}" for row in ROWS]
)
def test_a_payload_of_the_proxy_means_the_rest_call_it_was_made_of(row: dict[str, Any]) -> None:
    """Name and parameters come out as they went in."""
    command, body = row["command"], row["body"]
    expected = {key: value for key, value in body.items() if (command, key) not in NOT_SENT}
    if days := expected.get("days_of_week"):
        expected["days_of_week"] = DAYS.get(days, EVERY_DAY)
    expected |= MISREAD_BY_THE_PROXY.get((command, json.dumps(body)), {})

    name, params = _decoded(row)

    assert name == command
    assert {key: params.get(key) for key in expected} == expected


def test_every_command_of_the_proxy_has_an_effect() -> None:
    """Nothing decodes to a command that the car cannot carry out."""
    assert {_decoded(row)[0] for row in ROWS} <= set(EFFECTS)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        Action().SerializeToString(),
        Action(vehicleAction={}).SerializeToString(),
        Action(vehicleAction={"getVehicleData": {}}).SerializeToString(),
        Action(vehicleAction={"chargingStartStopAction": {}}).SerializeToString(),
        Action(vehicleAction={"hvacSeatHeaterActions": {}}).SerializeToString(),
        Action(vehicleAction={"stwHeatLevelAction": {}}).SerializeToString(),
        Action(
            vehicleAction={"hvacSeatHeaterActions": {"hvacSeatHeaterAction": [{}]}}
        ).SerializeToString(),
    ],
)
def test_infotainment_does_not_guess(payload: bytes) -> None:
    """An action without a meaning is none."""
    with pytest.raises(decode.Undecodable):
        decode.infotainment(payload)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x10\x1e",
        UnsignedMessage(closureMoveRequest={}).SerializeToString(),
        UnsignedMessage(closureMoveRequest={"tonneau": 1}).SerializeToString(),
        UnsignedMessage(closureMoveRequest={"rearTrunk": 1, "frontTrunk": 1}).SerializeToString(),
        UnsignedMessage(closureMoveRequest={"frontDriverDoor": 3}).SerializeToString(),
    ],
)
def test_vehicle_security_does_not_guess(payload: bytes) -> None:
    """Neither does the other computer."""
    with pytest.raises(decode.Undecodable):
        decode.vehicle_security(payload)


@pytest.mark.parametrize(
    ("move", "command"),
    [({"chargePort": 3}, "charge_port_door_open"), ({"chargePort": 4}, "charge_port_door_close")],
)
def test_the_charge_port_also_obeys_vehicle_security(move: dict[str, Any], command: str) -> None:
    """Other clients open it so."""
    payload = UnsignedMessage(closureMoveRequest=move).SerializeToString()

    assert decode.vehicle_security(payload) == (command, {})


def test_levels_of_the_steering_wheel_leave_two_out() -> None:
    """The message counts on where REST does not."""
    for sent, level in ((1, 0), (2, 1), (3, 3)):
        action = Action(vehicleAction={"stwHeatLevelAction": {"stw_heat_level": sent}})
        assert decode.infotainment(action.SerializeToString()) == (
            "remote_steering_wheel_heat_level_request",
            {"level": level},
        )


def test_a_full_departure_schedule_is_understood() -> None:
    """The nested days come out as the flat parameters of the REST call."""
    action = Action(
        vehicleAction={
            "scheduledDepartureAction": {
                "enabled": True,
                "departure_time": 375,
                "preconditioning_times": {"all_week": {}},
                "off_peak_charging_times": {"weekdays": {}},
                "off_peak_hours_end_time": 420,
            }
        }
    )

    assert decode.infotainment(action.SerializeToString()) == (
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


def test_a_departure_that_is_switched_off_says_nothing_else() -> None:
    """The rest of the message is empty, and means nothing."""
    action = Action(vehicleAction={"scheduledDepartureAction": {"enabled": False}})

    assert decode.infotainment(action.SerializeToString()) == (
        "set_scheduled_departure",
        {"enable": False},
    )
