"""Cars that cost as little as they can: what plays them shares a machine with what is measured.

Every record is a WebSocket frame and a TLS record of its own, as from twenty computers. But the
frames are not masked with chance, and those that may leave at the same time are one system call.
"""

import asyncio
from base64 import b64encode
from dataclasses import dataclass
import re
import ssl
from struct import Struct
import time
from typing import TYPE_CHECKING, Final, override

from tesla_protocol.telemetry import vehicle_data_pb2

from custom_components.teslalogger.streaming.car import TICK
from simulator.telemetry.envelope import VEHICLE_DEVICE, Record, write_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection
    from pathlib import Path

HOST: Final = "home.example.test"
WINDOW: Final = 64
"""Records of one car that wait for their answer."""
FIELDS: Final = ("VehicleSpeed", "Odometer", "PackVoltage", "PackCurrent", "Soc")

_DOUBLE: Final = Struct("<d")
_MARK: Final = 12345.678
_TXID: Final = b"7c9e6679-7425-40de-944b-%012d"
_PATIENCE: Final = 30  # seconds for the last answers

_UPGRADE: Final = (
    "GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_HEAD: Final = b"\r\n\r\n"
_ACCEPTED: Final = b"HTTP/1.1 101 "
_BINARY: Final = 0x82
_PING: Final = 0x89
_PONG: Final = 0x8A
_MASKED: Final = 0x80
_LONG: Final = 126  # what stands for a length in the next two bytes
_NO_MASK: Final = bytes(4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drive:
    """What the cars are to do: records a second of each (None: as many as are answered).

    Their entities are written every `tick` seconds at most.
    """

    seconds: float
    rate: float | None
    tick: float = TICK

    @property
    def records_a_turn(self) -> float:
        """Records that are shown at once."""
        return max(1.0, (self.rate or 0.0) * self.tick)


class Recorder:
    """Writes the records of one car: only the numbers are new each time."""

    def __init__(self, vin: str) -> None:
        payload = vehicle_data_pb2.Payload(vin=vin)
        for name in FIELDS:
            number = vehicle_data_pb2.Field.Value(name)
            payload.data.add(key=number).value.double_value = _MARK
        record = write_record(
            Record(
                txid=_TXID % 0,
                topic=b"V",
                message_id=b"",
                sender_id=f"{VEHICLE_DEVICE}.{vin}".encode(),
                device_type=VEHICLE_DEVICE.encode(),
                device_id=vin.encode(),
                created_at=0,
                payload=payload.SerializeToString(),
            )
        )
        self._record = bytearray(record)
        self._txid = record.index(_TXID % 0)
        self._places = [
            found.start() for found in re.finditer(re.escape(_DOUBLE.pack(_MARK)), record)
        ]
        self._number = 0

    def record(self) -> bytes:
        """The next one; without a time, which is then that of its arrival."""
        self._number += 1
        for factor, place in enumerate(self._places, start=1):
            _DOUBLE.pack_into(self._record, place, 20.0 + (self._number * factor) % 60 / 8)
        txid = _TXID % self._number
        self._record[self._txid : self._txid + len(txid)] = txid
        return bytes(self._record)


class _Car(asyncio.Protocol):
    """One car's open connection. Answers are counted, and nothing else is done with them."""

    def __init__(self, vin: str) -> None:
        self.is_open = asyncio.get_running_loop().create_future()
        self._recorder = Recorder(vin)
        self._received = bytearray()
        self._sent = self._acked = 0
        self._until = float("-inf")
        self._heard = asyncio.Event()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = b64encode(bytes(16)).decode()
        transport.write(_UPGRADE.format(host=HOST, key=key).encode())

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self.is_open.done():
            head, end, rest = self._received.partition(_HEAD)
            if not end:
                return
            assert head.startswith(_ACCEPTED), head
            self._received = rest
            self.is_open.set_result(None)
        self._hear()
        if time.monotonic() < self._until:
            self._send(WINDOW - (self._sent - self._acked))
        self._heard.set()

    def _hear(self) -> None:
        """Take whole frames off what came; those of the receiver are short."""
        place, received = 0, self._received
        while place + 1 < len(received) and place + 2 + received[place + 1] <= len(received):
            end = place + 2 + received[place + 1]
            if received[place] == _BINARY:
                self._acked += 1
            elif received[place] == _PING:
                pong = bytes((_PONG, _MASKED | (end - place - 2))) + _NO_MASK
                self._transport.write(pong + received[place + 2 : end])
            else:
                message = f"the receiver hangs up: {bytes(received[place:end])!r}"
                raise ConnectionError(message)
            place = end
        del received[:place]

    def _send(self, count: int) -> None:
        frames = []
        for _ in range(count):
            record = self._recorder.record()
            header = bytes((_BINARY, _MASKED | _LONG)) + len(record).to_bytes(2) + _NO_MASK
            frames.append(header + record)
        self._sent += count
        self._transport.writelines(frames)

    async def drive(self, drive: Drive, phase: float) -> tuple[int, int]:
        """Send records, and wait for all answers; gives their number, in time and altogether.

        Cars do not keep step: each begins at a `phase` of its own, a part of a period.
        """
        before = self._acked
        end = time.monotonic() + drive.seconds
        if drive.rate is None:
            self._until = end
            self._send(WINDOW)
            await asyncio.sleep(drive.seconds)
        else:
            await asyncio.sleep(phase / drive.rate)
            while time.monotonic() < end:
                if self._sent - self._acked < WINDOW:
                    self._send(1)
                await asyncio.sleep(1 / drive.rate)
        in_time = self._acked - before
        async with asyncio.timeout(_PATIENCE):
            while self._acked < self._sent:
                self._heard.clear()
                await self._heard.wait()
        return in_time, self._acked - before

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()


async def _connect(port: int, context: ssl.SSLContext, vin: str) -> _Car:
    _, car = await asyncio.get_running_loop().create_connection(
        lambda: _Car(vin), "127.0.0.1", port, ssl=context, server_hostname=HOST
    )
    await car.is_open
    return car


async def _drive_all(
    orders: Connection, port: int, folder: Path, ca: str, passports: Mapping[str, bytes]
) -> None:
    loop = asyncio.get_running_loop()
    cars = []
    for vin, passport in passports.items():
        context = ssl.create_default_context(cadata=ca)
        file = folder / f"{vin}.pem"
        file.write_bytes(passport)
        context.load_cert_chain(file)
        cars.append(await _connect(port, context, vin))
    while (drive := await loop.run_in_executor(None, orders.recv)) is not None:
        drives = (car.drive(drive, number / len(cars)) for number, car in enumerate(cars))
        counts = await asyncio.gather(*drives)
        orders.send((sum(in_time for in_time, _ in counts), sum(count for _, count in counts)))
    for car in cars:
        car.close()


def play_cars(
    orders: Connection, port: int, folder: Path, ca: str, passports: Mapping[str, bytes]
) -> None:
    """Be a process that does as it is told through `orders`: a Drive, or None to end.

    It answers each drive with two counts, of what was acknowledged in time and altogether.
    """
    asyncio.run(_drive_all(orders, port, folder, ca, passports))
