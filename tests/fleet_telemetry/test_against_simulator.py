"""The simulated Tesla and its cars take what is built here, and the doctor reads their refusals."""

from typing import TYPE_CHECKING, Any, Final

import aiohttp
import pytest

from custom_components.teslalogger.fleet_telemetry.configuration import Car, Configuration, build
from custom_components.teslalogger.fleet_telemetry.eligibility import Evidence, Finding, diagnose
from custom_components.teslalogger.fleet_telemetry.field import possible_hardware
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, Preset
from custom_components.teslalogger.fleet_telemetry.remote_errors import RemoteErrorKind, read_errors
from custom_components.teslalogger.fleet_telemetry.stored import Status, read_status
from custom_components.teslalogger.tesla import FleetClient, Region, Scope
from custom_components.teslalogger.vehicle_command import CommandKey
from custom_components.teslalogger.vehicle_command.jws import telemetry_token
from simulator.cloud.hosts import Region as SimulatedRegion
from simulator.garage import ANVIL, FALCON, JUNIPER, OWNER, PEARL, YUKI
from tests.simulator_fixtures import (
    CLIENT_ID,
    register_key,
    simulator_url,  # noqa: F401 - a fixture
    world,  # noqa: F401 - a fixture
)

from .test_configuration import CA

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from simulator.world import World

MODELS: Final = {JUNIPER: "3", YUKI: "Y", ANVIL: "C", PEARL: "3", FALCON: "X"}


class Login:
    """Access tokens without end."""

    def __init__(self, world: World) -> None:  # noqa: F811 - the fixture
        self._world = world

    async def access_token(self) -> str:
        """A fresh one each time."""
        answer = self._world.authority.sign_in(
            client_id=CLIENT_ID, account=OWNER, region=SimulatedRegion.EU, scopes=list(Scope)
        )
        token: str = answer["access_token"]
        return token

    async def renew(self, rejected: str) -> str:
        """Another one."""
        assert rejected
        return await self.access_token()


class Household:
    """Somebody who gives their cars configurations and looks what becomes of them."""

    def __init__(self, world: World, client: FleetClient) -> None:  # noqa: F811 - the fixture
        self.world = world
        self.client = client
        self.key = CommandKey.generate()
        register_key(world, self.key.public_point)

    async def configuration(self, vin: str, preset: Preset) -> Configuration:
        """A preset for a car, as far as Tesla tells of it."""
        info = (await self.client.fleet_status([vin])).info[vin]
        car = Car(
            firmware=info.firmware_version,
            scopes=list(Scope),
            hardware=possible_hardware(MODELS[vin], None),
        )
        return build(PRESETS[preset], car, hostname="car.example.test", port=8443, ca=CA)

    async def wake(self, vin: str) -> None:
        """Have the car fetch what waits for it."""
        await self.client.wake_up(vin)
        for _ in range(6):
            self.world.clock.advance(10)
            self.world.streaming.settle(self.world.cars[vin])

    async def status(self, vin: str, pushed: Any, *, needs_key: bool = True) -> Status:
        """What Tesla's answer means."""
        stored = await self.client.telemetry.get(vin)
        return read_status(
            pushed,
            synced=stored.synced,
            config=stored.config,
            limit_reached=stored.limit_reached,
            key_paired=stored.key_paired,
            needs_key=needs_key,
        )


@pytest.fixture
async def home(world: World, simulator_url: str) -> AsyncGenerator[Household]:  # noqa: ARG001, F811 - fixtures
    """A household in the standard world."""
    async with aiohttp.ClientSession() as session:
        client = FleetClient(session, tokens=Login(world), region=Region.EU)
        yield Household(world, client)


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("vin", [JUNIPER, YUKI, ANVIL])
async def test_a_car_takes_a_preset_and_gives_it_up(
    home: Household, vin: str, preset: Preset
) -> None:
    """Pending until the car is awake; then active; then gone."""
    pushed = (await home.configuration(vin, preset)).content
    answer = await home.client.telemetry.create([vin], telemetry_token(home.key, pushed))
    assert (answer.updated, answer.skipped) == (1, {})
    assert await home.status(vin, pushed) is Status.PENDING
    await home.wake(vin)
    assert await home.status(vin, pushed) is Status.ACTIVE
    assert await home.client.telemetry.errors(vin) == []
    assert await home.client.telemetry.delete(vin) == 1
    await home.wake(vin)
    assert await home.status(vin, None) is Status.NONE


