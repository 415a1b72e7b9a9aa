"""Cars are told what to stream: once, looked after with few questions, and taken back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
import socket
import time
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from custom_components.teslalogger import repairs
from custom_components.teslalogger.account import INTERVAL, MISSING_BEFORE_GONE
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.coordinator import CarCoordinator
from custom_components.teslalogger.diagnostics import async_get_config_entry_diagnostics
from custom_components.teslalogger.fleet_telemetry.attempts import Attempt, Reason
from custom_components.teslalogger.fleet_telemetry.authorities import BUNDLE_URL
from custom_components.teslalogger.fleet_telemetry.eligibility import (
    CHECKS,
    Finding,
    Severity,
    Step,
)
from custom_components.teslalogger.fleet_telemetry.fields import OFFERED
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, Preset
from custom_components.teslalogger.fleet_telemetry.records import CarError, Record
from custom_components.teslalogger.fleet_telemetry.sink import Hello, Tally
from custom_components.teslalogger.streaming.diagnostics import network_of
from custom_components.teslalogger.streaming.entry import RETRY
from custom_components.teslalogger.streaming.identity import (
    TelemetryIdentity,
    TelemetryIdentityError,
)
from custom_components.teslalogger.streaming.options import (
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)
from custom_components.teslalogger.streaming.server import async_get_server
from custom_components.teslalogger.tesla import (
    AnswerLost,
    Availability,
    NotFound,
    RateLimited,
    Scope,
    TeslaError,
    VehicleInfo,
)
from custom_components.teslalogger.tesla.errors import PaymentRequired

from .cloud import MODEL_3, MODEL_X, MODEL_Y, FakeCar, FakeCloud
from .running import pass_time, state_of
from .test_telemetry import HOST, entry, office  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from homeassistant.data_entry_flow import FlowResult
    from pytest_homeassistant_custom_component.common import MockConfigEntry
    from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker

    from tests.fleet_telemetry.passports import Office

    from .running import Start
    from .telemetry_cloud import FakeTelemetry

INFO: Final = VehicleInfo(
    firmware_version="2026.32.1", vehicle_command_protocol_required=True, total_number_of_keys=3
)
TELEMETRY: Final = ("telemetry", "create_telemetry", "delete_telemetry", "telemetry_errors")
MINUTE: Final = timedelta(minutes=1, seconds=1)
STATUS: Final = "sensor.juniper_streaming_status"
STREAMING: Final = "binary_sensor.juniper_streaming"


@pytest.fixture
def cloud() -> FakeCloud:
    """Two cars that can stream, and an old one."""
    return FakeCloud(
        FakeCar(vin=MODEL_3, name="Juniper", paired=True, info=INFO),
        FakeCar(vin=MODEL_Y, name="Yuki", paired=True, info=INFO),
        FakeCar(vin=MODEL_X, name="Falcon", info=VehicleInfo(discounted_device_data=True)),
    )


@dataclass
class Home:
    """A Home Assistant whose cars shall stream, and what Tesla is asked by it."""

    hass: HomeAssistant
    entry: MockConfigEntry
    cloud: FakeCloud
    freezer: FrozenDateTimeFactory

    @property
    def tesla(self) -> FakeTelemetry:
        """Tesla's side."""
        return self.cloud.telemetry

    def car(self, vin: str = MODEL_3) -> CarCoordinator:
        """Our side of a car."""
        car: CarCoordinator = self.entry.runtime_data.cars[vin]
        return car

    def asked(self) -> dict[str, int]:
        """How often Tesla was asked about streams."""
        return {name: self.cloud.counts[name] for name in TELEMETRY if self.cloud.counts[name]}

    async def wait(self, step: timedelta = MINUTE, times: int = 1) -> None:
        """Let time pass."""
        for _ in range(times):
            await pass_time(self.hass, self.freezer, step)

    def repairs(self) -> dict[str, str]:
        """The open ones about streaming: what is wrong, and which issue says so."""
        return {
            issue.translation_key or "": issue.issue_id
            for (domain, _), issue in ir.async_get(self.hass).issues.items()
            if domain == DOMAIN and issue.active and "paired" not in issue.issue_id
        }

    async def choose(self, **changes: Any) -> None:
        """Change the options, and begin anew."""
        options = replace(TelemetryOptions.of(self.entry), **changes)
        self.hass.config_entries.async_update_entry(
            self.entry, options={OPTIONS: options.as_dict()}
        )
        await self.hass.config_entries.async_reload(self.entry.entry_id)
        await self.hass.async_block_till_done(wait_background_tasks=True)

    def hello(self, vin: str = MODEL_3) -> None:
        """A car connects."""
        self.entry.runtime_data.telemetry.cars[vin].async_hello(Hello(network="wifi"))

    async def submit(self, issue_id: str) -> FlowResult[Any, Any]:
        """Press the repair's button, and again on its page."""
        flow = await repairs.async_create_fix_flow(
            self.hass, issue_id, {"entry_id": self.entry.entry_id}
        )
        assert isinstance(flow, repairs.StreamFlow)
        flow.hass = self.hass
        flow.handler, flow.flow_id = DOMAIN, "flow"
        page = await flow.async_step_init()
        assert (page["step_id"], page["errors"]) == ("check", None)
        return await flow.async_step_check({})


