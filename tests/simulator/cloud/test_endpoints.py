"""What each endpoint of the Fleet API answers."""

import base64
from collections.abc import Callable

import pytest
from tesla_protocol.command.car_server_pb2 import Action
from tesla_protocol.command.universal_message_pb2 import (
    DOMAIN_INFOTAINMENT,
    DOMAIN_VEHICLE_SECURITY,
    RoutableMessage,
)

from simulator.cloud.endpoints import DEFAULT_PARTS
from simulator.vehicle import MalformedMessage, ReplyLost
from simulator.world import Lie, World

from .conftest import EU, LEGACY, LENDER, LENT, PAIRED, POINT, Caller
from .fake_car import FakeCar

type CarOf = Callable[[str], FakeCar]
type LogIn = Callable[..., Caller]

SEED = (
    '{"response":null,"error":"Tesla Vehicle Command Protocol required, please refer to the '
    "documentation here: https://developer.tesla.com/docs/fleet-api"
    '#2023-10-09-rest-api-vehicle-commands-endpoint-deprecation-warning","error_description":""}'
)
ASLEEP = (
    '{"response":null,"error":"vehicle unavailable: vehicle is offline or asleep",'
    '"error_description":""}'
)


def _infotainment(action: Action) -> RoutableMessage:
    message = RoutableMessage(protobuf_message_as_bytes=action.SerializeToString())
    message.to_destination.domain = DOMAIN_INFOTAINMENT
    return message


def _charge_limit() -> RoutableMessage:
    action = Action()
    action.vehicleAction.chargingSetLimitAction.percent = 80
    return _infotainment(action)


def _sentry() -> RoutableMessage:
    action = Action()
    action.vehicleAction.vehicleControlSetSentryModeAction.on = True
    return _infotainment(action)


def _handshake() -> RoutableMessage:
    message = RoutableMessage()
    message.to_destination.domain = DOMAIN_VEHICLE_SECURITY
    message.session_info_request.public_key = POINT
    return message


def _body(message: RoutableMessage) -> dict[str, str]:
    return {"routable_message": base64.b64encode(message.SerializeToString()).decode()}


async def test_a_person_sees_own_and_lent_cars(log_in: LogIn) -> None:
    """Products and vehicles list both, with the right access type."""
    for path in ("products", "vehicles"):
        data = await (await log_in()("GET", f"{EU}/{path}")).json()
        seen = {car["vin"]: car["access_type"] for car in data["response"]}
        assert seen == {LEGACY: "OWNER", PAIRED: "OWNER", LENT: "DRIVER"}
        assert data["count"] == 3


async def test_energy_alone_shows_no_car(log_in: LogIn) -> None:
    """Without the vehicle scope the product list has no vehicles."""
    data = await (await log_in(scopes=["energy_device_data"])("GET", f"{EU}/products")).json()
    assert data == {"response": [], "count": 0}


async def test_vehicles_come_in_pages(log_in: LogIn) -> None:
    """Each page says what lies before and after."""
    call = log_in()
    first = await (await call("GET", f"{EU}/vehicles?page_size=2")).json()
    second = await (await call("GET", f"{EU}/vehicles?page_size=2&page=2")).json()
    assert [car["vin"] for car in first["response"] + second["response"]] == [LEGACY, PAIRED, LENT]
    assert first["pagination"] == {
        "previous": None,
        "next": 2,
        "current": 1,
        "per_page": 2,
        "count": 3,
        "pages": 2,
    }
    assert (second["pagination"]["previous"], second["pagination"]["next"]) == (1, None)


@pytest.mark.parametrize("query", ["page=0", "page_size=0", "page=first"])
async def test_a_page_that_cannot_be_is_refused(log_in: LogIn, query: str) -> None:
    """400 for numbers that are none."""
    assert (await log_in()("GET", f"{EU}/vehicles?{query}")).status == 400


