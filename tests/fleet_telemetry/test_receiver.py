"""The receiver: who is let in, what is answered, and when."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import cycle
import resource
import socket
import ssl
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import pytest

from custom_components.teslalogger.fleet_telemetry import receiver as receiver_module
from custom_components.teslalogger.fleet_telemetry.acknowledgement import write_error
from custom_components.teslalogger.fleet_telemetry.attempts import Reason
from custom_components.teslalogger.fleet_telemetry.envelope import MAX_FRAME, read_envelope
from custom_components.teslalogger.fleet_telemetry.receiver import PER_CAR
from custom_components.teslalogger.fleet_telemetry.records import read_frame
from custom_components.teslalogger.fleet_telemetry.tls import server_context

from .conftest import HOST
from .frames import CAR, FRAMES
from .passports import CLIENT_AUTH, VEHICLE, VIN, Office, Passport

if TYPE_CHECKING:
    from collections.abc import Callable

    from custom_components.teslalogger.fleet_telemetry.cork import CorkedTransport
    from custom_components.teslalogger.fleet_telemetry.identity import Identity
    from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority

    from .conftest import Connect, Listening

DRIVING: Final = FRAMES[0]
OTHER_VIN: Final = "5YJ3E1EA7KF000002"


async def answers(car: aiohttp.ClientWebSocketResponse, count: int) -> list[bytes]:
    """The next answers."""
    async with asyncio.timeout(20):
        return [await car.receive_bytes() for _ in range(count)]


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what nobody tells of."""
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0)


async def until_closed(car: aiohttp.ClientWebSocketResponse) -> None:
    """Wait for the end of a connection that brings no answer any more."""
    async with asyncio.timeout(20):
        message = await car.receive()
    assert message.type not in {aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT}
    assert car.closed


async def test_car_is_heard_and_answered(listening: Listening, connect: Connect) -> None:
    """Each frame gets the bytes that the reference answers, in the same order."""
    car = await connect()
    for frame in FRAMES:
        await car.send_bytes(frame.content)
    expected = [answer for frame in FRAMES for answer in frame.answers]
    assert await answers(car, len(expected)) == expected
    assert {vin for vin, _ in listening.diary.taken} == {VIN}
    tally = listening.receiver.tallies[VIN]
    assert tally.records == len(listening.diary.taken) + tally.problems["foreign_vin"]
    assert tally.resent == 1
    assert tally.problems == {
        "foreign_sender": 2,
        "not_a_stream": 3,
        "empty": 2,
        "malformed": 3,
        "foreign_vin": 1,
    }
    records = [read_frame(frame.content, CAR).record for frame in FRAMES]
    assert tally.signals == sum(record.signals for record in records if record)


async def test_answer_waits_until_the_record_is_safe(
    listening: Listening, connect: Connect
) -> None:
    """Nothing is acknowledged before, and the order stays."""
    car = await connect()
    first, second = asyncio.Future[None](), asyncio.Future[None]()
    listening.diary.safe = first
    await car.send_bytes(DRIVING.content)
    await listening.diary.until(lambda: len(listening.diary.taken) == 1)
    listening.diary.safe = second
    await car.send_bytes(FRAMES[1].content)
    await listening.diary.until(lambda: len(listening.diary.taken) == 2)
    second.set_result(None)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await car.receive()
    first.set_result(None)
    assert await answers(car, 2) == [DRIVING.answers[0], FRAMES[1].answers[0]]


async def test_what_cannot_be_made_safe_is_never_acknowledged(
    listening: Listening, connect: Connect
) -> None:
    """A full disk: the car keeps its record, and is sent away at once."""
    car = await connect()
    lost = asyncio.Future[None]()
    listening.diary.safe = lost
    await car.send_bytes(DRIVING.content)
    await listening.diary.until(lambda: bool(listening.diary.taken))
    lost.set_exception(OSError("no space left"))
    await until_closed(car)
    assert car.close_code == aiohttp.WSCloseCode.OK