@pytest.fixture
async def home(
    hass: HomeAssistant,
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    office: Office,  # noqa: ARG001, F811 - vouches for the cars
    start: Start,
    cloud: FakeCloud,
    freezer: FrozenDateTimeFactory,
) -> Any:
    """All is well; no car has come yet."""
    for car in cloud.cars.values():
        car.availability = Availability.ASLEEP
    home = Home(hass, await start(), cloud, freezer)
    yield home
    if home.entry.state.recoverable and home.entry.entry_id in {
        one.entry_id for one in hass.config_entries.async_entries()
    }:
        await hass.config_entries.async_unload(home.entry.entry_id)
        await hass.async_block_till_done()


async def test_cars_with_equal_software_are_told_in_one_call(home: Home) -> None:
    """After one look at each; nothing is asked about one that can never stream."""
    assert home.tesla.created == [[MODEL_3, MODEL_Y]]
    assert home.asked() == {"telemetry": 2, "create_telemetry": 1}
    assert home.tesla.held[MODEL_3]["hostname"] == HOST
    assert home.tesla.held[MODEL_3]["port"] == 443
    assert "exp" not in home.tesla.held[MODEL_3]
    assert not home.repairs()


async def test_cars_with_other_software_are_told_something_else(home: Home) -> None:
    """Once Tesla says that it is another; what it cannot send is kept for diagnostics."""
    home.cloud.cars[MODEL_Y].info = replace(INFO, firmware_version="2024.32.1")
    await home.wait(timedelta(days=1), 2)
    assert home.tesla.created[-1] == [MODEL_Y]
    assert "delivery_policy" in home.tesla.held[MODEL_3]
    assert "delivery_policy" not in home.tesla.held[MODEL_Y]
    given = home.entry.runtime_data.telemetry.configurations.dossier(MODEL_Y).given
    assert set(given.left_out.values()) == {"firmware"}


async def test_restart_asks_nothing_of_cars_that_have_taken_it(home: Home) -> None:
    """For a day; and gives nothing again after that."""
    home.tesla.synced |= {MODEL_3, MODEL_Y}
    await home.wait()
    home.cloud.requests.clear()
    await home.choose()
    assert not home.asked()
    await home.wait(timedelta(days=1))
    await home.wait()
    assert home.asked() == {"telemetry": 2}


async def test_a_week_is_quiet(home: Home) -> None:
    """Of two sleeping cars that do not fetch theirs, in Home Assistant's own time."""
    home.cloud.requests.clear()
    await home.wait(timedelta(minutes=30), 7 * 48)
    assert home.asked() == {"telemetry": 2 * 28}
    assert home.cloud.counts["fleet_status"] <= 8


