"""Cars that stream into Home Assistant: how many records, what each costs, who has to wait.

A real Home Assistant with twenty cars, every entity enabled, listens for them with mutual TLS. Each
car has told once of everything that any car can have, so that it has more entities than a real one.
The cars are another process with a connection each; every record changes five signals. A record
counts when its acknowledgement is back: it was decoded, merged and is on the disk.

They send as fast as they are answered; twice a second, as real cars do at most; and fifty times a
second with every record shown, which a car's entities otherwise are once a second. The first of
these is driven five times, for what a shared machine does differs from minute to minute; what is
printed is the drive with the median rate.

The cost of a record is the CPU time of Home Assistant's process, entities included, divided by the
records. Left out is what the same process needs in the same state without records: connected, and
watched. So is what Home Assistant's start leaves to Python's garbage collector: that is collected
before.

Part of that cost is Home Assistant's own. So it is measured apart: plain sensors that have nothing
of ours write as many states in the same rhythm. The rhythm matters, for whoever has slept finds
the processor's caches cold: at two records a second each, all code takes several times longer.

Run: python -m benchmarks.telemetry
"""

import argparse
import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
import gc
from itertools import cycle
import json
import logging
import multiprocessing
from pathlib import Path
import platform
from statistics import median
import tempfile
import time
from typing import TYPE_CHECKING, Final
from unittest.mock import PropertyMock, patch

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificates
from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.const import UnitOfElectricPotential
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.storage import STORAGE_DIR
from pytest_homeassistant_custom_component.common import MockEntityPlatform

from custom_components.teslalogger.fleet_telemetry.authorities import trusted
from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority
from custom_components.teslalogger.streaming import (
    car as car_stream,
    identity as telemetry_identity,
    server as telemetry_server,
)
from custom_components.teslalogger.streaming.options import (
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)
from custom_components.teslalogger.vehicle.signals import SIGNALS, Kind, Value
from custom_components.teslalogger.vehicle.state import Reading, Source
from simulator.telemetry.certificates import CarAuthorities
from tests.interop.tesla_hosts import serve_as_tesla

from .cars import FIELDS, HOST, Drive, play_cars
from .stage import home_assistant, many_cars, our_entry

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from multiprocessing.connection import Connection

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

_IDLE: Final = 7  # seconds without records, whose CPU time is not theirs
_SETTLE: Final = 12.0  # seconds; registries are written ten after they changed
_WARM: Final = 2.0  # seconds
_LOOK: Final = 0.02
_TIMES: Final = 5  # drives as fast as answered


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What came of it. Times in seconds.

    Some records are acknowledged when the cars, after the time that was `asked`, only listen.
    """

    in_time: int
    records: int
    asked: float
    seconds: float
    cpu: float
    longest_block: float
    plain: float | None  # CPU a record that plain sensors would need

    @property
    def rate(self) -> float:
        """Records acknowledged a second while the cars sent."""
        return self.in_time / self.asked


async def _watch_loop(blocks: list[float]) -> None:
    """How late the loop comes back to somebody who waits for a moment."""
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(_LOOK)
        blocks.append(time.perf_counter() - asked - _LOOK)


async def _drive(orders: Connection, drive: Drive) -> tuple[int, int]:
    with patch.object(car_stream, "TICK", drive.tick):
        orders.send(drive)
        return await asyncio.get_running_loop().run_in_executor(None, orders.recv)


async def _measure(orders: Connection, drive: Drive, plain: list[_PlainSensor]) -> Result:
    """The warm cars drive. The watcher's own wake-ups are part of idling too."""
    blocks: list[float] = []
    watching = asyncio.create_task(_watch_loop(blocks))
    idle = await _idle_cpu()
    blocks.clear()
    in_time = records = 0

    async def wait() -> None:
        nonlocal in_time, records
        in_time, records = await _drive(orders, drive)

    began = time.perf_counter()
    cpu = await _cpu(wait())
    seconds = time.perf_counter() - began
    watching.cancel()
    return Result(
        in_time=in_time,
        records=records,
        asked=drive.seconds,
        seconds=seconds,
        cpu=cpu - idle * seconds,
        longest_block=max(blocks),
        plain=None if drive.rate is None else await _measure_plain(plain, drive),
    )


