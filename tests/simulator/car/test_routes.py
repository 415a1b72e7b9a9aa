"""A command does the same whichever way it comes."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.car import decode
from simulator.car.effects import carry_out
from simulator.car.model import CYBERTRUCK_2024, MODEL_Y_2025
from simulator.car.state import CarState, Charge, Pins

PAYLOADS = Path(__file__).parents[2] / "data" / "vehicle-command-payloads.json"
# What Tesla's proxy writes into the message is not what the REST documentation asks for.
MISREAD_BY_THE_PROXY = {"remote_seat_cooler_request", "set_cop_temp"}
REFUSED = {
    "charge_start {}": "disconnected",
    "charge_stop {}": "not_charging",
    'set_charge_limit {"percent": 200}': "invalid_limit",
    'remote_auto_seat_climate_request {"auto_seat_position": 0, "auto_climate_on": true}': (
        "invalid_seat"
    ),
}


def _rows() -> list[dict[str, Any]]:
    return [
        row
        for row in json.loads(PAYLOADS.read_text("utf-8"))
        if "payload_hex" in row
        and row["command"] not in MISREAD_BY_THE_PROXY
        and row["body"] != {"which_trunk": 1}
    ]


def _state() -> CarState:
    """A car on which most commands have something to do."""
    pins = Pins(valet="1234", drive="1234", speed_limit="1234", parental="1234")
    state = CarState(name="Yuki", charge=Charge(energy=39.0, amps=10, limit=70), pins=pins)
    state.charge.precondition_schedules = {1700000001: {}}
    state.charge.schedules = {1700000000: {}}
    state.climate.on = state.valet_mode = state.guest_mode = True
    state.update_in = 3600
    # Where the recorded calls want a garage door to open.
    state.motion.latitude, state.motion.longitude = 52.5, 13.25
    return state


@pytest.mark.parametrize(
    "row", _rows(), ids=[f"{row['command']} {json.dumps(row['body'])}" for row in _rows()]
)
def test_a_signed_command_ends_where_the_unsigned_one_does(row: dict[str, Any]) -> None:
    """In the same state, with the same answer."""
    command, body = row["command"], row["body"]
    model = CYBERTRUCK_2024 if "tonneau" in command else MODEL_Y_2025
    read = decode.infotainment if row["domain"] == "INFOTAINMENT" else decode.vehicle_security
    unsigned, signed = _state(), _state()
    if (command, body.get("command")) == ("window_control", "close"):
        # Unsigned it has to be near, which the recorded call is not.
        body = body | {"lat": 52.5, "lon": 13.25}

    name, params = read(bytes.fromhex(row["payload_hex"]))
    answers = carry_out(command, body, unsigned, model), carry_out(name, params, signed, model)

    reason = REFUSED.get(f"{command} {json.dumps(body)}")
    assert answers == (reason, reason)
    assert signed == unsigned
