"""PyPI's tesla-fleet-api, unchanged, takes the simulator for Tesla.

Its errors derive from BaseException.
"""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import serialization
import pytest
from tesla_fleet_api.const import EnergyExportMode, EnergyOperationMode, Scope, TeslaEnergyPeriod
from tesla_fleet_api.exceptions import (
    Forbidden,
    InternalServerError,
    InvalidField,
    InvalidRegion,
    InvalidResource,
    InvalidResponse,
    NotOnWhitelistFault,
    PreconditionFailed,
    RateLimited,
    VehicleOffline,
)
from tesla_fleet_api.tariff import get_tariff_periods, unwrap_tariff_v2
from tesla_fleet_api.tesla.fleet import TeslaFleetApi
from tesla_fleet_api.tesla.oauth import TeslaFleetOAuth
from yarl import URL

from simulator.energy import physics
from simulator.energy.state import Connector
from simulator.garage import LIGHTHOUSE

from .conftest import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import ClientSession
    from cryptography.hazmat.primitives.asymmetric import ec
    from tesla_fleet_api.tesla.energysite import EnergySite

    from simulator.world import World

LEGACY = "5YJXCDE22JF012345"
PAIRED = "5YJ3E7EB8MF012346"
UNPAIRED = "LRW3E7EK9NC012347"
CALLBACK = "https://example.com/auth/external/callback"
SCOPES = [
    Scope.OPENID,
    Scope.OFFLINE_ACCESS,
    Scope.VEHICLE_DEVICE_DATA,
    Scope.VEHICLE_LOCATION,
    Scope.VEHICLE_CMDS,
    Scope.ENERGY_DEVICE_DATA,
    Scope.ENERGY_CMDS,
]


async def _click_through(session: ClientSession, address: str) -> URL:
    """What a person does at Tesla's pages: sign in, and allow what is ticked."""
    url = URL(address)
    login = {"step": "login", "email": "owner@example.com", "password": "any"}
    async with session.post(url, data=login) as answer:
        html = await answer.text()
    fields = re.findall(r'name=(session) value="([^"]+)"', html)
    fields += [("scope", name) for name in re.findall(r"name=scope value=(\w+)", html)]
    fields += [("step", "consent"), ("decision", "allow")]
    async with session.post(url, data=fields, allow_redirects=False) as answer:
        return URL(answer.headers["Location"])


@pytest.fixture
async def registered(session: ClientSession, key: ec.EllipticCurvePrivateKey) -> str:
    """The library has registered the domain; the key that Tesla found there."""
    api = TeslaFleetApi(session, region="eu")
    await api.partner_login("simulated-client", "simulated-secret", SCOPES)
    await api.partner.register(DOMAIN)
    found: str = (await api.partner.public_key(DOMAIN))["response"]["public_key"]
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    assert found == point.hex()
    return found


@pytest.fixture
async def api(
    session: ClientSession, key: ec.EllipticCurvePrivateKey, registered: str
) -> TeslaFleetOAuth:
    """The library, logged in through Tesla's pages and able to sign."""
    assert registered
    api = TeslaFleetOAuth(
        session,
        "eu",
        client_id="simulated-client",
        client_secret="simulated-secret",
        redirect_uri=CALLBACK,
    )
    back = await _click_through(session, api.get_login_url(SCOPES, "state-1"))
    assert back.query["state"] == "state-1"
    await api.get_refresh_token(back.query["code"])
    api.private_key = key
    return api


@pytest.fixture
def awake(world: World) -> Callable[[str], Awaitable[None]]:
    """Wake a car up, in simulated time."""

    async def wake(vin: str) -> None:
        world.cars[vin].begin_wake()
        world.clock.advance(60)
        assert world.cars[vin].availability == "online"

    return wake


async def _data(api: TeslaFleetOAuth, vin: str) -> dict[str, Any]:
    data: dict[str, Any] = (await api.vehicles.createFleet(vin).vehicle_data())["response"]
    return data