async def test_promise_is_shared_by_cars_and_outlives_each_of_them(
    listening: Listening, connect: Connect
) -> None:
    """Two cars in one batch: one goes, and the other is still answered."""
    listening.diary.cars.add(OTHER_VIN)
    listening.diary.safe = asyncio.Future[None]()
    leaving, staying = await connect(), await connect(listening.office.issue(OTHER_VIN))
    for car in (leaving, staying):
        await car.send_bytes(DRIVING.content)
    await listening.diary.until(lambda: len(listening.diary.taken) == 2)
    await leaving.close()
    await listening.diary.until(lambda: (VIN, "disconnected") in listening.diary.events)
    listening.diary.safe.set_result(None)
    assert await answers(staying, 1) == list(DRIVING.answers)


async def test_promise_that_is_withdrawn_is_not_kept(
    listening: Listening, connect: Connect
) -> None:
    """Home Assistant stops in the middle of a write: the car keeps its record."""
    car = await connect()
    listening.diary.safe = asyncio.Future[None]()
    await car.send_bytes(DRIVING.content)
    await listening.diary.until(lambda: bool(listening.diary.taken))
    listening.diary.safe.cancel()
    await until_closed(car)


async def test_record_that_names_another_car_is_not_stored(
    listening: Listening, connect: Connect
) -> None:
    """It is answered as Tesla's server does, so that it does not come again, and counted."""
    listening.diary.cars.add(OTHER_VIN)
    car = await connect()
    spoof = next(frame for frame in FRAMES if frame.name.startswith("015"))
    await car.send_bytes(spoof.content)
    await car.send_bytes(DRIVING.content)
    assert await answers(car, 2) == [*spoof.answers, *DRIVING.answers]
    assert listening.diary.taken == [(VIN, read_frame(DRIVING.content, CAR).record)]
    assert listening.receiver.tallies[VIN].problems == {"foreign_vin": 1}


async def test_car_says_who_it_is(listening: Listening, connect: Connect) -> None:
    """Its client's version, its network, the name of the connection."""
    await connect(
        headers={"Version": "1.2.0", "X-Network-Interface": "wifi", "X-TXID": "a-connection"}
    )
    await listening.diary.until(lambda: bool(listening.diary.hellos))
    [hello] = listening.diary.hellos
    assert (hello.client_version, hello.network, hello.connection_id) == (
        "1.2.0",
        "wifi",
        "a-connection",
    )


async def test_compression_is_declined(connect: Connect) -> None:
    """A car offers it, and hangs up if the server takes the offer."""
    car = await connect(compress=15)
    assert car.compress == 0


async def test_text_ends_the_connection(listening: Listening, connect: Connect) -> None:
    """As Tesla's server has it."""
    car = await connect()
    await car.send_str("hello")
    await until_closed(car)
    await listening.diary.until(lambda: (VIN, "disconnected") in listening.diary.events)


async def test_long_frame_is_answered_and_a_huge_one_ends_the_connection(
    connect: Connect,
) -> None:
    """One byte beyond the limit is no record; twice the limit is no car."""
    car = await connect()
    await car.send_bytes(DRIVING.content.ljust(MAX_FRAME + 1, b"\0"))
    assert await answers(car, 1) == [write_error(b"")]
    await car.send_bytes(DRIVING.content)
    assert await answers(car, 1) == list(DRIVING.answers)
    await car.send_bytes(bytes(2 * MAX_FRAME + 1))
    await until_closed(car)


async def test_page_request_gets_no_page(listening: Listening) -> None:
    """Even from a car; the connection ends."""
    context = listening.client_context(listening.office.issue())
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"https://127.0.0.1:{listening.port}/", ssl=context, server_hostname=HOST
        ) as answer,
    ):
        assert answer.status == 400
        assert answer.headers["Sec-WebSocket-Version"] == "13"


REFUSED: Final[dict[str, tuple[Callable[[Office], Passport | None], str]]] = {
    "no certificate": (lambda _: None, "no_certificate"),
    "somebody's authority": (lambda office: Office(name=office.name).issue(), "unknown_authority"),
    "expired": (
        lambda office: office.issue(valid_from=datetime.now(UTC) - timedelta(days=30), days=10),
        "certificate_expired",
    ),
    "not for clients": (lambda office: office.issue(usages=(VEHICLE,)), "wrong_purpose"),
    "no key usage of Tesla's": (lambda office: office.issue(usages=(CLIENT_AUTH,)), "not_a_car"),
    "a wall connector": (
        lambda office: office.issue(usages=(CLIENT_AUTH, VEHICLE), unit="Gen3 Wall Connector"),
        "not_a_car",
    ),
    "no VIN": (lambda office: office.issue("a-car"), "not_a_car"),
    "a car of nobody here": (lambda office: office.issue(OTHER_VIN), "unknown_car"),
}


