"""No token, key, PIN, full VIN, address or place comes up where somebody else could read it."""

from itertools import product
import json
import logging
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import AsyncMock, patch

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger import system_health
from custom_components.teslalogger.actions.table import ACTIONS
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import TeslaError, Tokens
from custom_components.teslalogger.vault import async_open_vault
from custom_components.teslalogger.vehicle import PollingPolicy, Route, SignedChannel
from custom_components.teslalogger.vehicle.errors import VehicleError
from custom_components.teslalogger.vehicle_command import CommandKey, VehicleCommandError
from simulator.cloud.faults import FaultKind, FaultRule
from simulator.garage import ANVIL, FALCON, GUEST_S, JUNIPER, OWNER, PEARL, YUKI

from .cloud import MODEL_3, MODEL_X, FakeCloud
from .dialog import OWNER_EMAIL, SECRET
from .planted import Leak, Planted, chain, names
from .running import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

    from custom_components.teslalogger.coordinator import CarCoordinator

    from .dialog import Dialog
    from .running import Start

PIN: Final = "7391"
WRONG_PIN: Final = "73915"
CLIENT_SECRET: Final = "ta-secret.Abc!DefGhiJkl"
ACCESS: Final = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
REFRESH: Final = "EU_0f1e2d3c4b5a69788796a5b4c3d2e1f0"
KEY: Final = CommandKey.generate()
CARS: Final = (FALCON, JUNIPER, PEARL, YUKI, ANVIL, GUEST_S)
STATUSES: Final = (400, 402, 403, 404, 405, 406, 408, 410, 412, 413, 421, 422, 423, 429, 451, 540)


@pytest.fixture
async def diagnostics(hass: HomeAssistant) -> None:
    """Home Assistant's page about them; it has to be there before anybody connects."""
    assert await async_setup_component(hass, "diagnostics", {})


@pytest.fixture
def planted() -> Planted:
    """What no test of this file may find anywhere."""
    planted = Planted()
    planted.plant("access token", ACCESS)
    planted.plant("refresh token", REFRESH)
    planted.plant("client secret", CLIENT_SECRET, SECRET)
    planted.plant("VIN", *CARS)
    planted.plant("e-mail", OWNER_EMAIL)
    planted.plant_number("PIN", PIN)
    planted.plant_number("wrong PIN", WRONG_PIN)
    planted.plant_key(KEY)
    return planted


def everything_secret() -> str:
    """An answer of Tesla's that repeats all that it should not."""
    return (
        f"token {ACCESS} of {OWNER_EMAIL} ({REFRESH}) is no good for {MODEL_X}, "
        f"client_secret={CLIENT_SECRET}, key {KEY.to_pem().decode()}"
    )


def subclasses[ErrorT: Exception](root: type[ErrorT]) -> Iterator[type[ErrorT]]:
    """A class of the integration and all that derive from it."""
    yield root
    for child in root.__subclasses__():
        if child.__module__.startswith("custom_components"):
            yield from subclasses(child)


def tesla_errors() -> list[TeslaError]:
    """One of each, with Tesla's own words in it."""
    return [
        kind(everything_secret(), status=400, txid=MODEL_X, placeholders={"scopes": ACCESS})
        for kind in subclasses(TeslaError)
    ]


def car_errors() -> list[VehicleCommandError | VehicleError]:
    """One of each that comes from the way to the car."""
    return [
        *(kind("refused") for kind in subclasses(VehicleCommandError)),
        *(kind(command="honk_horn") for kind in subclasses(VehicleError)),
    ]