async def test_a_car_that_streams_is_not_asked_about(home: Home) -> None:
    """Once Tesla says that it does so by what it was given last."""
    home.hello()
    home.hello(MODEL_Y)
    home.tesla.synced |= {MODEL_3, MODEL_Y}
    await home.wait(times=2)
    home.cloud.requests.clear()
    await home.wait(timedelta(hours=6), 12)
    assert not home.asked()


@pytest.mark.parametrize("endpoint", ["telemetry", "create_telemetry"])
async def test_no_storm_while_tesla_is_away(home: Home, endpoint: str) -> None:
    """Each question comes more and more seldom."""
    home.cloud.failures[endpoint] = AnswerLost(status=502)
    home.tesla.held.clear()
    await home.choose(hostname="another.example.test")
    home.cloud.requests.clear()
    await home.wait(timedelta(minutes=5), 24 * 12)
    assert home.cloud.counts[endpoint] <= 22
    home.cloud.failures.clear()
    await home.wait(timedelta(hours=6), 2)
    assert home.tesla.held.keys() == {MODEL_3, MODEL_Y}


async def test_one_car_that_tesla_does_not_know_is_no_harm_to_others(home: Home) -> None:
    """They are given what they shall have."""
    get = home.tesla.get

    async def only_one(vin: str) -> Any:
        if vin == MODEL_3:
            raise NotFound(status=404)
        return await get(vin)

    for vin in (MODEL_3, MODEL_Y):
        home.entry.runtime_data.telemetry.configurations._file.dossiers.pop(vin)
    home.tesla.held.clear()
    with patch.object(home.tesla, "get", only_one):
        await home.wait()
    assert home.tesla.held.keys() == {MODEL_Y}


async def test_errors_that_tesla_does_not_tell_are_asked_for_no_more_often(home: Home) -> None:
    """That the car does not come is told all the same."""
    home.cloud.failures["telemetry_errors"] = PaymentRequired(status=402)
    home.cloud.requests.clear()
    with patch.object(CarCoordinator, "_async_update_data", return_value=home.car().data):
        home.car().policy.availability = Availability.ONLINE
        home.tesla.synced |= {MODEL_3, MODEL_Y}
        await home.wait(timedelta(minutes=30), 10)
    assert home.asked()["telemetry_errors"] == 1
    assert set(home.repairs()) == {"telemetry_not_reached"}


async def test_teslas_own_time_is_kept(home: Home) -> None:
    """If it names one."""
    home.cloud.failures["create_telemetry"] = RateLimited(retry_after=7 * 3600)
    await home.choose(hostname="another.example.test")
    home.cloud.requests.clear()
    await home.wait(timedelta(hours=1), 6)
    assert not home.cloud.counts["create_telemetry"]


# What is wrong, and what mends it; each is given the home.
type Change = Callable[[Home], None]


def _info(**changes: Any) -> Change:
    def change(home: Home) -> None:
        home.cloud.cars[MODEL_3].info = replace(home.cloud.cars[MODEL_3].info, **changes)

    return change


def _paired(*, paired: bool) -> Change:
    def change(home: Home) -> None:
        home.cloud.cars[MODEL_3].paired = paired

    return change


def _scopes(*scopes: Scope) -> Change:
    def change(home: Home) -> None:
        home.car().scopes = frozenset(scopes)

    return change


def _both(*changes: Change) -> Change:
    def change(home: Home) -> None:
        for one in changes:
            one(home)

    return change


def _gone_from_tesla(home: Home) -> None:
    """As if it had never been given."""
    home.tesla.held.pop(MODEL_3, None)
    home.entry.runtime_data.telemetry.configurations._file.dossiers.pop(MODEL_3)


def _complains(text: str) -> Change:
    def change(home: Home) -> None:
        row = {"vin": MODEL_3, "error_name": "error", "error": text, "created_at": time.time()}
        home.tesla.rows[MODEL_3] = [row]
        home.car().policy.availability = Availability.ONLINE

    return change