@pytest.mark.parametrize("bearer", REFUSED)
async def test_others_are_turned_away(listening: Listening, bearer: str) -> None:
    """With the reason kept, and nothing of theirs stored."""
    make, reason = REFUSED[bearer]
    await listening.knock(listening.client_context(make(listening.office)))
    assert await listening.refusals() == [reason]
    [attempt] = listening.receiver.attempts.newest
    assert attempt.dialled == HOST
    assert attempt.address == "127.0.0.1"
    assert not listening.diary.taken
    assert not listening.diary.events


async def test_car_that_distrusts_us_is_told_apart(listening: Listening) -> None:
    """Its configuration names another authority; a name that is not ours is noted, too."""
    context = listening.client_context(listening.office.issue(), trusting=Office().pem)

    def knock() -> None:
        with socket.create_connection(("127.0.0.1", listening.port)) as plain:
            context.wrap_socket(plain, server_hostname="lost.example.test")

    # asyncio's client hangs up before it has said why.
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.to_thread(knock)
    assert await listening.refusals() == ["client_distrusts_us"]
    assert listening.receiver.attempts.newest[0].dialled == "lost.example.test"


async def test_what_is_no_tls_is_told_apart(listening: Listening) -> None:
    """A browser that was given the address without https."""
    await listening.knock(None)
    assert await listening.refusals() == ["not_tls"]


async def test_somebody_who_leaves_is_told_apart(listening: Listening) -> None:
    """A port scanner."""
    _, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    writer.close()
    assert await listening.refusals() == ["gone"]


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What a test says of it."""
    return getattr(request, "param", {})


@pytest.mark.parametrize("limits", [{"handshake_timeout": 0.05}], indirect=True)
async def test_unfinished_handshake_ends(listening: Listening) -> None:
    """After its time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    assert await reader.read() == b""
    assert await listening.refusals() == ["timed_out"]
    writer.close()


async def test_two_thousand_unfinished_handshakes_keep_no_car_out(
    listening: Listening, connect: Connect
) -> None:
    """The address with the most of them loses its oldest; who is let in stays."""
    crowd = 2_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 3 * crowd)), hard))
    writers = []
    before = await connect()
    try:
        for _ in range(crowd):
            _, writer = await asyncio.open_connection(
                "127.0.0.1", listening.port, local_addr=("127.0.0.2", 0)
            )
            writers.append(writer)
        after = await connect()
        for car in (before, after):
            await car.send_bytes(DRIVING.content)
            assert await answers(car, 1) == list(DRIVING.answers)
        assert listening.receiver.attempts.counts[Reason.CROWDED_OUT] >= crowd - 110
        assert {attempt.address for attempt in listening.receiver.attempts.newest} == {"127.0.0.2"}
    finally:
        for writer in writers:
            writer.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("crowd", [("127.0.0.1",), tuple(f"127.0.0.{n}" for n in range(2, 42))])
@pytest.mark.parametrize("limits", [{"unfinished": 40}], indirect=True)
async def test_car_gets_in_while_others_keep_coming(
    listening: Listening, connect: Connect, crowd: tuple[str, ...]
) -> None:
    """From its own address or from many, before, during and after its handshake."""
    writers: list[asyncio.StreamWriter] = []
    counts, enough = listening.receiver.attempts.counts, 20

    async def flood() -> None:
        for address in cycle(crowd):
            _, writer = await asyncio.open_connection(
                "127.0.0.1", listening.port, local_addr=(address, 0)
            )
            writers.append(writer)
            if len(writers) >= 100:
                writers.pop(0).close()

    flooding = asyncio.ensure_future(flood())
    try:
        await until(lambda: counts[Reason.CROWDED_OUT] >= enough)
        car = await connect()
        enough += counts[Reason.CROWDED_OUT]
        await until(lambda: counts[Reason.CROWDED_OUT] >= enough)
        await car.send_bytes(DRIVING.content)
        assert await answers(car, 1) == list(DRIVING.answers)
    finally:
        flooding.cancel()
        for writer in writers:
            writer.close()


