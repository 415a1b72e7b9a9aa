"""The endpoints of Fleet Telemetry."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from simulator.car.model import MODEL_X_2018
from simulator.cloud.hosts import Region
from simulator.cloud.ledger import PriceClass
from simulator.telemetry.subscriptions import MAX_APPS, TAKING_SECONDS
from simulator.world import Registration
from tests.simulator.telemetry.configs import claims
from tests.simulator.telemetry.tokens import make_key, point_of, token

from .conftest import EU, LEGACY, LENT, PAIRED

if TYPE_CHECKING:
    from simulator.world import World

    from .conftest import Caller
    from .fake_car import FakeCar

type Post = Callable[..., Awaitable[Any]]

KEY: Final = make_key()
OTHER: Final = make_key(0x0815)
CONFIG: Final = f"{EU}/vehicles/{PAIRED}/fleet_telemetry_config"
ERRORS: Final = f"{EU}/vehicles/{PAIRED}/fleet_telemetry_errors"
CREATE: Final = f"{EU}/vehicles/fleet_telemetry_config_jws"


@pytest.fixture(autouse=True)
def _registered(world: World) -> None:
    """The application has a key that can sign, and one car knows it."""
    world.register(
        Registration(
            client_id="client",
            region=Region.EU,
            domain="home.example.test",
            public_key=point_of(KEY),
            when=0,
        )
    )
    world.cars[PAIRED].pair(point_of(KEY))


@pytest.fixture
def call(log_in: Callable[..., Caller]) -> Caller:
    """The owner."""
    return log_in()


@pytest.fixture
def post(call: Caller) -> Post:
    """Post a token for some cars; what comes back."""

    async def send(text: str | None = None, *vins: str) -> Any:
        body = {"vins": list(vins or (PAIRED,)), "token": text or token(KEY, claims())}
        return await (await call("POST", CREATE, json=body)).json()

    return send


async def _told(call: Caller, path: str = CONFIG) -> Any:
    return (await (await call("GET", path)).json())["response"]


async def test_a_car_that_is_awake_takes_its_configuration(
    call: Caller, post: Post, world: World
) -> None:
    """In a few seconds; until then it is not synced."""
    assert await post() == {"response": {"updated_vehicles": 1}}
    before = await _told(call)
    assert (before["synced"], before["key_paired"], before["limit_reached"]) == (False, True, False)
    assert before["config"]["hostname"] == "home.example.test"
    assert before["config"]["aud"] == "com.tesla.fleet.TelemetryClient"
    world.clock.advance(TAKING_SECONDS)
    assert (await _told(call))["synced"]


async def test_a_sleeping_car_takes_it_when_it_wakes(
    call: Caller, post: Post, world: World, car: Callable[[str], FakeCar]
) -> None:
    """However long that takes."""
    car(PAIRED).availability = "asleep"
    await post()
    world.clock.advance(3600)
    assert not (await _told(call))["synced"]
    car(PAIRED).availability = "online"
    assert (await _told(call))["synced"]


async def test_a_car_that_was_told_nothing(call: Caller) -> None:
    """Has no configuration, and there is nothing to delete."""
    assert await _told(call) == {
        "synced": False,
        "config": None,
        "limit_reached": False,
        "key_paired": True,
    }
    answer = await call("DELETE", CONFIG)
    assert await answer.json() == {"response": {"updated_vehicles": 0}}


async def test_a_configuration_can_be_deleted(call: Caller, post: Post, world: World) -> None:
    """It is gone at once, and from the car as soon as it hears of it."""
    await post()
    world.clock.advance(TAKING_SECONDS)
    await _told(call)
    answer = await call("DELETE", CONFIG)
    assert await answer.json() == {"response": {"updated_vehicles": 1}}
    assert (await _told(call))["config"] is None
    kept = world.streaming.find(PAIRED, "client")
    assert kept is not None
    assert kept.taken is not None
    world.clock.advance(TAKING_SECONDS)
    assert not (await _told(call))["synced"]
    assert kept.taken is None


async def test_a_configuration_runs_out(call: Caller, post: Post, world: World) -> None:
    """As it said itself."""
    await post(token(KEY, claims(exp=int(world.clock.now()) + 3600)))
    world.clock.advance(3599)
    assert (await _told(call))["config"]["exp"]
    world.clock.advance(1)
    assert (await _told(call))["config"] is None


SKIPPED: Final = {
    "missing_key": (LENT, "2026.38.6"),
    "unsupported_hardware": (LEGACY, "2026.2"),
    "unsupported_firmware": (PAIRED, "2024.20.9"),
}


@pytest.mark.parametrize("why", SKIPPED)
async def test_cars_that_can_not_stream_are_skipped(why: str, post: Post, world: World) -> None:
    """With the reason; the others get theirs."""
    vin, firmware = SKIPPED[why]
    car = world.cars[vin]
    car.model = replace(MODEL_X_2018 if vin == LEGACY else car.model, firmware=firmware)
    told = (await post(None, vin))["response"]
    assert told["updated_vehicles"] == 0
    reasons = "missing_key", "unsupported_hardware", "unsupported_firmware", "max_configs"
    assert told["skipped_vehicles"] == {
        reason: [vin] if reason == why else [] for reason in reasons
    }


@pytest.mark.parametrize(
    ("firmware", "infotainment", "allowed", "good"),
    [
        ("2025.20", "intel", True, True),
        ("2025.20", "intel", False, False),
        ("2025.14.6", "intel", True, False),
        ("2026.2", "tegra", True, False),
    ],
)
async def test_an_old_car_streams_if_its_owner_allows_it(
    post: Post,
    world: World,
    call: Caller,
    *,
    firmware: str,
    infotainment: str,
    allowed: bool,
    good: bool,
) -> None:
    """On the screen, without a key, with new software, and not with the oldest computer."""
    car = world.cars[LEGACY]
    car.model = replace(MODEL_X_2018, firmware=firmware, infotainment=infotainment)  # type: ignore[arg-type] # one of three words
    car.state.streaming_allowed = allowed
    told = (await post(None, LEGACY))["response"]
    assert told["updated_vehicles"] == int(good)
    world.clock.advance(TAKING_SECONDS)
    config = await _told(call, CONFIG.replace(PAIRED, LEGACY))
    assert (config["synced"], config["key_paired"]) == (good, False)
    kept = world.streaming.find(LEGACY, "client")
    assert (kept is not None and kept.taken is not None) is good


async def test_the_limit_of_applications_is_told(call: Caller, post: Post, world: World) -> None:
    """At once, and later."""
    world.streaming.circumstances(PAIRED).other_apps = MAX_APPS
    assert (await post())["response"]["skipped_vehicles"]["max_configs"] == [PAIRED]
    assert (await _told(call))["limit_reached"]


async def test_the_limit_of_applications_can_look_like_success(
    call: Caller, post: Post, world: World
) -> None:
    """Synced, and no configuration."""
    world.streaming.circumstances(PAIRED).other_apps = MAX_APPS
    world.streaming.circumstances(PAIRED).silent_limit = True
    assert await post() == {"response": {"updated_vehicles": 1}}
    world.clock.advance(TAKING_SECONDS)
    told = await _told(call)
    assert (told["synced"], told["config"], told["limit_reached"]) == (True, None, True)


async def test_the_applications_of_the_simulation_count_too(world: World) -> None:
    """Each one other than the asking one, as long as it has a configuration."""
    for number in range(MAX_APPS):
        world.streaming.put(PAIRED, f"app-{number}", "", token(KEY, claims()))
    assert world.streaming.limit_reached(PAIRED, "client")
    assert not world.streaming.limit_reached(PAIRED, "app-1")
    world.streaming.delete(PAIRED, "app-0")
    assert not world.streaming.limit_reached(PAIRED, "client")


REFUSED_BY_THE_CAR: Final = {
    "InvalidSignature: unknown issuer": token(OTHER, claims()),
    "crypto/ecdsa: verification error": token(KEY, claims(), signer=OTHER),
}


@pytest.mark.parametrize("words", REFUSED_BY_THE_CAR)
async def test_only_the_car_looks_at_the_signature(
    call: Caller, post: Post, world: World, as_partner: Callable[..., Caller], words: str
) -> None:
    """Tesla says that all is well; the errors do not."""
    assert await post(REFUSED_BY_THE_CAR[words]) == {"response": {"updated_vehicles": 1}}
    world.clock.advance(TAKING_SECONDS)
    assert (await _told(call))["synced"]
    (error,) = (await _told(call, ERRORS))["fleet_telemetry_errors"]
    assert error.pop("txID")
    assert error == {
        "vin": PAIRED,
        "error_name": "config_manager_error",
        "error": words,
        "name": "client",
        "created_at": "2026-09-21T14:13:25+00:00",
    }
    partner = as_partner()
    of_app = await _told(partner, f"{EU}/partner_accounts/fleet_telemetry_errors")
    assert [row["error"] for row in of_app["fleet_telemetry_errors"]] == [error["error"]]
    vins = await _told(partner, f"{EU}/partner_accounts/fleet_telemetry_error_vins")
    assert vins == [PAIRED]


async def test_a_car_keeps_what_it_had_when_it_refuses_what_is_new(
    call: Caller, post: Post, world: World
) -> None:
    """And streams by the former configuration."""
    await post()
    world.clock.advance(TAKING_SECONDS)
    await _told(call)
    await post(token(OTHER, claims(port=1)))
    world.clock.advance(TAKING_SECONDS)
    await _told(call)
    kept = world.streaming.find(PAIRED, "client")
    assert kept is not None
    assert kept.taken is not None
    assert (kept.taken.port, kept.edition) == (4443, 1)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 400, "invalid_field"),
        ({"vins": [], "token": "t"}, 400, "invalid_field"),
        ({"vins": [PAIRED]}, 400, "invalid_field"),
        ({"vins": PAIRED, "token": "t"}, 400, "invalid_field"),
        ({"vins": ["5YJ3E7EB8MF000000"], "token": token(KEY, claims())}, 404, "not_found"),
        (
            {"vins": [PAIRED], "token": "t"},
            400,
            "invalid config: token contains an invalid number of segments",
        ),
        (
            {"vins": [PAIRED], "token": token(KEY, claims(alert_types=["security"]))},
            400,
            "invalid config: alert_types must be a list of service",
        ),
        (
            {"vins": [PAIRED], "token": token(KEY, claims(exp=1))},
            400,
            "invalid config: exp is in the past",
        ),
    ],
)
async def test_what_tesla_refuses(
    call: Caller, body: dict[str, Any], status: int, error: str, world: World
) -> None:
    """In words, and nothing is kept."""
    answer = await call("POST", CREATE, json=body)
    assert (answer.status, (await answer.json())["error"]) == (status, error)
    assert list(world.streaming) == []


async def test_it_needs_the_right_scope(log_in: Callable[..., Caller], world: World) -> None:
    """And costs nothing."""
    call = log_in(scopes=["vehicle_location"])
    for method, path in (("POST", CREATE), ("GET", CONFIG), ("DELETE", CONFIG), ("GET", ERRORS)):
        assert (await call(method, path)).status == 403
    assert [entry.price_class for entry in world.ledger.entries] == [PriceClass.FREE] * 4