def _full(home: Home) -> None:
    home.tesla.full.add(MODEL_3)


def _room(home: Home) -> None:
    home.tesla.full.clear()


def _nothing(_: Home) -> None:
    pass


def _foreign(home: Home) -> None:
    home.tesla.held[MODEL_3] = {**home.tesla.held[MODEL_Y], "hostname": "other.example.test"}


def _unpaid(home: Home) -> None:
    home.cloud.failures["create_telemetry"] = PaymentRequired("Budget used up", status=402)


def _paid(home: Home) -> None:
    home.cloud.failures.clear()


def _odd(home: Home) -> None:
    home.tesla.skips[MODEL_3] = "odd_reason"


def _not_odd(home: Home) -> None:
    home.tesla.skips.clear()


def _turned_away(home: Home) -> None:
    """Later than the car is seen to be online, and before it is missed."""
    when = time.time() + 600
    attempt = Attempt(when=when, reason=Reason.UNKNOWN_AUTHORITY, dialled=HOST, address="::1")
    home.entry.runtime_data.telemetry.server.receiver.attempts.note(attempt)


def _comes(home: Home) -> None:
    home.hello()


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A finding: what brings it about, what mends it, and whether the button itself does."""

    begin: Change
    mend: Change
    by_button: bool = False


TROUBLES: Final[dict[Finding, Trouble]] = {
    Finding.SCOPE_MISSING: Trouble(begin=_scopes(Scope.OPENID), mend=_scopes(*Scope)),
    Finding.UNSUPPORTED_FIRMWARE: Trouble(
        begin=_info(firmware_version="2024.2"), mend=_info(firmware_version="2026.32.1")
    ),
    Finding.TOGGLE_OFF: Trouble(
        begin=_info(safety_screen_streaming_toggle_enabled=False),
        mend=_info(safety_screen_streaming_toggle_enabled=True),
    ),
    Finding.NO_ROOM_FOR_KEY: Trouble(
        begin=_both(_paired(paired=False), _info(total_number_of_keys=20)),
        mend=_both(_paired(paired=True), _info(total_number_of_keys=19)),
    ),
    Finding.KEY_MISSING: Trouble(begin=_paired(paired=False), mend=_paired(paired=True)),
    Finding.TOO_MANY_APPS: Trouble(begin=_both(_gone_from_tesla, _full), mend=_room),
    Finding.SKIPPED: Trouble(begin=_both(_gone_from_tesla, _odd), mend=_not_odd),
    Finding.OTHER_SERVER: Trouble(
        begin=_both(_gone_from_tesla, _foreign), mend=_nothing, by_button=True
    ),
    Finding.NOT_CONFIGURED: Trouble(begin=_both(_gone_from_tesla, _unpaid), mend=_paid),
    Finding.WRONG_KEY: Trouble(
        begin=_complains("crypto/ecdsa: verification error"), mend=_nothing, by_button=True
    ),
    Finding.CERTIFICATE_REFUSED: Trouble(
        begin=_complains("x509: certificate signed by unknown authority"), mend=_comes
    ),
    Finding.UNREACHABLE: Trouble(begin=_complains("connect: connection refused"), mend=_comes),
    Finding.NOT_REACHED: Trouble(begin=_complains(""), mend=_comes),
}
TROUBLES[Finding.NOT_REACHED] = replace(
    TROUBLES[Finding.NOT_REACHED],
    begin=_both(_complains(""), lambda home: home.tesla.rows.clear()),
)


TROUBLES[Finding.TURNED_AWAY] = replace(
    TROUBLES[Finding.NOT_REACHED],
    begin=_both(TROUBLES[Finding.NOT_REACHED].begin, _turned_away),
)


def test_every_finding_that_needs_a_person_is_tried() -> None:
    """But for those that nobody can mend."""
    assert set(TROUBLES) == {Finding.NOT_REACHED, Finding.TURNED_AWAY} | {
        check.finding
        for check in CHECKS
        if check.severity is Severity.BLOCKS and check.step is not Step.NONE
    }


async def _until_seen(home: Home) -> None:
    """A day in which a car that is online is seen to be so, every minute at first."""
    home.tesla.synced |= {MODEL_3, MODEL_Y}
    await home.entry.runtime_data.account.async_ask_fleet_status()
    for step in (MINUTE, MINUTE, timedelta(minutes=31), MINUTE):
        online = home.car().policy.availability
        await home.wait(step)
        home.car().policy.availability = online
    await home.wait()


@pytest.mark.parametrize("finding", TROUBLES)
async def test_what_a_person_has_to_mend_is_a_repair(home: Home, finding: Finding) -> None:
    """It is there by itself, its page knows whether it was mended, and then it is gone."""
    trouble = TROUBLES[finding]
    with patch.object(CarCoordinator, "_async_update_data", return_value=home.car().data):
        trouble.begin(home)
        await _until_seen(home)
        (issue_id,) = [
            issue_id for key, issue_id in home.repairs().items() if key == finding.translation_key
        ]
        assert home.repairs() == {finding.translation_key: issue_id}
        assert MODEL_3 not in issue_id

        page = await home.submit(issue_id)
        if trouble.by_button:
            assert page["type"] == "create_entry"
        else:
            assert page["errors"]
            assert (page["description_placeholders"] or {})["car"] == "Juniper"
            trouble.mend(home)
            if finding.translation_key in home.repairs():
                page = await home.submit(issue_id)
                assert page["type"] == "create_entry"
        assert not home.repairs()


async def test_no_answer_is_not_a_no(home: Home) -> None:
    """The page says which it was."""
    home.cloud.cars[MODEL_3].paired = False
    await _until_seen(home)
    home.cloud.failures["fleet_status"] = AnswerLost(status=502)
    page = await home.submit(home.repairs()["telemetry_key_missing"])
    assert page["errors"] == {"base": "no_answer"}
    issue_id = home.repairs()["telemetry_key_missing"]
    flow = await repairs.async_create_fix_flow(
        home.hass, issue_id, {"entry_id": home.entry.entry_id}
    )
    assert isinstance(flow, repairs.StreamFlow)
    await home.hass.config_entries.async_unload(home.entry.entry_id)
    assert (await flow.async_step_check())["reason"] == "not_loaded"


async def test_one_finding_takes_the_place_of_another(home: Home) -> None:
    """A car has one repair at most."""
    home.cloud.cars[MODEL_3].paired = False
    await _until_seen(home)
    assert set(home.repairs()) == {"telemetry_key_missing"}
    _info(firmware_version="2024.2")(home)
    await _until_seen(home)
    assert set(home.repairs()) == {"telemetry_unsupported_firmware"}


async def test_what_the_car_told_itself_counts(home: Home) -> None:
    """Over the stream it says what is wrong with a newer configuration."""
    home.hello()
    error = CarError(name="config_manager_error", body="crypto/ecdsa: verification error")
    streaming = home.entry.runtime_data.telemetry.cars[MODEL_3]
    assert streaming.async_records([Record(errors=(error,))]) is None
    assert set(home.repairs()) == {"telemetry_wrong_key"}


async def test_who_did_not_take_our_certificate_is_told_of(home: Home) -> None:
    """If it dialled our name while a car that should come did not."""
    server = home.entry.runtime_data.telemetry.server
    for dialled, reason in (
        (HOST, Reason.NO_CERTIFICATE),
        ("other.example.test", Reason.OUR_CERTIFICATE_REFUSED),
        (HOST, Reason.OUR_CERTIFICATE_REFUSED),
    ):
        home.car().policy.availability = Availability.ONLINE
        await home.entry.runtime_data.telemetry.configurations._async_look()
        assert not home.repairs()
        home.freezer.tick(10)
        attempt = Attempt(when=time.time(), reason=reason, dialled=dialled, address="::1")
        server.receiver.attempts.note(attempt)
    home.car().policy.availability = Availability.ONLINE
    await home.entry.runtime_data.telemetry.configurations._async_look()
    assert set(home.repairs()) == {"telemetry_certificate_refused"}


@pytest.mark.usefixtures("everything_enabled")
async def test_the_entities_say_how_far_it_is(home: Home) -> None:
    """Waiting for the car, streaming, and what stands in the way."""
    assert (state_of(home.hass, STREAMING), state_of(home.hass, STATUS)) == ("off", "waiting")
    assert state_of(home.hass, "sensor.falcon_streaming_status") == "not_possible"
    home.hello()
    assert (state_of(home.hass, STREAMING), state_of(home.hass, STATUS)) == ("on", "waiting")
    home.tesla.synced.add(MODEL_3)
    await home.wait()
    assert (state_of(home.hass, STREAMING), state_of(home.hass, STATUS)) == ("on", "active")
    home.entry.runtime_data.telemetry.cars[MODEL_3].async_goodbye()
    assert (state_of(home.hass, STREAMING), state_of(home.hass, STATUS)) == ("off", "active")
    home.cloud.cars[MODEL_3].paired = False
    await _until_seen(home)
    assert state_of(home.hass, STATUS) == "key_missing"


async def test_switched_off_has_no_entities_and_gives_everything_back(home: Home) -> None:
    """What another server has in its place is left alone."""
    home.tesla.held[MODEL_Y] = {**home.tesla.held[MODEL_Y], "hostname": "other.example.test"}
    await home.choose(source=TelemetrySource.OFF)
    assert home.tesla.held.keys() == {MODEL_Y}
    assert state_of(home.hass, STREAMING) in {None, "unavailable"}
    home.cloud.requests.clear()
    await home.choose()
    await home.wait(timedelta(hours=6), 4)
    assert not home.asked()


async def test_taking_back_is_tried_again_if_tesla_is_away(home: Home) -> None:
    """And given up where the car is not the account's any more."""
    home.cloud.failures["delete_telemetry"] = AnswerLost(status=502)
    await home.choose(source=TelemetrySource.OFF)
    assert home.tesla.held.keys() == {MODEL_3, MODEL_Y}
    await home.wait()
    assert home.asked()["delete_telemetry"] == 2
    home.cloud.failures.clear()
    await home.wait(timedelta(minutes=10))
    assert not home.tesla.held