async def test_car_is_gone_with_its_last_connection(listening: Listening, connect: Connect) -> None:
    """It changes from one network to the other before the first is found to be dead."""
    first, second = await connect(), await connect()
    await listening.diary.until(lambda: len(listening.diary.events) == 2)
    assert listening.receiver.connected == {VIN}
    await first.close()
    await second.send_bytes(DRIVING.content)
    await answers(second, 1)
    assert (VIN, "disconnected") not in listening.diary.events
    await second.close()
    await listening.diary.until(lambda: (VIN, "disconnected") in listening.diary.events)
    assert not listening.receiver.connected


async def test_too_many_connections_of_a_car_close_the_oldest(
    listening: Listening, connect: Connect
) -> None:
    """The newest is the one that lives."""
    sockets = [await connect() for _ in range(PER_CAR + 1)]
    await until_closed(sockets[0])
    await sockets[-1].send_bytes(DRIVING.content)
    assert await answers(sockets[-1], 1) == list(DRIVING.answers)
    assert len(listening.diary.hellos) == PER_CAR + 1


async def test_car_that_left_its_account_is_sent_away(
    listening: Listening, connect: Connect
) -> None:
    """And is not let in again."""
    car = await connect()
    await listening.diary.until(lambda: bool(listening.diary.hellos))
    listening.diary.cars.clear()
    await listening.receiver.async_drop(VIN)
    await until_closed(car)
    await listening.knock(listening.client_context(listening.office.issue()))
    assert await listening.refusals() == ["unknown_car"]


async def test_renewed_certificate_disturbs_nobody(
    listening: Listening, connect: Connect, authority: OwnAuthority
) -> None:
    """Who is connected stays, who comes sees the new one."""
    car = await connect()
    name = "new.example.test"
    leaf = authority.issue(name, datetime.now(UTC))
    listening.receiver.renew(server_context(leaf, listening.office.pem))
    await connect(name=name)
    await car.send_bytes(DRIVING.content)
    assert await answers(car, 1) == list(DRIVING.answers)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        await asyncio.open_connection(
            "127.0.0.1",
            listening.port,
            ssl=listening.client_context(listening.office.issue()),
            server_hostname=HOST,
        )


async def test_stopped_receiver_sends_everybody_away(
    listening: Listening, connect: Connect
) -> None:
    """Cars and callers; the port is free again."""
    port = listening.port
    car = await connect()
    reader, _ = await asyncio.open_connection("127.0.0.1", port)
    await listening.diary.until(lambda: bool(listening.diary.hellos))
    await listening.receiver.async_stop()
    await until_closed(car)
    assert await reader.read() == b""
    assert listening.diary.events == [(VIN, "connected"), (VIN, "disconnected")]
    with pytest.raises(OSError, match=str(port)):
        await asyncio.open_connection("127.0.0.1", port)
    await listening.receiver.async_stop()


async def test_port_that_is_taken_is_an_error(listening: Listening) -> None:
    """For whoever starts it."""
    with pytest.raises(OSError, match="address already in use"):
        await type(listening.receiver)(
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), listening.diary
        ).async_start(listening.port, "127.0.0.1")


async def test_car_that_answers_no_ping_is_gone(listening: Listening, connect: Connect) -> None:
    """It lost its network; one that answers stays."""
    listening.diary.cars.add(OTHER_VIN)
    await connect(autoping=False)
    alive = await connect(listening.office.issue(OTHER_VIN))
    await listening.diary.until(lambda: len(listening.diary.hellos) == 2)
    reading = asyncio.ensure_future(alive.receive())
    [connection] = listening.receiver._connections[OTHER_VIN]
    await listening.receiver.async_beat()
    await until(lambda: connection._has_been_heard)
    await listening.receiver.async_beat()
    await listening.diary.until(lambda: (VIN, "disconnected") in listening.diary.events)
    assert not reading.done()
    await alive.send_bytes(DRIVING.content)
    assert (await reading).data == DRIVING.answers[0]