@pytest.mark.parametrize("tag", [PAIRED, "2"])
async def test_a_car_is_known_by_vin_and_by_id(log_in: LogIn, tag: str) -> None:
    """Both names lead to the same car, asleep or not."""
    data = await (await log_in()("GET", f"{EU}/vehicles/{tag}")).json()
    assert data["response"]["vin"] == PAIRED


async def test_vehicle_data_has_the_asked_parts(log_in: LogIn, car: CarOf) -> None:
    """All but the location by default, else what `endpoints` names."""
    call, url = log_in(), f"{EU}/vehicles/{PAIRED}/vehicle_data"
    await call("GET", url)
    data = await (await call("GET", f"{url}?endpoints=charge_state%3Blocation_data")).json()
    assert car(PAIRED).asked == [
        (set(DEFAULT_PARTS), False),
        ({"charge_state", "location_data"}, True),
    ]
    assert data["response"].keys() >= {"vin", "state", "charge_state"}


async def test_the_location_needs_its_scope(log_in: LogIn, car: CarOf) -> None:
    """Asked without vehicle_location, it is left out."""
    call = log_in(scopes=["vehicle_device_data"])
    await call("GET", f"{EU}/vehicles/{PAIRED}/vehicle_data?endpoints=location_data")
    assert car(PAIRED).asked == [({"location_data"}, False)]


@pytest.mark.parametrize("state", ["asleep", "offline"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "vehicle_data"),
        ("GET", "nearby_charging_sites"),
        ("POST", "command/flash_lights"),
    ],
)
async def test_a_sleeper_answers_nothing(
    log_in: LogIn, car: CarOf, state: str, method: str, path: str
) -> None:
    """408, word for word."""
    car(LEGACY).availability = state
    answer = await log_in()(method, f"{EU}/vehicles/{LEGACY}/{path}")
    assert (answer.status, await answer.text()) == (408, ASLEEP)


async def test_waking_answers_with_the_car(log_in: LogIn, car: CarOf) -> None:
    """The answer has the state as it is then."""
    car(PAIRED).availability = "asleep"
    data = await (await log_in()("POST", f"{EU}/vehicles/{PAIRED}/wake_up")).json()
    assert data["response"]["state"] == car(PAIRED).availability == "online"


async def test_fleet_status_goes_by_the_registered_key(log_in: LogIn, world: World) -> None:
    """A car is paired when it obeys the key of this application in this region."""
    call, url = log_in(), f"{EU}/vehicles/fleet_status"
    data = (await (await call("POST", url, json={"vins": [PAIRED, LENT]})).json())["response"]
    assert (data["key_paired_vins"], data["unpaired_vins"]) == ([PAIRED], [LENT])
    assert data["vehicle_info"][PAIRED] == {"vehicle_command_protocol_required": True}
    world.cars[PAIRED].unpair(POINT)
    data = (await (await call("POST", url, json={"vins": [PAIRED]})).json())["response"]
    assert data["unpaired_vins"] == [PAIRED]


async def test_fleet_status_can_lie(log_in: LogIn, world: World) -> None:
    """It is known to be wrong in both of its statements."""
    world.lies[PAIRED] = Lie(paired=False, info={"vehicle_command_protocol_required": False})
    world.lies[LENT] = Lie(info={"firmware_version": "1"})
    answer = await log_in()("POST", f"{EU}/vehicles/fleet_status", json={"vins": [PAIRED, LENT]})
    data = (await answer.json())["response"]
    assert data["unpaired_vins"] == [PAIRED, LENT]
    assert data["vehicle_info"][PAIRED]["vehicle_command_protocol_required"] is False
    assert data["vehicle_info"][LENT]["firmware_version"] == "1"


async def test_fleet_status_wants_own_cars(log_in: LogIn) -> None:
    """A list of VINs, all of them visible to the caller."""
    call, url = log_in(account=LENDER), f"{EU}/vehicles/fleet_status"
    assert (await call("POST", url, json={})).status == 400
    assert (await call("POST", url, json={"vins": [PAIRED]})).status == 404
    assert (await call("POST", url, json={"vins": [LENT]})).status == 200