async def test_car_that_left_the_account_is_told_to_stop(home: Home) -> None:
    """Once it is gone for good: the list of cars has been empty for a moment before."""
    car = home.cloud.cars.pop(MODEL_3)
    await home.wait(INTERVAL + timedelta(seconds=1), MISSING_BEFORE_GONE - 1)
    await home.choose()
    assert MODEL_3 in home.tesla.held
    await home.wait(INTERVAL + timedelta(seconds=1), MISSING_BEFORE_GONE + 1)
    assert home.tesla.held.keys() == {MODEL_Y}
    assert car.vin not in home.entry.runtime_data.telemetry.cars


async def test_removed_account_gives_everything_back(home: Home) -> None:
    """One car's refusal does not keep the others."""
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert not home.tesla.held
    assert home.asked()["delete_telemetry"] == 2


@pytest.mark.parametrize("error", [NotFound(status=404), AnswerLost(status=502)])
async def test_removal_does_not_fail_with_tesla(home: Home, error: TeslaError) -> None:
    """What cannot be taken back stays."""
    home.cloud.failures["telemetry"] = error
    home.cloud.requests.clear()
    await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert home.asked() == {"telemetry": 2}
    assert not home.hass.config_entries.async_entries(DOMAIN)


async def test_removal_does_not_wait_for_tesla(home: Home) -> None:
    """Longer than a few seconds."""

    async def never(_: str) -> None:
        await asyncio.Event().wait()

    with (
        patch.object(home.tesla, "get", never),
        patch("custom_components.teslalogger.taking_back.PATIENCE", 0.0),
    ):
        await home.hass.config_entries.async_remove(home.entry.entry_id)
    assert home.tesla.held