async def test_it_refreshes_its_login(api: TeslaFleetOAuth) -> None:
    """The token rotates, and the new one works."""
    before = api.refresh_token
    await api.refresh_access_token()
    assert api.refresh_token != before
    assert (await api.products())["count"] == 7


async def test_it_finds_the_region(session: ClientSession, api: TeslaFleetOAuth) -> None:
    """Tesla names the right one to those who knock at the wrong one."""
    abroad = TeslaFleetApi(session, await api.access_token(), region="na")
    with pytest.raises(InvalidRegion):
        await abroad.products()


async def test_it_reads_a_car(
    api: TeslaFleetOAuth, awake: Callable[[str], Awaitable[None]]
) -> None:
    """All that every Tesla tells."""
    await awake(PAIRED)
    data = await _data(api, PAIRED)
    assert (data["vin"], data["state"]) == (PAIRED, "online")
    assert 0 < data["charge_state"]["battery_level"] <= 100
    assert data["vehicle_state"]["odometer"] > 0


async def test_it_signs_commands(
    api: TeslaFleetOAuth, awake: Callable[[str], Awaitable[None]]
) -> None:
    """In both domains, and the car is as it was told."""
    await awake(PAIRED)
    car = api.vehicles.createSigned(PAIRED)
    for answer in (
        await car.set_sentry_mode(on=True),
        await car.set_charge_limit(75),
        await car.set_charge_limit(65),
        await car.door_unlock(),
    ):
        assert answer["response"]["result"] is True
    data = await _data(api, PAIRED)
    assert data["vehicle_state"]["sentry_mode"] is True
    assert data["vehicle_state"]["locked"] is False
    assert data["charge_state"]["charge_limit_soc"] == 65
    assert (await car.door_lock())["response"]["result"] is True
    assert (await _data(api, PAIRED))["vehicle_state"]["locked"] is True


async def test_an_unpaired_car_does_not_obey(
    api: TeslaFleetOAuth, world: World, registered: str, awake: Callable[[str], Awaitable[None]]
) -> None:
    """Until its owner has approved the key."""
    await awake(UNPAIRED)
    status = await api.vehicles.createFleet(UNPAIRED).fleet_status([UNPAIRED])
    assert status["response"]["unpaired_vins"] == [UNPAIRED]
    with pytest.raises(NotOnWhitelistFault):
        await api.vehicles.createSigned(UNPAIRED).set_sentry_mode(on=True)
    world.cars[UNPAIRED].pair(bytes.fromhex(registered))
    answer = await api.vehicles.createSigned(UNPAIRED).set_sentry_mode(on=True)
    assert answer["response"]["result"] is True


async def test_each_car_has_its_way(
    api: TeslaFleetOAuth, awake: Callable[[str], Awaitable[None]]
) -> None:
    """The old one knows no signatures, the new one takes nothing else."""
    await awake(LEGACY)
    await awake(PAIRED)
    old = api.vehicles.createFleet(LEGACY)
    assert (await old.set_sentry_mode(on=True))["response"]["result"] is True
    assert (await _data(api, LEGACY))["vehicle_state"]["sentry_mode"] is True
    with pytest.raises(InvalidResource):
        await api.vehicles.createSigned(LEGACY).set_sentry_mode(on=True)
    with pytest.raises(Forbidden) as refused:
        await api.vehicles.createFleet(PAIRED).set_sentry_mode(on=True)
    assert isinstance(refused.value.data, dict)
    assert refused.value.data["error"].startswith("Tesla Vehicle Command Protocol required")


async def test_a_sleeper_is_unavailable_until_it_woke_up(
    api: TeslaFleetOAuth, world: World
) -> None:
    """It takes its time, and Tesla lets nobody wake it all the time."""
    world.clock.advance(86_400)
    await api.refresh_access_token()
    car = api.vehicles.createSigned(PAIRED)
    assert (await car.vehicle())["response"]["state"] == "asleep"
    with pytest.raises(VehicleOffline):
        await car.vehicle_data()
    with pytest.raises(VehicleOffline):
        await car.set_sentry_mode(on=True)
    assert (await car.wake_up())["response"]["state"] != "online"
    world.clock.advance(60)
    assert (await car.vehicle())["response"]["state"] == "online"
    for _ in range(3):
        await car.wake_up()
    with pytest.raises(RateLimited):
        await car.wake_up()


