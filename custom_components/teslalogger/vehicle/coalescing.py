"""Sends the newest of many values, and few of them.

Theory of operation. The first value goes out at once. While it is on its way, and for a pause after
it was sent, further values wait, and of those that wait only the newest is kept. The pause doubles
with every value sent, up to a limit, and starts small again once nobody has wanted anything for a
while. So a person who moves a slider notices nothing, and an automation that follows the sun every
second costs a command a minute. Each command costs money, and Tesla allows only so many.
"""

import asyncio
from dataclasses import dataclass
import time
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.outlast import outlast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 60.0
CALM: Final = 60.0
"""Seconds without a wish after which the pause starts small again."""


class Coalescer[ValueT]:
    """Sends the newest value.

    Args:
        send: Sends a value; its errors reach the caller whose value it was.
        clock: Monotonic, in seconds.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        send: Callable[[ValueT], Awaitable[object]],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._send = send
        self._clock = clock
        self._sleep = sleep
        self._waiting: _Wish[ValueT] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._pause: asyncio.Future[None] | None = None
        self._is_closed = False
        self._next_pause = FIRST_PAUSE
        self._not_before = float("-inf")
        self._last_wish = float("-inf")

    async def submit(self, value: ValueT) -> None:
        """Have the value sent, unless a newer one takes its place before that.

        Returns once it was sent, or a newer value has taken its place. Whoever stops waiting does
        not take the value back.

        Raises:
            Exception: Whatever `send` raised for this very value.
        """
        now = self._clock()
        if now - self._last_wish > CALM:
            self._next_pause = FIRST_PAUSE
            self._not_before = now
        self._last_wish = now
        if self._waiting is not None:
            self._waiting.settled.set_result(None)
        wish = self._waiting = _Wish(
            value=value, settled=asyncio.get_running_loop().create_future()
        )
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        await outlast(wish.settled)

    def hurry(self) -> None:
        """Pause no more: what waits goes out now, for soon nobody can send anything."""
        self._is_closed = True
        if self._pause is not None:
            self._pause.cancel()

    async def _work(self) -> None:
        """Send until nothing waits."""
        try:
            while self._waiting is not None:
                await self._rest()
                wish, self._waiting = self._waiting, None
                await self._send_now(wish)
        finally:
            self._worker = None
            if self._waiting is not None:
                self._waiting.settled.cancel()
                self._waiting = None

    async def _rest(self) -> None:
        delay = self._not_before - self._clock()
        if delay <= 0 or self._is_closed:
            return
        self._pause = asyncio.ensure_future(self._sleep(delay))
        try:
            await asyncio.wait([self._pause])
        finally:
            self._pause.cancel()
            self._pause = None

    async def _send_now(self, wish: _Wish[ValueT]) -> None:
        self._not_before = self._clock() + self._next_pause
        self._next_pause = min(2 * self._next_pause, LONGEST_PAUSE)
        try:
            await self._send(wish.value)
        except Exception as err:  # noqa: BLE001 - it is the caller's, whatever it is
            wish.settled.set_exception(err)
        except BaseException:
            wish.settled.cancel()
            raise
        else:
            wish.settled.set_result(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish[ValueT]:
    value: ValueT
    settled: asyncio.Future[None]