async def test_a_choice_that_no_car_understands_is_a_repair(home: Home) -> None:
    """Until it is another."""
    await home.choose(fields={"Soc": 10**9, "Nonsense": 5})
    assert set(home.repairs()) == {"telemetry_choice_invalid"}
    await home.choose(fields={})
    assert not home.repairs()


async def test_a_car_that_can_send_nothing_of_it_is_no_harm_to_others(home: Home) -> None:
    """It is a repair until its software is newer."""
    newest = max(
        (field for field in OFFERED.values() if field.hardware is None and field.partner is None),
        key=lambda field: field.firmware,
    )
    home.cloud.cars[MODEL_Y].info = replace(INFO, firmware_version="2024.32.1")
    home.cloud.cars[MODEL_3].info = replace(INFO, firmware_version="2027.2")
    fields = dict.fromkeys(PRESETS[Preset.ECONOMY], 0) | {newest.name: newest.interval}
    await home.choose(preset=Preset.ECONOMY, fields=fields)
    assert home.tesla.created[-1] == [MODEL_3]
    assert home.tesla.held[MODEL_3]["fields"].keys() == {newest.name}
    assert set(home.repairs()) == {"telemetry_choice_invalid"}
    home.cloud.cars[MODEL_Y].info = replace(INFO, firmware_version="2027.2")
    await home.entry.runtime_data.account.async_ask_fleet_status()
    await home.wait()
    assert home.tesla.created[-1] == [MODEL_Y]
    assert not home.repairs()


