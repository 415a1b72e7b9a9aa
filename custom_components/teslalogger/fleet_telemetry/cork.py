"""A transport whose writes can wait for each other.

Many small messages that leave together are encrypted once and cost one system call. One after the
other, that is most of what an acknowledgement costs.
"""

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, override

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

type _Bytes = bytes | bytearray | memoryview


class CorkedTransport(asyncio.Transport):
    """Stands before another transport; what is written while it is corked leaves at the end."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._held: list[_Bytes] | None = None

    @contextmanager
    def corked(self) -> Iterator[None]:
        """Hold back what is written meanwhile. Not to be used within itself."""
        held = self._held = []
        try:
            yield
        finally:
            self._held = None
            if held:
                self._transport.write(b"".join(held))

    @override
    def write(self, data: _Bytes) -> None:
        if self._held is None:
            self._transport.write(data)
        else:
            self._held.append(data)

    @override
    def writelines(self, list_of_data: Iterable[_Bytes]) -> None:
        self.write(b"".join(list_of_data))

    # Everything else is the other one's.

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    @override
    def is_closing(self) -> bool:
        return self._transport.is_closing()

    @override
    def close(self) -> None:
        self._transport.close()

    @override
    def abort(self) -> None:
        self._transport.abort()

    @override
    def pause_reading(self) -> None:
        self._transport.pause_reading()

    @override
    def resume_reading(self) -> None:
        self._transport.resume_reading()

    @override
    def is_reading(self) -> bool:
        return self._transport.is_reading()

    @override
    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._transport.set_protocol(protocol)

    @override
    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._transport.get_protocol()
