"""HTTP on this machine."""

import socket

import pytest

from scripts.workshop.loopback import NoAnswer, ask, free_port


@pytest.mark.usefixtures("socket_enabled")
def test_the_preferred_port_is_taken_when_it_is_free() -> None:
    """People remember 8123."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert free_port(port) == port


@pytest.mark.usefixtures("socket_enabled")
def test_another_port_is_found_when_it_is_not() -> None:
    """Somebody else's Home Assistant is left alone."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert free_port(taken.getsockname()[1]) != taken.getsockname()[1]


def test_nothing_beyond_this_machine_is_asked() -> None:
    """Not even by mistake."""
    with pytest.raises(NoAnswer, match="is not this machine"):
        ask("https://www.tesla.com/")


@pytest.mark.usefixtures("socket_enabled")
def test_a_closed_port_is_no_answer() -> None:
    """One error, whatever the reason."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NoAnswer, match="does not answer"):
        ask(f"http://127.0.0.1:{port}/")