class _PlainSensor(SensorEntity):
    """What Home Assistant asks of a sensor, and no more."""

    _attr_should_poll = False
    _attr_device_class = SensorDeviceClass.VOLTAGE
    _attr_native_unit_of_measurement = UnitOfElectricPotential.VOLT
    _attr_state_class = SensorStateClass.MEASUREMENT

    def __init__(self, number: int) -> None:
        self._attr_name = f"Plain {number}"
        self._attr_unique_id = f"plain_{number}"

    def write(self, value: float) -> None:
        self._attr_native_value = value
        self.async_write_ha_state()


async def _add_plain(hass: HomeAssistant, cars: int) -> list[_PlainSensor]:
    sensors = [_PlainSensor(number) for number in range(cars * len(FIELDS))]
    platform = MockEntityPlatform(hass, domain="sensor", platform_name="plain")
    await platform.async_add_entities(sensors)
    return sensors


async def _measure_plain(sensors: list[_PlainSensor], drive: Drive) -> float:
    """CPU seconds a record of the writes that it causes, each car's in a turn of its own."""
    cars = [sensors[first : first + len(FIELDS)] for first in range(0, len(sensors), len(FIELDS))]
    pause = drive.records_a_turn / (drive.rate or 1.0) / len(cars)
    turns = 0

    async def write() -> None:
        nonlocal turns
        end = time.monotonic() + drive.seconds
        for car in cycle(cars):
            if time.monotonic() >= end:
                return
            turns += 1
            for sensor in car:
                sensor.write(20.0 + turns % 61 / 8)
            await asyncio.sleep(pause)

    watching = asyncio.create_task(_watch_loop([]))
    idle = await _idle_cpu()
    began = time.perf_counter()
    cpu = await _cpu(write())
    watching.cancel()
    return (cpu - idle * (time.perf_counter() - began)) / turns / drive.records_a_turn


async def _idle_cpu() -> float:
    """CPU of an ordinary second without records; one in which a file is written is not ordinary."""
    return median([await _cpu(asyncio.sleep(1)) for _ in range(_IDLE)])


async def _cpu(work: Awaitable[None]) -> float:
    """Seconds of CPU that this process needs meanwhile."""
    began = time.process_time()
    await work
    return time.process_time() - began


def _pins(cars: CarAuthorities) -> frozenset[str]:
    """Fingerprints of who makes the cars' certificates."""
    bundle = load_pem_x509_certificates(cars.bundle)
    return frozenset(certificate.fingerprint(SHA256()).hex() for certificate in bundle)


def _prepare_identity(folder: Path, cars: CarAuthorities) -> OwnAuthority:
    """Our authority and the cars', as if both had been fetched before."""
    authority = OwnAuthority.create(datetime.now(UTC))
    storage = folder / STORAGE_DIR
    storage.mkdir(parents=True)
    content = {
        "authority": authority.to_dict(),
        "teslas": cars.bundle.decode(),
        "pinned": sorted(_pins(cars)),
        "missing": trusted(cars.bundle, pinned=_pins(cars)).missing,
    }
    (storage / "teslalogger.telemetry").write_text(json.dumps(content))
    return authority


def _everything(now: float) -> dict[str, Reading]:
    """Something of every signal."""
    some: dict[Kind, Value] = {Kind.NUMBER: 1, Kind.BOOL: True, Kind.TEXT: "text", Kind.TIME: now}
    return {
        key: Reading(
            value=signal.options[0] if signal.kind is Kind.ENUM else some[signal.kind],
            car_time=now,
            received=now,
            source=Source.STREAM,
        )
        for key, signal in SIGNALS.items()
        if key != "availability"
    }