async def test_an_authority_that_cannot_be_read_any_more_tells_nobody_anything(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Cars that were told before still come."""
    problem = TelemetryIdentityError(key="telemetry_authority_damaged", file="file")
    home.cloud.requests.clear()
    with patch.object(TelemetryIdentity, "async_authority", side_effect=problem):
        await home.wait()
    assert not home.asked()
    assert "Cars cannot be told whom to trust" in caplog.text


async def test_port_that_becomes_free_is_taken_without_a_reload(
    home: Home, hass: HomeAssistant
) -> None:
    """Until then a repair says why no car can come."""
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        await home.choose(listen_port=port)
        assert set(home.repairs()) == {"telemetry_port_taken"}
        assert not home.entry.runtime_data.telemetry.cars
        await home.wait(RETRY + timedelta(seconds=1))
        assert set(home.repairs()) == {"telemetry_port_taken"}
    await home.wait(RETRY + timedelta(seconds=1))
    assert not home.repairs()
    assert home.entry.runtime_data.telemetry.problem is None
    assert async_get_server(hass, port).receiver is not None
    assert home.entry.runtime_data.telemetry.cars.keys() == {MODEL_3, MODEL_Y, MODEL_X}


async def test_nobody_listens_for_an_account_that_is_gone(home: Home, hass: HomeAssistant) -> None:
    """Not even if the port became free just then."""
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        await home.choose(listen_port=port)
        telemetry = home.entry.runtime_data.telemetry
        await hass.config_entries.async_unload(home.entry.entry_id)
    await home.wait(RETRY + timedelta(seconds=1))
    await telemetry._async_listen()
    assert async_get_server(hass, port).receiver is None
    telemetry._note_problem(TelemetryIdentityError(key="telemetry_port_taken"))
    assert telemetry._stop_retrying is None


async def test_diagnostics_give_nobody_away(home: Home) -> None:
    """They tell what was tried, by whom roughly, and what came of it."""
    home.tesla.synced.add(MODEL_3)
    await home.wait()
    home.hello()
    telemetry = home.entry.runtime_data.telemetry
    receiver = telemetry.server.receiver
    receiver.tallies[MODEL_3] = Tally(connections=1, records=2, signals=3)
    for number, (address, dialled) in enumerate(
        [("203.0.113.77", HOST), ("2001:db8::77", "scanner.example"), (None, None)]
    ):
        receiver.attempts.note(
            Attempt(when=number, reason=Reason.NO_CERTIFICATE, address=address, dialled=dialled)
        )
    told = await async_get_config_entry_diagnostics(home.hass, home.entry)
    shown = told["telemetry"]["receiver"]
    assert shown["refused"] == {"no_certificate": 3}
    assert shown["authorities"] == {"found": 1, "missing": 14}
    assert [(one["address"], one["dialled"]) for one in shown["newest"]] == [
        ("203.0.113.0/24", "ours"),
        ("2001:db8::/64", "other"),
        (None, None),
    ]
    (juniper,) = [one["telemetry"] for one in told["cars"] if one["vin"] == "…012346"]
    assert juniper["since"] == round(time.time())
    assert juniper["hello"] == {"client_version": "", "network": "wifi"}
    assert (juniper["tally"]["records"], juniper["tally"]["signals"]) == (2, 3)
    assert juniper["status"] == "active"
    assert juniper["configuration"]["status"] in {"active", "pending"}
    assert juniper["findings"] == []
    (falcon,) = [one["telemetry"] for one in told["cars"] if one["vin"] == "…012345"]
    assert [one["finding"] for one in falcon["findings"]] == ["unsupported_hardware"]
    for secret in (MODEL_3, HOST, "203.0.113.77", "BEGIN CERTIFICATE"):
        assert secret not in str(told)


async def test_diagnostics_tell_why_nobody_listens(home: Home) -> None:
    """And nothing of cars that do not stream here."""
    with socket.create_server(("", 0)) as taken:
        await home.choose(listen_port=taken.getsockname()[1])
        told = await async_get_config_entry_diagnostics(home.hass, home.entry)
    assert told["telemetry"]["problem"] == "telemetry_port_taken"
    assert "receiver" not in told["telemetry"]
    assert {one["telemetry"]["status"] for one in told["cars"]} == {"off"}
    await home.choose(source=TelemetrySource.OFF)
    told = await async_get_config_entry_diagnostics(home.hass, home.entry)
    assert {one["telemetry"] for one in told["cars"]} == {None}


@pytest.mark.parametrize(
    ("address", "network"),
    [("::ffff:203.0.113.7", "203.0.113.0/24"), ("fe80::1%eth0", "fe80::/64"), ("x", None)],
)
def test_networks_of_odd_addresses(address: str, network: str | None) -> None:
    """IPv4 in disguise, with a zone, and none at all."""
    assert network_of(address) == network


async def test_no_secret_is_logged(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """Neither VINs nor tokens, whatever goes wrong."""
    caplog.set_level("DEBUG", logger="custom_components.teslalogger")
    home.cloud.failures["create_telemetry"] = AnswerLost(status=502)
    await home.choose(hostname="another.example.test")
    ours = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("custom_comp")
    )
    assert "…012346" in ours
    assert MODEL_3 not in ours
    assert "eyJ" not in ours


async def test_first_start_without_authorities_is_retried(
    hass: HomeAssistant,
    socket_enabled: None,  # noqa: ARG001 - opens the loopback
    start: Start,
    cloud: FakeCloud,
    aioclient_mock: AiohttpClientMocker,
    freezer: FrozenDateTimeFactory,
) -> None:
    """And meanwhile cars are told nothing: they would come in vain."""
    aioclient_mock.get(BUNDLE_URL, status=503)
    assert await async_setup_component(hass, "repairs", {})
    home = Home(hass, await start(), cloud, freezer)
    assert set(home.repairs()) == {"telemetry_authorities_unreachable"}
    assert not home.asked()
    asked = aioclient_mock.call_count
    await home.wait(RETRY + timedelta(seconds=1))
    assert aioclient_mock.call_count == asked + 1