async def test_an_old_car_takes_unsigned_commands(log_in: LogIn, car: CarOf) -> None:
    """The answer has the car's result and its reason."""
    call, url = log_in(), f"{EU}/vehicles/{LEGACY}/command/set_sentry_mode"
    answer = await call("POST", url, json={"on": True})
    assert await answer.text() == '{"response":{"result":true,"reason":""}}'
    answer = await call("POST", url, json={"again": True})
    assert await answer.json() == {"response": {"result": False, "reason": "already_set"}}
    assert car(LEGACY).executed == [
        ("set_sentry_mode", {"on": True}),
        ("set_sentry_mode", {"again": True}),
    ]


async def test_a_new_car_wants_signatures(log_in: LogIn, car: CarOf) -> None:
    """403, byte for byte, whether it sleeps or not."""
    for state in ("online", "asleep"):
        car(PAIRED).availability = state
        answer = await log_in()("POST", f"{EU}/vehicles/{PAIRED}/command/set_sentry_mode")
        assert (answer.status, await answer.text()) == (403, SEED)
    assert car(PAIRED).executed == []


async def test_a_destination_is_sent_unsigned_to_any_car(log_in: LogIn, car: CarOf) -> None:
    """There is no signed form of it."""
    answer = await log_in()("POST", f"{EU}/vehicles/{PAIRED}/command/navigation_request")
    assert answer.status == 200
    assert car(PAIRED).executed == [("navigation_request", {})]


async def test_an_unknown_command_is_invalid(log_in: LogIn) -> None:
    """400 before the car is asked."""
    answer = await log_in()("POST", f"{EU}/vehicles/{LEGACY}/command/no_such_command")
    assert (answer.status, (await answer.json())["error"]) == (400, "invalid_command")


async def test_the_charging_scope_covers_charging_only(log_in: LogIn, car: CarOf) -> None:
    """Both scopes allow to charge; only one allows the rest."""
    call, url = log_in(scopes=["vehicle_charging_cmds"]), f"{EU}/vehicles/{LEGACY}/command"
    assert (await call("POST", f"{url}/charge_start")).status == 200
    assert (await call("POST", f"{url}/door_unlock")).status == 403
    assert (await log_in(scopes=["vehicle_cmds"])("POST", f"{url}/charge_stop")).status == 200
    assert [name for name, _ in car(LEGACY).executed] == ["charge_start", "charge_stop"]


async def test_a_signed_message_reaches_the_car_and_back(log_in: LogIn, car: CarOf) -> None:
    """Base64 in JSON both ways."""
    raw = _sentry().SerializeToString()
    url = f"{EU}/vehicles/{PAIRED}/signed_command"
    data = await (await log_in()("POST", url, json=_body(_sentry()))).json()
    assert base64.b64decode(data["response"]) == raw[::-1]
    assert car(PAIRED).messages == [raw]


async def test_an_old_car_knows_no_signatures(log_in: LogIn) -> None:
    """422 names the protocol."""
    answer = await log_in()("POST", f"{EU}/vehicles/{LEGACY}/signed_command", json=_body(_sentry()))
    assert answer.status == 422
    assert (await answer.json())["error"].startswith(
        "vehicle does not support the Tesla Vehicle Command Protocol, "
    )


@pytest.mark.parametrize("body", [{}, {"routable_message": 7}, {"routable_message": "a b"}])
async def test_a_signed_message_has_to_be_base64(log_in: LogIn, body: dict[str, object]) -> None:
    """Anything else never leaves for the car."""
    answer = await log_in()("POST", f"{EU}/vehicles/{PAIRED}/signed_command", json=body)
    assert (answer.status, (await answer.json())["error"]) == (400, "invalid_field")


