"""Where cars shall find the receiver, checked as far as that can be done from here."""

import asyncio
from dataclasses import dataclass
import errno
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntryState

from custom_components.teslalogger.const import CONF_DOMAIN, DOMAIN
from custom_components.teslalogger.fleet_telemetry.checks import (
    InvalidConfiguration,
    check_port,
    read_hostname,
)
from custom_components.teslalogger.fleet_telemetry.configuration import DEFAULT_PORT
from custom_components.teslalogger.streaming.options import (
    CONF_HOSTNAME,
    CONF_LISTEN_PORT,
    CONF_PORT,
    TelemetryOptions,
    TelemetrySource,
)

from .errors import FormError
from .streaming_forms import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

PORT_BESIDE_THE_KEY: Final = 4443
"""For the domain whose port 443 answers with the public key."""

# Its servers pass on what is meant for Home Assistant's own pages, and nothing else.
_CLOUD: Final = ".ui.nabu.casa"


class AddressRefused(Exception):
    """Cars would not find the receiver; `error` says why."""

    def __init__(self, *, key: str, at: str, **placeholders: str) -> None:
        super().__init__(key)
        self.error: Final = FormError(key=key, at=at, placeholders=placeholders)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiverAddress:
    """Cars dial `hostname` and `port`; that arrives at this machine's `listen_port`."""

    hostname: str
    port: int
    listen_port: int


def suggested_address(entry: TeslaLoggerConfigEntry, options: TelemetryOptions) -> ReceiverAddress:
    """What was chosen before, or may be right."""
    if options.hostname:
        return ReceiverAddress(
            hostname=options.hostname, port=options.port, listen_port=options.listen_port
        )
    domain = entry.data[CONF_DOMAIN]
    if domain.endswith(_CLOUD):
        return ReceiverAddress(hostname="", port=DEFAULT_PORT, listen_port=DEFAULT_PORT)
    return ReceiverAddress(
        hostname=domain, port=PORT_BESIDE_THE_KEY, listen_port=PORT_BESIDE_THE_KEY
    )


def read_address(user_input: Mapping[str, Any]) -> ReceiverAddress:
    """What somebody typed; without a port to listen on it is the one that cars dial.

    Raises AddressRefused.
    """
    try:
        hostname = read_hostname(user_input[CONF_HOSTNAME])
    except InvalidConfiguration as err:
        raise AddressRefused(key=err.problem, at=CONF_HOSTNAME) from err
    if hostname.endswith(_CLOUD):
        raise AddressRefused(key="telemetry_hostname_is_cloud", at=CONF_HOSTNAME)
    port = _read_port(user_input[CONF_PORT], CONF_PORT)
    listen_port = user_input.get(CONF_LISTEN_PORT)
    return ReceiverAddress(
        hostname=hostname,
        port=port,
        listen_port=port if listen_port is None else _read_port(listen_port, CONF_LISTEN_PORT),
    )


def is_address_of_the_key(entry: TeslaLoggerConfigEntry, address: ReceiverAddress) -> bool:
    """Whether this is where Tesla fetches the public key, which no car's certificate opens."""
    return (address.hostname, address.port) == (entry.data[CONF_DOMAIN], DEFAULT_PORT)


async def async_check_can_listen(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, address: ReceiverAddress
) -> None:
    """Try the port, unless a receiver of our own has it. Raises AddressRefused."""
    receivers = _receivers(hass, address.listen_port)
    for other in receivers:
        hostname = TelemetryOptions.of(other).hostname
        if other is not entry and hostname != address.hostname:
            raise AddressRefused(
                key="telemetry_other_hostname", at=CONF_LISTEN_PORT, other=hostname
            )
    if any(own.runtime_data.telemetry.problem is None for own in receivers):
        return
    try:
        server = await asyncio.get_running_loop().create_server(
            asyncio.Protocol, None, address.listen_port
        )
    except OSError as err:
        is_taken = err.errno == errno.EADDRINUSE
        raise AddressRefused(
            key="telemetry_port_taken" if is_taken else "telemetry_port_forbidden",
            at=CONF_LISTEN_PORT,
            reason=err.strerror or type(err).__name__,
        ) from err
    server.close()
    await server.wait_closed()


def _receivers(hass: HomeAssistant, port: int) -> list[TeslaLoggerConfigEntry]:
    """The running entries whose cars come in through this port."""
    return [
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.state is ConfigEntryState.LOADED
        and (options := TelemetryOptions.of(entry)).source is TelemetrySource.RECEIVER
        and options.listen_port == port
    ]


def _read_port(typed: float, at: str) -> int:
    try:
        return check_port(whole(typed))
    except InvalidConfiguration as err:
        raise AddressRefused(key=err.problem, at=at) from err