async def test_a_wrong_signature_is_found_in_what_the_car_reports(home: Household) -> None:
    """Tesla itself says that all is well."""
    pushed = (await home.configuration(JUNIPER, Preset.ECONOMY)).content
    stranger = CommandKey.generate()
    answer = await home.client.telemetry.create([JUNIPER], telemetry_token(stranger, pushed))
    assert answer.updated == 1
    await home.wake(JUNIPER)
    assert await home.status(JUNIPER, pushed) is Status.ACTIVE
    errors = read_errors(await home.client.telemetry.errors(JUNIPER), vin=JUNIPER)
    assert [error.kind for error in errors] == [RemoteErrorKind.WRONG_KEY]
    assert errors[0].when == pytest.approx(home.world.clock.now(), abs=120)
    found = diagnose(Evidence(status=Status.ACTIVE, key_paired=True, remote=errors[0].kind))
    assert [check.finding for check in found] == [Finding.WRONG_KEY]


@pytest.mark.parametrize("silent", [False, True])
async def test_too_many_applications_are_found(home: Household, *, silent: bool) -> None:
    """Whether Tesla says so at once, or the car drops the configuration."""
    circumstances = home.world.streaming.circumstances(YUKI)
    circumstances.other_apps, circumstances.silent_limit = 5, silent
    pushed = (await home.configuration(YUKI, Preset.LOGGER)).content
    answer = await home.client.telemetry.create([YUKI], telemetry_token(home.key, pushed))
    await home.wake(YUKI)
    status = await home.status(YUKI, pushed)
    assert answer.skipped == ({} if silent else {YUKI: "max_configs"})
    assert status is Status.LIMIT_REACHED
    evidence = Evidence(key_paired=True, skipped=answer.skipped.get(YUKI), status=status)
    assert [check.finding for check in diagnose(evidence)] == [Finding.TOO_MANY_APPS]


async def _evidence(home: Household, vin: str, *, old_design: bool) -> Evidence:
    """All that Tesla tells of a car, with the answer to a configuration."""
    fleet = await home.client.fleet_status([vin])
    info = fleet.info[vin]
    pushed = (await home.configuration(vin, Preset.ECONOMY)).content
    answer = await home.client.telemetry.create([vin], telemetry_token(home.key, pushed))
    return Evidence(
        access_type="OWNER",
        scopes=list(Scope),
        old_design=old_design,
        discounted=info.discounted_device_data,
        firmware=info.firmware_version,
        toggle=info.safety_screen_streaming_toggle_enabled,
        key_paired=vin in fleet.paired,
        keys=info.total_number_of_keys,
        skipped=answer.skipped.get(vin),
        status=await home.status(vin, pushed, needs_key=not old_design),
    )


async def test_a_missing_key_is_found(home: Household) -> None:
    """In the answer to the configuration and in the status."""
    evidence = await _evidence(home, PEARL, old_design=False)
    assert evidence.skipped == "missing_key"
    assert diagnose(evidence)[0].finding is Finding.KEY_MISSING


async def test_old_software_of_an_old_car_is_found(home: Household) -> None:
    """Tesla calls it hardware; an update mends it."""
    evidence = await _evidence(home, FALCON, old_design=True)
    assert evidence.skipped == "unsupported_hardware"
    findings = [check.finding for check in diagnose(evidence)]
    assert findings[0] is Finding.UNSUPPORTED_FIRMWARE
    assert Finding.KEY_MISSING not in findings