@pytest.mark.parametrize(
    ("message", "status"), [(_handshake, 200), (_charge_limit, 200), (_sentry, 403)]
)
async def test_the_charging_scope_covers_signed_charging_only(
    log_in: LogIn, message: Callable[[], RoutableMessage], status: int
) -> None:
    """The backend reads the plain text of what it forwards."""
    call = log_in(scopes=["vehicle_charging_cmds"])
    url = f"{EU}/vehicles/{PAIRED}/signed_command"
    assert (await call("POST", url, json=_body(message()))).status == status


async def test_the_charging_scope_does_not_cover_noise(log_in: LogIn) -> None:
    """What cannot be read is no charging command."""
    noise = {"routable_message": base64.b64encode(b"\xff\xff").decode()}
    call = log_in(scopes=["vehicle_charging_cmds"])
    answer = await call("POST", f"{EU}/vehicles/{PAIRED}/signed_command", json=noise)
    assert answer.status == 403


async def test_the_account_tells_its_name_and_region(log_in: LogIn) -> None:
    """What a person is called and where."""
    call = log_in()
    me = (await (await call("GET", f"{EU}/users/me")).json())["response"]
    assert me["email"] == "owner@example.com"
    assert (await (await call("GET", f"{EU}/users/region")).json())["response"] == {
        "region": "eu",
        "fleet_api_base_url": "https://fleet-api.prd.eu.vn.cloud.tesla.com",
    }


@pytest.mark.parametrize(
    "path",
    [
        "users/feature_config",
        "users/orders",
        f"vehicles/{PAIRED}/mobile_enabled",
        f"vehicles/{PAIRED}/nearby_charging_sites",
        f"vehicles/{PAIRED}/release_notes",
        f"vehicles/{PAIRED}/recent_alerts",
        f"vehicles/{PAIRED}/service_data",
        f"vehicles/{PAIRED}/invitations",
    ],
)
async def test_small_endpoints_answer(log_in: LogIn, path: str) -> None:
    """Each has a response and no error."""
    answer = await log_in()("GET", f"{EU}/{path}")
    assert answer.status == 200
    assert "response" in await answer.json()


async def test_only_the_owner_sees_the_drivers(log_in: LogIn) -> None:
    """The lender sees whom the car was lent to; the driver is refused."""
    url = f"{EU}/vehicles/{LENT}/drivers"
    data = await (await log_in(account=LENDER)("GET", url)).json()
    assert (data["count"], data["response"][0]["user_id_s"]) == (1, "owner-sub")
    assert (await log_in()("GET", url)).status == 403


async def test_a_driver_can_forbid_remote_access(log_in: LogIn, car: CarOf) -> None:
    """Tesla still tells that it is so, and nothing else."""
    call, url = log_in(), f"{EU}/vehicles/{LEGACY}"
    assert (await (await call("GET", f"{url}/mobile_enabled")).json())["response"]["result"]
    car(LEGACY).mobile_access = False
    told = (await (await call("GET", f"{url}/mobile_enabled")).json())["response"]
    assert told == {"reason": "", "result": False}
    for method, path in (("GET", "vehicle_data"), ("POST", "command/honk_horn")):
        answer = await call(method, f"{url}/{path}")
        assert (answer.status, (await answer.json())["error"]) == (401, "mobile_access_disabled")
    assert car(LEGACY).executed == []


@pytest.mark.parametrize(
    ("happens", "status", "error"),
    [(MalformedMessage, 400, "invalid_field"), (ReplyLost, 504, "upstream request timeout")],
)
async def test_what_happens_between_tesla_and_the_car_has_a_status(
    log_in: LogIn,
    car: CarOf,
    monkeypatch: pytest.MonkeyPatch,
    happens: type[Exception],
    status: int,
    error: str,
) -> None:
    """A message that leads nowhere, and an answer that got lost."""

    def fail(_: bytes) -> bytes:
        raise happens

    monkeypatch.setattr(car(PAIRED), "signed", fail)
    url = f"{EU}/vehicles/{PAIRED}/signed_command"
    answer = await log_in()("POST", url, json=_body(_sentry()))
    assert (answer.status, (await answer.json())["error"]) == (status, error)
