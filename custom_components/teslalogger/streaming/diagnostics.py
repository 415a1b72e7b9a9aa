"""What is told of streaming without giving a person, a place or a network away."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.fleet_telemetry.attempts import Attempt
    from custom_components.teslalogger.fleet_telemetry.sink import Hello, Tally

    from .entry import EntryTelemetry

_PREFIX: Final = {4: 24, 6: 64}
"""Bits of an address that tell a network, and not a household."""


def entry_telemetry(telemetry: EntryTelemetry) -> dict[str, Any]:
    """What an entry has to do with streaming: its choice, and the receiver."""
    options, server = telemetry.options, telemetry.server
    receiver = server.receiver if server is not None else None
    problem = telemetry.problem
    told: dict[str, Any] = {
        "source": options.source,
        "preset": options.preset,
        "fields": dict(options.fields),
        "problem": problem and problem.translation_key,
    }
    if receiver is None:
        return told
    attempts, authorities = receiver.attempts, server.authorities if server else None
    return told | {
        "receiver": {
            "connected": len(receiver.connected),
            "authorities": authorities
            and {"found": len(authorities.names), "missing": authorities.missing},
            "refused": dict(attempts.counts),
            "newest": [_attempt(attempt, options.hostname) for attempt in attempts.newest],
        }
    }


def car_telemetry(car: CarCoordinator, telemetry: EntryTelemetry) -> dict[str, Any] | None:
    """How a car's stream is doing; None where none is wanted."""
    if not telemetry.is_wanted:
        return None
    streaming = telemetry.cars.get(car.vin)
    stream = streaming.stream if streaming else None
    told: dict[str, Any] = {
        "since": stream and _whole(stream.since),
        "last_record": stream and _whole(stream.last_record),
        "hello": streaming and streaming.hello and _hello(streaming.hello),
    }
    if not telemetry.receives:
        return told
    dossier = telemetry.configurations.dossier(car.vin)
    receiver = telemetry.server.receiver if telemetry.server else None
    tally = receiver.tallies.get(car.vin) if receiver else None
    given = dossier.given
    return told | {
        "tally": tally and _tally(tally),
        "status": telemetry.configurations.status(car),
        "configuration": {
            "status": dossier.status,
            "given_at": given and _whole(given.at),
            "fields": len(given.content.get("fields", ())) if given else None,
            "left_out": dict(given.left_out) if given else None,
            "looked_at": _whole(dossier.looked_at or None),
            "skipped": dossier.skipped,
            "refusal": dossier.refusal or None,
            "failures": {
                "asking": dossier.asking.failures,
                "giving": dossier.giving.failures,
            },
        },
        "error": dossier.remote
        and {
            "kind": dossier.remote.kind,
            "when": _whole(dossier.remote.when),
            "name": dossier.remote.name,
        },
        "findings": [
            {"finding": check.finding, "severity": check.severity, "step": check.step}
            for check in telemetry.configurations.findings(car)
        ],
    }


def _attempt(attempt: Attempt, hostname: str) -> dict[str, Any]:
    ours = attempt.dialled is not None and attempt.dialled == hostname.lower()
    return {
        "when": _whole(attempt.when),
        "reason": attempt.reason,
        "address": network_of(attempt.address),
        "dialled": "ours" if ours else attempt.dialled and "other",
    }


def network_of(address: str | None) -> str | None:
    """The network that an address is in."""
    try:
        read = ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(read, IPv6Address) and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    return str(ip_network((read, _PREFIX[read.version]), strict=False))


def _hello(hello: Hello) -> Mapping[str, str]:
    return {"client_version": hello.client_version, "network": hello.network}


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "connections": tally.connections,
        "records": tally.records,
        "resent": tally.resent,
        "signals": tally.signals,
        "problems": dict(tally.problems),
    }


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