async def test_an_unregistered_application_is_refused(
    session: ClientSession, world: World, key: ec.EllipticCurvePrivateKey
) -> None:
    """So is a domain without a key."""
    assert key
    account = next(iter(world.accounts.values()))
    tokens = world.authority.sign_in(
        client_id="simulated-client", account=account.sub, region=account.region, scopes=SCOPES
    )
    with pytest.raises(PreconditionFailed):
        await TeslaFleetApi(session, tokens["access_token"], region="eu").products()
    world.internet[DOMAIN] = world.internet[DOMAIN] + "elsewhere"
    partner = TeslaFleetApi(session, region="eu")
    await partner.partner_login("simulated-client", "simulated-secret", SCOPES)
    with pytest.raises(InvalidResponse):
        await partner.partner.register(DOMAIN)


# Energy sites

HOUSE = int(LIGHTHOUSE)


@pytest.fixture
def house(api: TeslaFleetOAuth) -> EnergySite:
    """The simulated house, as the library sees it."""
    return api.energySites.create(HOUSE)


async def _told(answer: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """What Tesla told."""
    told: dict[str, Any] = (await answer)["response"]
    return told


async def test_it_finds_the_house(api: TeslaFleetOAuth) -> None:
    """Among the products."""
    products = (await api.products())["response"]
    (site,) = [product for product in products if "energy_site_id" in product]
    assert (site["energy_site_id"], site["site_name"]) == (HOUSE, "Lighthouse")
    assert site["components"]["battery"] is True


async def test_it_reads_what_flows(house: EnergySite, world: World) -> None:
    """And nothing is lost on the way."""
    live = await _told(house.live_status())
    assert live["load_power"] == pytest.approx(
        live["solar_power"] + live["battery_power"] + live["grid_power"], abs=2
    )
    state = world.sites[LIGHTHOUSE].state
    assert live["energy_left"] == pytest.approx(state.energy, abs=10)
    assert live["percentage_charged"] == pytest.approx(physics.charge(state), abs=0.1)
    assert live["wall_connectors"][0]["din"]
    assert world.ledger.cost == 0


async def test_it_reads_the_house_and_its_tariff(house: EnergySite) -> None:
    """By its own reading of the tariff it is one of the simulated prices."""
    info = await _told(house.site_info())
    assert (info["default_real_mode"], info["backup_reserve_percent"]) == ("self_consumption", 20)
    tariff = unwrap_tariff_v2({"response": info})
    zone = ZoneInfo(info["installation_time_zone"])
    weekday = datetime(2026, 11, 24, 18, tzinfo=zone)
    evening = get_tariff_periods(tariff, weekday)
    night = get_tariff_periods(tariff, weekday + timedelta(hours=8))
    assert evening is not None
    assert night is not None
    assert (evening.buy.price, evening.buy.period_name) == (0.42, "ON_PEAK")
    assert (night.buy.price, night.buy.period_name) == (0.28, "OFF_PEAK")
    assert (evening.sell.price, evening.currency) == (0.08, "EUR")


SETTINGS: tuple[tuple[Callable[[EnergySite], Awaitable[dict[str, Any]]], dict[str, Any]], ...] = (
    (lambda site: site.backup(35), {"reserve": 35}),
    (lambda site: site.off_grid_vehicle_charging_reserve(70), {"off_grid_reserve": 70}),
    (lambda site: site.operation(EnergyOperationMode.AUTONOMOUS), {"mode": "autonomous"}),
    (lambda site: site.storm_mode(enabled=False), {"storm_watch": False}),
    (
        lambda site: site.grid_import_export(
            disallow_charge_from_grid_with_solar_installed=False,
            customer_preferred_export_rule=EnergyExportMode.NEVER,
        ),
        {"grid_charging": True, "export_rule": "never"},
    ),
    (
        lambda site: site.grid_import_export(
            customer_preferred_export_rule=EnergyExportMode.BATTERY_OK
        ),
        {"grid_charging": False, "export_rule": "battery_ok"},
    ),
)


@pytest.mark.parametrize(("change", "expected"), SETTINGS)
async def test_it_changes_settings(
    house: EnergySite,
    world: World,
    change: Callable[[EnergySite], Awaitable[dict[str, Any]]],
    expected: dict[str, Any],
) -> None:
    """What it leaves out stays as it was."""
    before = asdict(world.sites[LIGHTHOUSE].state.settings)
    answer = await _told(change(house))
    assert answer["code"] == 201
    assert asdict(world.sites[LIGHTHOUSE].state.settings) == before | expected


async def test_it_is_refused_nonsense(house: EnergySite, world: World) -> None:
    """As by the real one."""
    before = asdict(world.sites[LIGHTHOUSE].state.settings)
    for wrong in (
        house.backup(101),
        house.operation("party"),
        house.grid_import_export(),
        house.time_of_use_settings({"seasons": {}}),
    ):
        with pytest.raises(InvalidField):
            await wrong
    assert asdict(world.sites[LIGHTHOUSE].state.settings) == before


async def test_it_gives_the_house_another_tariff(house: EnergySite, world: World) -> None:
    """And the one before back."""
    before = (await _told(house.site_info()))["tariff_content_v2"]
    always = {"ALL": {"periods": [{"fromDayOfWeek": 0, "toDayOfWeek": 6}]}}
    year = {"fromMonth": 1, "fromDay": 1, "toMonth": 12, "toDay": 31, "tou_periods": always}
    flat = {"seasons": {"Year": year}, "energy_charges": {"ALL": {"rates": {"ALL": 0.11}}}}
    assert (await _told(house.time_of_use_settings(flat)))["code"] == 201
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    found = get_tariff_periods(unwrap_tariff_v2(await house.site_info()), now)
    assert found is not None
    assert found.buy.price == 0.11
    await house.time_of_use_settings(before)
    assert world.sites[LIGHTHOUSE].state.settings.tariff == before


async def test_it_reads_histories(house: EnergySite, world: World) -> None:
    """What was counted, an outage, and what a car charged."""
    site = world.sites[LIGHTHOUSE]
    site.state.grid_up = False
    site.state.energy = 27_000.0
    site.state.connector = Connector(vin=PAIRED, charging=True)
    world.clock.advance(1200)
    site.state.grid_up = True
    site.state.connector = Connector()
    world.clock.advance(1200)
    now = datetime.fromtimestamp(world.clock.now(), UTC)
    start, end = (now - timedelta(days=1)).isoformat(), now.isoformat()

    for period in TeslaEnergyPeriod:
        energy = await _told(house.energy_history(period))
        assert energy["period"] == period
        assert energy["time_series"]
    lifetime = (await _told(house.energy_history("lifetime")))["time_series"]
    assert sum(row["solar_energy_exported"] for row in lifetime) > 11_000_000
    backup = await _told(house.backup_history("day", start, end, "Europe/Berlin"))
    assert [event["duration"] for event in backup["events"]] == [pytest.approx(1200, abs=5)]
    charged = (await _told(house.charge_history(start, end, "Europe/Berlin")))["charge_history"]
    assert [charge["charge_duration"]["seconds"] for charge in charged] == [
        pytest.approx(1200, abs=5)
    ]


async def test_a_house_that_tesla_gave_up_is_an_error(house: EnergySite, world: World) -> None:
    """And one out of reach tells a stub."""
    world.sites[LIGHTHOUSE].state.reachable = False
    assert (await _told(house.live_status()))["grid_status"] == "Unknown"
    world.sites[LIGHTHOUSE].state.given_up = True
    with pytest.raises(InternalServerError):
        await house.site_info()
