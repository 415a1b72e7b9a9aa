"""What is written while a transport is corked leaves at once, and in one piece."""

import asyncio
from contextlib import suppress
from unittest.mock import Mock, call

import pytest

from custom_components.teslalogger.fleet_telemetry.cork import CorkedTransport


@pytest.fixture
def real() -> Mock:
    """The transport behind it."""
    return Mock(spec=asyncio.Transport)


def test_uncorked_transport_writes_as_it_is_told(real: Mock) -> None:
    """Each piece by itself."""
    transport = CorkedTransport(real)
    transport.write(b"one")
    transport.writelines([b"two", bytearray(b"three")])
    assert real.write.mock_calls == [call(b"one"), call(b"twothree")]


def test_corked_transport_writes_once(real: Mock) -> None:
    """In the order in which it was told."""
    transport = CorkedTransport(real)
    with transport.corked():
        transport.write(b"one")
        transport.writelines([memoryview(b"two"), b"three"])
        assert not real.write.called
    transport.write(b"four")
    assert real.write.mock_calls == [call(b"onetwothree"), call(b"four")]


def test_nothing_to_write_is_not_written(real: Mock) -> None:
    """TLS would make a record of it."""
    with CorkedTransport(real).corked():
        pass
    assert not real.write.called


def test_failure_does_not_keep_what_was_written(real: Mock) -> None:
    """It is answered already, as far as whoever wrote it knows."""
    transport = CorkedTransport(real)
    with suppress(ZeroDivisionError), transport.corked():
        transport.write(b"one")
        raise ZeroDivisionError
    transport.write(b"two")
    assert real.write.mock_calls == [call(b"one"), call(b"two")]


def test_everything_else_is_the_other_ones(real: Mock) -> None:
    """Whoever reads from it, closes it or asks about it."""
    transport = CorkedTransport(real)
    protocol = asyncio.Protocol()
    transport.set_protocol(protocol)
    transport.pause_reading()
    transport.resume_reading()
    transport.close()
    transport.abort()
    assert transport.get_protocol() is real.get_protocol.return_value
    assert transport.is_reading() is real.is_reading.return_value
    assert transport.is_closing() is real.is_closing.return_value
    assert transport.get_extra_info("peername", 1) is real.get_extra_info.return_value
    assert real.mock_calls == [
        call.set_protocol(protocol),
        call.pause_reading(),
        call.resume_reading(),
        call.close(),
        call.abort(),
        call.get_protocol(),
        call.is_reading(),
        call.is_closing(),
        call.get_extra_info("peername", 1),
    ]