def found_in(
    planted: Planted, hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> Iterator[Leak]:
    """What came up in log, states, repairs and objects."""
    yield from planted.in_log(caplog)
    yield from planted.in_states(hass)
    yield from planted.in_issues(hass)
    yield from planted.in_objects()


# Every error that there is


async def plant_in_vault(hass: HomeAssistant, planted: Planted) -> None:
    """Make the entry's own key and login secrets to look for."""
    vault = await async_open_vault(hass, ACCOUNT)
    tokens = await vault.tokens.load()
    assert vault.key is not None
    assert tokens is not None
    planted.plant_key(vault.key)
    planted.plant("stored access token", tokens.access_token)
    planted.plant("stored refresh token", tokens.refresh_token)


async def test_no_error_at_the_set_up_tells_a_secret(
    planted: Planted,
    hass: HomeAssistant,
    start: Start,
    cloud: FakeCloud,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each of Tesla's is raised once."""
    caplog.set_level(logging.DEBUG)
    entry = await start()
    await plant_in_vault(hass, planted)

    for error in tesla_errors():
        cloud.failures["products"] = error
        await hass.config_entries.async_reload(entry.entry_id)
        assert names(planted.in_error(error)) == set()
        assert names(planted.in_text(entry.reason or "", f"reason for {error!r}")) == set()

    assert names(found_in(planted, hass, caplog)) == set()


@pytest.mark.parametrize("endpoint", ["vehicle", "vehicle_data"])
async def test_no_error_while_polling_tells_a_secret(
    planted: Planted,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    caplog: pytest.LogCaptureFixture,
    endpoint: str,
) -> None:
    """Each of Tesla's is raised once."""
    caplog.set_level(logging.DEBUG)
    await plant_in_vault(hass, planted)
    car = loaded.runtime_data.cars[MODEL_X]

    for error in tesla_errors():
        cloud.failures = {endpoint: error}
        car.policy = PollingPolicy()
        car._blocked_until = 0.0
        asked = cloud.counts[endpoint]
        await car.async_refresh()
        assert cloud.counts[endpoint] > asked
        if car.last_exception is not None:
            assert names(planted.in_error(car.last_exception)) == set()
        cloud.failures = {}
        await car.async_refresh()

    assert names(found_in(planted, hass, caplog)) == set()


@pytest.mark.parametrize("route", [Route.SIGNED, Route.UNSIGNED])
async def test_no_error_of_a_command_tells_a_secret(
    planted: Planted,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
    caplog: pytest.LogCaptureFixture,
    route: Route,
) -> None:
    """Each of Tesla's and of the car's is raised once, on either way, for a command with a PIN."""
    caplog.set_level(logging.DEBUG)
    await plant_in_vault(hass, planted)
    car = loaded.runtime_data.cars[MODEL_X]
    car.commander.router._sleep = AsyncMock()
    for host in car.commander.router._hosts.values():
        host.waker._sleep = AsyncMock()
    signed = car_errors() if route is Route.SIGNED else []

    for error in [*tesla_errors(), *signed]:
        car.commander.router.beliefs.learn(route)
        if isinstance(error, TeslaError):
            cloud.failures["command"] = error
        with (
            patch.object(SignedChannel, "send", AsyncMock(side_effect=error)),
            pytest.raises(HomeAssistantError) as caught,
        ):
            await press(hass, loaded, MODEL_X, "set_valet_mode", PIN)
        assert names(planted.in_error(caught.value)) == set()

    assert names(found_in(planted, hass, caplog)) == set()


PIN_ACTIONS: Final[dict[str, dict[str, Any]]] = {
    "set_valet_mode": {"on": True},
    "pin_to_drive": {"on": True},
    "speed_limit": {"on": True},
    "clear_speed_limit_pin": {},
    "parental_controls": {"on": True},
    "clear_parental_pin": {},
    "send_command": {"command": "speed_limit_activate"},
}


def test_every_action_that_takes_a_secret_is_tried_here() -> None:
    """A new one has to be added."""
    secret = {action.name for action in ACTIONS if any(field.secret for field in action.fields)}

    assert secret == set(PIN_ACTIONS)


async def press(hass: HomeAssistant, entry: ConfigEntry, vin: str, action: str, pin: str) -> None:
    """Call an action that takes a PIN."""
    device = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, vin), entry.entry_id)
    assert device is not None
    secret = {"parameters": {"pin": pin}} if action == "send_command" else {"pin": pin}
    data = {"device_id": device.id, **PIN_ACTIONS[action], **secret}
    await hass.services.async_call(DOMAIN, action, data, blocking=True)