async def _load(hass: HomeAssistant, entry: MockConfigEntry, vins: list[str]) -> int:
    """Set up and ask every car once; gives the number of entities of one car."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    for vin in vins:
        car = entry.runtime_data.cars[vin]
        await car.async_refresh()
        car.async_apply(_everything(time.time()))
        car.async_update_listeners()
    await hass.async_block_till_done()
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    return sum(vins[-1] in entity.unique_id for entity in entities)


async def _run(
    folder: Path, authorities: CarAuthorities, drives: Mapping[str, Drive]
) -> tuple[int, dict[str, list[Result]]]:
    world = many_cars()
    for car in world.cars.values():
        car.wake_now()
    config = folder / "config"
    own = _prepare_identity(config, authorities)
    (folder / "tls").mkdir()
    options = TelemetryOptions(source=TelemetrySource.RECEIVER, hostname=HOST, listen_port=0)
    async with (
        serve_as_tesla(world, folder / "tls") as make_connector,
        home_assistant(config, make_connector) as hass,
    ):
        entry = await our_entry(hass, world, {OPTIONS: options.as_dict()})
        vins = list(world.cars)
        entities = await _load(hass, entry, vins)
        receiver = telemetry_server.async_get_server(hass, 0).receiver
        if receiver is None:
            raise RuntimeError(entry.runtime_data.telemetry.problem)
        passports = {
            vin: (passport := authorities.passport(vin)).certificate_pem + passport.key_pem
            for vin in vins
        }
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=play_cars, args=(theirs, receiver.port, folder, own.certificate, passports)
        )
        process.start()
        plain = await _add_plain(hass, len(vins))
        for drive in drives.values():
            await _drive(ours, replace(drive, seconds=_WARM))
        await asyncio.sleep(_SETTLE)
        gc.collect()
        results = {
            name: [await _measure(ours, drive, plain) for _ in range(1 if drive.rate else _TIMES)]
            for name, drive in drives.items()
        }
        ours.send(None)
        await asyncio.get_running_loop().run_in_executor(None, process.join)
        await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
    return entities, results


def main() -> int:
    """Measure, and print a line for each drive."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=15)
    seconds = parser.parse_args().seconds
    logging.disable(logging.CRITICAL)
    enabled = patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock,
        return_value=True,
    )
    # One machine plays all cars, and faster than any car is allowed to be.
    unlimited = patch.object(telemetry_server, "FRAMES_PER_SECOND", 1e6)
    drives = {
        "as fast as answered": Drive(seconds=seconds, rate=None),
        "two a second each": Drive(seconds=seconds, rate=2),
        "fifty, each shown": Drive(seconds=seconds, rate=50, tick=0.0),
    }
    # The hosts are Tesla's own here, so the simulator's way to pin other authorities is not open.
    authorities = CarAuthorities()
    pinned = patch.object(telemetry_identity, "PINNED", _pins(authorities))
    with tempfile.TemporaryDirectory() as folder, enabled, unlimited, pinned:
        entities, results = asyncio.run(_run(Path(folder), authorities, drives))
    print(f"{platform.machine()}, CPython {platform.python_version()}")
    print(f"20 cars with {entities} entities each, 5 signals a record, mutual TLS")
    for name, drives_of_it in results.items():
        by_rate = sorted(drives_of_it, key=lambda drive: drive.rate)
        result = by_rate[len(by_rate) // 2]
        print(
            f"{name:20} {result.rate:8.0f} records/s acknowledged, "
            f"{result.cpu / result.records * 1e6:6.1f} us CPU a record, "
            f"{result.cpu / result.seconds:5.0%} of a core, "
            f"longest block {result.longest_block * 1e3:5.1f} ms"
        )
        if len(by_rate) > 1:
            rates = ", ".join(f"{drive.rate:.0f}" for drive in drives_of_it)
            costs = ", ".join(f"{drive.cpu / drive.records * 1e6:.1f}" for drive in drives_of_it)
            blocks = ", ".join(f"{drive.longest_block * 1e3:.0f}" for drive in drives_of_it)
            print(f"{'':20} in turn {rates} records/s; {costs} us; {blocks} ms")
        if result.plain is not None:
            print(
                f"{'':20} of which Home Assistant's own state writes: {result.plain * 1e6:.1f} us"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
