"""One connection: what comes together, and a car that does not read."""

import asyncio
from unittest.mock import Mock, patch

from aiohttp import WSMessage, WSMsgType, web
import pytest

from custom_components.teslalogger.fleet_telemetry import connection
from custom_components.teslalogger.fleet_telemetry.connection import Connection
from custom_components.teslalogger.fleet_telemetry.cork import CorkedTransport
from custom_components.teslalogger.fleet_telemetry.sink import Tally

from .conftest import Diary, settled
from .frames import CAR, FRAMES


async def never_end(*_: object) -> None:
    """What is sent does not leave."""
    await asyncio.Event().wait()


@pytest.fixture
def full() -> Mock:
    """A socket whose buffers are full."""
    socket = Mock(spec=web.WebSocketResponse)
    socket.ping = socket.send_bytes = never_end
    return socket


async def test_ping_that_does_not_leave_ends_the_connection(full: Mock) -> None:
    """The pulse of all cars waits for it for a while, and not for ever."""
    transport = Mock(spec=asyncio.Transport)
    stuck = Connection(
        full, CorkedTransport(transport), CAR, Diary(), Tally(), frames_per_second=1.0
    )
    with patch.object(connection, "DEADLINE", 0.0):
        await stuck.async_beat()
    assert transport.abort.called


class Line:
    """A connection whose frames come when the test says so, and as many at once."""

    def __init__(self, diary: Diary) -> None:
        self._messages: asyncio.Queue[WSMessage | BaseException] = asyncio.Queue()
        self.transport = Mock(spec=asyncio.Transport)
        socket = Mock(spec=web.WebSocketResponse)
        socket.receive = self._receive
        self.answered = socket.send_bytes
        self.connection = Connection(
            socket, CorkedTransport(self.transport), CAR, diary, Tally(), frames_per_second=1e6
        )
        self.serving = asyncio.create_task(self.connection.async_serve())

    async def _receive(self) -> WSMessage:
        message = await self._messages.get()
        if isinstance(message, BaseException):
            raise message
        return message

    def bring(self, count: int = 1, end: BaseException | None = None) -> None:
        """Records that are there all at once, and what ends the connection."""
        for _ in range(count):
            self._messages.put_nowait(WSMessage(WSMsgType.BINARY, FRAMES[0].content, None))
        if end is not None:
            self._messages.put_nowait(end)

    async def hang_up(self) -> None:
        """The car says goodbye."""
        self._messages.put_nowait(WSMessage(WSMsgType.CLOSED, None, None))
        await asyncio.wait_for(self.serving, 5)


async def taken(count: int, diary: Diary, take: Mock) -> list[int]:
    """How many records each step of the sink took, once it were so many altogether."""
    await diary.until(lambda: len(diary.taken) >= count)
    return [len(call.args[1]) for call in take.call_args_list]


async def test_what_comes_together_is_taken_together() -> None:
    """It is one step of the sink, and all of it is answered."""
    diary = Diary()
    with patch.object(diary, "take", wraps=diary.take) as take:
        line = Line(diary)
        line.bring(20)
        assert await taken(20, diary, take) == [20]
    await settled()
    assert line.answered.await_count == 20
    await line.hang_up()


async def test_one_of_many_waits_for_more() -> None:
    """Several came together, so that others may come in a moment."""
    diary = Diary()
    with (
        patch.object(connection, "_GATHERING", 3600.0),
        patch.object(diary, "take", wraps=diary.take) as take,
    ):
        line = Line(diary)
        line.bring(2)
        assert await taken(2, diary, take) == [2]
        for _ in range(3):
            line.bring()
            await settled()
        assert take.call_count == 1
        await line.hang_up()
        assert await taken(5, diary, take) == [2, 3]


async def test_single_record_waits_for_nobody() -> None:
    """Most cars tell something now and then; also after others came together."""
    diary = Diary()
    with patch.object(diary, "take", wraps=diary.take) as take:
        line = Line(diary)
        line.bring(2)
        line.bring()
        assert await taken(3, diary, take) == [3]
        line.bring()
        assert await taken(4, diary, take) == [3, 1]
        with patch.object(connection, "_GATHERING", 3600.0):
            for count in range(5, 8):
                line.bring()
                assert sum(await taken(count, diary, take)) == count
        assert take.call_count == 5
    await line.hang_up()


async def test_turn_ends_for_the_sake_of_others() -> None:
    """However much a car has to tell, and however long others would be waited for."""
    diary = Diary()
    with (
        patch.object(connection, "_GATHERING", 3600.0),
        patch.object(diary, "take", wraps=diary.take) as take,
    ):
        line = Line(diary)
        line.bring(2)
        line.bring(1_000)
        counts = await taken(900, diary, take)
        assert max(counts) < 200
        await line.hang_up()
        assert sum(await taken(1_002, diary, take)) == 1_002


async def test_what_came_before_the_goodbye_is_taken() -> None:
    """The car will not send it again, for all that it knows."""
    diary = Diary()
    line = Line(diary)
    line.bring(2)
    await line.hang_up()
    assert len(diary.taken) == 2


async def test_what_came_before_the_line_broke_is_taken() -> None:
    """It is not answered any more, so the car will send it again, and nothing changes by that."""
    diary = Diary()
    line = Line(diary)
    line.bring(2, end=ConnectionResetError())
    await asyncio.wait_for(line.serving, 5)
    assert len(diary.taken) == 2


async def test_nothing_is_taken_for_nobody() -> None:
    """Whoever ended it does not want to hear of what was just read."""
    diary = Diary()
    line = Line(diary)
    line.bring(2, end=asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        await line.serving
    await settled()
    assert not diary.taken


async def test_sink_that_breaks_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing may be answered behind what was not taken; the log says why."""
    line = Line(Diary())
    with patch.object(Diary, "take", side_effect=ZeroDivisionError):
        line.bring()
        await settled()
    assert line.transport.abort.called
    assert not line.answered.await_count
    assert "ZeroDivisionError" in caplog.text
    await line.hang_up()