@pytest.mark.parametrize("action", PIN_ACTIONS)
async def test_wrong_pin_is_repeated_nowhere(
    planted: Planted,
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    action: str,
) -> None:
    """It may be a right one with one digit too many."""
    caplog.set_level(logging.DEBUG)

    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, loaded, MODEL_X, action, WRONG_PIN)

    assert names(planted.in_error(caught.value)) == set()
    assert names(planted.in_objects()) == set()
    ours = [record for record in caplog.records if record.name != "homeassistant.core"]
    assert not [record for record in ours if WRONG_PIN in record.getMessage()]


# The whole way, with the real client, the real signatures and a simulated Tesla


def break_everything(dialog: Dialog, api: str) -> Iterator[None]:
    """Let Tesla answer with each status, to each kind of request, in unfortunate words.

    `api` is what the simulator's names of an API's endpoints begin with.
    """
    text = everything_secret()
    body = {"response": None, "error": text, "error_description": text, "messages": {"x": [text]}}
    for endpoint in ("vehicle", "vehicle_data", "command/*", "signed_command"):
        for status in STATUSES:
            rule = FaultRule(
                kind=FaultKind.STATUS,
                endpoint=f"{api}{endpoint}",
                status=status,
                body=body,
                headers={"x-txid": FALCON, "retry-after": "1"},
            )
            dialog.world.faults.clear()
            dialog.world.faults.add(rule)
            yield
    refusal = {"response": {"result": False, "reason": text}}
    for rule in (
        FaultRule(kind=FaultKind.HTML, endpoint=f"{api}vehicle", body=text),
        FaultRule(kind=FaultKind.LOST, endpoint=f"{api}vehicle"),
        FaultRule(kind=FaultKind.TRUNCATED, endpoint=f"{api}vehicle"),
        FaultRule(kind=FaultKind.STATUS, endpoint=f"{api}command/*", status=200, body=refusal),
    ):
        dialog.world.faults.clear()
        dialog.world.faults.add(rule)
        yield
    dialog.world.faults.clear()


async def use_it(
    hass: HomeAssistant, dialog: Dialog, entry: ConfigEntry, api: str = ""
) -> list[BaseException]:
    """Do what people do and let everything go wrong once; the errors that they see."""
    cars: dict[str, CarCoordinator] = entry.runtime_data.cars
    seen: list[BaseException] = []
    for car in cars.values():
        dialog.world.cars[car.vin].wake_now()
        await car.async_refresh()
        for action, pin in product(PIN_ACTIONS, (PIN, WRONG_PIN)):
            try:
                await press(hass, entry, car.vin, action, pin)
            except HomeAssistantError as err:
                seen.append(err)
    for _ in break_everything(dialog, api):
        for vin in (FALCON, JUNIPER):
            cars[vin].policy = PollingPolicy()
            cars[vin]._blocked_until = 0.0
            restraint = entry.runtime_data.client._restraint
            restraint.blocked.clear()
            restraint.open()
            cars[vin].commander.router._sleep = AsyncMock()
            await cars[vin].async_refresh()
            try:
                await cars[vin].commander.async_send("set_sentry_mode", on=True)
            except HomeAssistantError as err:
                seen.append(err)
    return seen