@pytest.mark.parametrize("limits", [{"heartbeat": 0.0}], indirect=True)
async def test_heart_beats_by_itself(listening: Listening, connect: Connect) -> None:
    """As long as the receiver is there."""
    await connect(autoping=False)
    await listening.diary.until(lambda: (VIN, "disconnected") in listening.diary.events)


def dead_car(listening: Listening) -> ssl.SSLSocket:
    """One that is connected and then neither reads nor says a word; for a thread."""
    context = listening.client_context(listening.office.issue())
    plain = socket.create_connection(("127.0.0.1", listening.port))
    secure = context.wrap_socket(plain, server_hostname=HOST)
    secure.sendall(
        b"GET / HTTP/1.1\r\nHost: home\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    return secure


async def test_dead_links_hold_up_no_stop(
    listening: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left there to take leave of; Home Assistant waits for ten seconds at most."""
    monkeypatch.setattr(receiver_module, "GRACE", 0.0)
    cars = [await asyncio.to_thread(dead_car, listening) for _ in range(2)]
    await listening.diary.until(lambda: len(listening.diary.hellos) == 2)
    async with asyncio.timeout(20):
        await listening.receiver.async_stop()
    assert listening.diary.events[-1] == (VIN, "disconnected")
    for car in cars:
        car.close()


async def admitted(listening: Listening) -> asyncio.StreamReader:
    """A car whose handshake is over, and which has asked for nothing yet."""
    context = listening.client_context(listening.office.issue())
    reader, _ = await asyncio.open_connection(
        "127.0.0.1", listening.port, ssl=context, server_hostname=HOST
    )
    await until(lambda: bool(listening.receiver._admitted))
    return reader


async def test_car_that_left_before_its_request_is_sent_away(listening: Listening) -> None:
    """It was let in, and nobody had heard of it."""
    reader = await admitted(listening)
    listening.diary.cars.clear()
    await listening.receiver.async_drop(VIN)
    with suppress(ConnectionError):
        async with asyncio.timeout(20):
            assert await reader.read() == b""
    assert not listening.receiver._admitted
    assert not listening.diary.events


async def test_car_that_left_since_its_handshake_is_not_served(
    listening: Listening, connect: Connect
) -> None:
    """Whose it is is looked at again when it asks."""
    door = listening.receiver._admission
    welcome = door.welcome

    def leave(transport: CorkedTransport, identity: Identity) -> asyncio.Protocol:
        listening.diary.cars.clear()
        return welcome(transport, identity)

    door.welcome = leave
    with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
        await connect()
    assert not listening.diary.events


async def test_car_that_never_asks_is_forgotten(listening: Listening) -> None:
    """Once it is gone: such connections do not pile up."""
    context = listening.client_context(listening.office.issue())
    _, writer = await asyncio.open_connection(
        "127.0.0.1", listening.port, ssl=context, server_hostname=HOST
    )
    await until(lambda: bool(listening.receiver._admitted))
    writer.close()
    await until(lambda: not listening.receiver._admitted)


@pytest.mark.parametrize("limits", [{"frames_per_second": 200.0}], indirect=True)
async def test_noisy_car_is_slowed_down_and_loses_nothing(
    listening: Listening, connect: Connect
) -> None:
    """Everything is answered in the end; others are not kept waiting."""
    listening.diary.cars.add(OTHER_VIN)
    noisy = await connect()
    quiet = await connect(listening.office.issue(OTHER_VIN))
    count = 2_010  # the burst of ten seconds, and a little more
    for _ in range(count):
        await noisy.send_bytes(DRIVING.content)
    await quiet.send_bytes(DRIVING.content)
    assert await answers(quiet, 1) == list(DRIVING.answers)
    assert len(await answers(noisy, count)) == count


async def test_answers_wait_in_bounds(listening: Listening, connect: Connect) -> None:
    """A car that sends faster than the disk takes is read no further."""
    car = await connect()
    listening.diary.safe = asyncio.Future[None]()
    count = 1_500
    for _ in range(count):
        await car.send_bytes(FRAMES[1].content)
    await listening.diary.until(lambda: len(listening.diary.taken) == 1_000)
    for _ in range(20):
        await asyncio.sleep(0)
    assert len(listening.diary.taken) == 1_000
    listening.diary.safe.set_result(None)
    received = await answers(car, count)
    assert {read_envelope(answer).topic for answer in received} == {b"V"}