async def shown_outside(hass: HomeAssistant, entry: ConfigEntry, client: Any) -> dict[str, str]:
    """Diagnostics and system information, as people paste them into reports."""
    shown = {}
    base = f"/api/diagnostics/config_entry/{entry.entry_id}"
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    for name, url in [
        ("diagnostics", base),
        *((f"diagnostics of {device.name}", f"{base}/device/{device.id}") for device in devices),
    ]:
        answer = await client.get(url)
        assert answer.status == 200
        shown[name] = await answer.text()
    info = await system_health.async_system_health_info(hass)
    shown["system health"] = repr({key: value for key, value in info.items() if value})
    info["can_reach_server"].close()
    return shown


async def test_the_whole_way_tells_no_secret(
    planted: Planted,
    hass: HomeAssistant,
    diagnostics: None,  # noqa: ARG001 - before the dialog
    dialog: Dialog,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Set-up, use, trouble, a login that ends, a new one, and the end."""
    caplog.set_level(logging.DEBUG)
    entry = await dialog.set_up()
    vault = await async_open_vault(hass, OWNER)
    assert vault.key is not None
    planted.plant_key(vault.key)
    await plant_login(planted, vault.tokens, "first")

    errors = await use_it(hass, dialog, entry)
    assert len(errors) > len(STATUSES)
    places = {str(car.value(name)) for car in entry.runtime_data.cars.values()
              for name in ("latitude", "longitude")}  # fmt: skip
    planted.plant("place", *(places - {"None"}))
    shown = await shown_outside(hass, entry, await hass_client())

    dialog.world.authority.expire_access()
    await entry.runtime_data.account.async_refresh()
    await plant_login(planted, vault.tokens, "renewed")
    dialog.world.authority.sign_out(OWNER)
    await entry.runtime_data.account.async_refresh()
    page = await dialog.reauthenticate(entry)
    await dialog.sign_in(page)
    await hass.async_block_till_done(wait_background_tasks=True)
    await plant_login(planted, vault.tokens, "second")

    leaks = [leak for error in errors for leak in planted.in_error(error)]
    for where, text in shown.items():
        assert len(text) > 20
        leaks += planted.in_text(text, where)
    leaks += planted.in_text(json.dumps(dict(entry.data)), "entry")
    leaks += planted.in_states(hass)
    leaks += planted.in_issues(hass)
    leaks += planted.in_registries(hass, entry.entry_id)
    leaks += planted.in_objects()
    await hass.config_entries.async_unload(entry.entry_id)
    leaks += planted.in_log(caplog)
    assert names(iter(leaks)) == set()


async def test_the_owner_api_tells_no_secret(
    planted: Planted,
    hass: HomeAssistant,
    diagnostics: None,  # noqa: ARG001 - before the dialog
    dialog: Dialog,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Set-up with a token that a person pastes, use, trouble, another token, and the end."""
    caplog.set_level(logging.DEBUG)
    pasted = dialog.world.owner_token(OWNER)
    planted.plant("pasted token", pasted)
    page = await dialog.answer(await dialog.begin("owner_api"), {"refresh_token": pasted})
    entry: ConfigEntry = page["result"]
    await hass.async_block_till_done(wait_background_tasks=True)
    vault = await async_open_vault(hass, OWNER)
    await plant_login(planted, vault.owner_tokens, "first")

    errors = await use_it(hass, dialog, entry, "owner/")
    assert len(errors) > len(STATUSES)
    places = {str(car.value(name)) for car in entry.runtime_data.cars.values()
              for name in ("latitude", "longitude")}  # fmt: skip
    planted.plant("place", *(places - {"None"}))
    shown = await shown_outside(hass, entry, await hass_client())

    dialog.world.authority.expire_access()
    await entry.runtime_data.account.async_refresh()
    await plant_login(planted, vault.owner_tokens, "renewed")
    wrong = f"EU_{'0badc0de' * 4}"
    planted.plant("wrong token", wrong)
    page = await dialog.reconfigure(entry, "owner_token")
    page = await dialog.answer(page, {"refresh_token": wrong})
    assert page["errors"]
    another = dialog.world.owner_token(OWNER)
    planted.plant("other pasted token", another)
    assert (await dialog.answer(page, {"refresh_token": another}))["reason"] == "token_replaced"
    await hass.async_block_till_done(wait_background_tasks=True)
    await plant_login(planted, vault.owner_tokens, "second")

    leaks = [leak for error in errors for leak in planted.in_error(error)]
    for where, text in shown.items():
        assert len(text) > 20
        leaks += planted.in_text(text, where)
    leaks += planted.in_text(json.dumps([dict(entry.data), dict(entry.options)]), "entry")
    leaks += planted.in_text(entry.title, "title")
    leaks += planted.in_states(hass)
    leaks += planted.in_issues(hass)
    leaks += planted.in_registries(hass, entry.entry_id)
    leaks += planted.in_objects()
    await hass.config_entries.async_unload(entry.entry_id)
    leaks += planted.in_log(caplog)
    assert names(iter(leaks)) == set()


async def plant_login(planted: Planted, store: Any, which: str) -> None:
    """Look for the login as it is now."""
    tokens: Tokens = await store.load()
    planted.plant(f"{which} access token", tokens.access_token)
    planted.plant(f"{which} refresh token", tokens.refresh_token)


# That the search finds what there is to find


CARELESS: Final = {
    "header": f"Bearer {ACCESS}",
    "form": f"refresh_token={REFRESH}&x",
    "key file": KEY.to_pem().decode(),
    "scalar as hex": f"{KEY.scalar:064x}",
    "scalar as upper-case hex": f"{KEY.scalar:064X}",
    "scalar as a number": f"scalar {KEY.scalar}",
    "path": f"/vehicles/{MODEL_X}/command",
    "lower-case VIN": MODEL_3.lower(),
    "address": f"to {OWNER_EMAIL}.",
    "PIN in quotes": f"'password': '{PIN}'",
    "PIN in a form": f"pin={PIN}",
    "PIN in brackets": f"({PIN})",
    "PIN at the end": f"it is {PIN}.",
    "client secret": CLIENT_SECRET,
}


@pytest.mark.parametrize("careless", CARELESS.values(), ids=CARELESS)
def test_search_finds_a_secret(planted: Planted, careless: str) -> None:
    """In whichever form a careless line gives it."""
    assert names(planted.in_text(careless, "here"))


@pytest.mark.parametrize("harmless", [f"{PIN}0", f"0.{PIN}", f"a{PIN}f", "…012345", "owner"])
def test_search_finds_nothing_where_nothing_is(planted: Planted, harmless: str) -> None:
    """Else nobody would believe it."""
    assert not names(planted.in_text(harmless, "here"))


def test_search_looks_into_the_log(planted: Planted, caplog: pytest.LogCaptureFixture) -> None:
    """Also into tracebacks, and into what is said at the lowest level."""
    caplog.set_level(logging.DEBUG)
    log = logging.getLogger("custom_components.teslalogger.careless")
    log.debug("asking for %s", MODEL_X)
    assert names(planted.in_log(caplog)) == {f"VIN in log of {log.name}"}

    caplog.clear()
    log.error("no secret here", exc_info=ValueError(ACCESS))
    assert names(planted.in_log(caplog)) == {f"access token in log of {log.name}"}


def test_search_looks_behind_an_error(planted: Planted) -> None:
    """Also where Python itself was told to be silent."""

    def fail() -> None:
        try:
            int(REFRESH)
        except ValueError:
            raise TeslaError from None

    with pytest.raises(TeslaError) as caught:
        fail()

    assert len(list(chain(caught.value))) == 2
    assert names(planted.in_error(caught.value)) == {"refresh token in ValueError"}


def test_search_looks_into_living_objects(planted: Planted) -> None:
    """Whatever of ours is alive, wherever it hides."""
    careless = TeslaError("harmless")
    careless.args = (CLIENT_SECRET,)

    assert names(planted.in_objects()) == {"client secret in repr of TeslaError"}
