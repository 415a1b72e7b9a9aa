"""How far a car has come towards streaming, in a word."""

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.fleet_telemetry.eligibility import Finding
from custom_components.teslalogger.fleet_telemetry.stored import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custom_components.teslalogger.fleet_telemetry.dossier import Dossier
    from custom_components.teslalogger.fleet_telemetry.eligibility import Check


class StreamingStatus(StrEnum):
    """The words."""

    OFF = "off"  # nobody listens
    WAITING = "waiting"
    ACTIVE = "active"
    KEY_MISSING = "key_missing"
    NOT_ALLOWED = "not_allowed"
    NOT_POSSIBLE = "not_possible"
    NOT_CONFIGURED = "not_configured"
    TOO_MANY_APPS = "too_many_apps"
    OTHER_SERVER = "other_server"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


_WORDS: Final = {
    Finding.SCOPE_MISSING: StreamingStatus.NOT_ALLOWED,
    Finding.UNSUPPORTED_HARDWARE: StreamingStatus.NOT_POSSIBLE,
    Finding.UNSUPPORTED_FIRMWARE: StreamingStatus.NOT_POSSIBLE,
    Finding.TOGGLE_OFF: StreamingStatus.NOT_ALLOWED,
    Finding.NO_ROOM_FOR_KEY: StreamingStatus.KEY_MISSING,
    Finding.KEY_MISSING: StreamingStatus.KEY_MISSING,
    Finding.KEY_DOUBTFUL: StreamingStatus.WAITING,
    Finding.TOO_MANY_APPS: StreamingStatus.TOO_MANY_APPS,
    Finding.SKIPPED: StreamingStatus.REFUSED,
    Finding.OTHER_SERVER: StreamingStatus.OTHER_SERVER,
    Finding.NOT_CONFIGURED: StreamingStatus.NOT_CONFIGURED,
    Finding.OUTDATED: StreamingStatus.WAITING,
    Finding.WAITING_FOR_CAR: StreamingStatus.WAITING,
    Finding.WRONG_KEY: StreamingStatus.REFUSED,
    Finding.CERTIFICATE_REFUSED: StreamingStatus.UNREACHABLE,
    Finding.UNREACHABLE: StreamingStatus.UNREACHABLE,
    Finding.TURNED_AWAY: StreamingStatus.REFUSED,
}


def status_of(dossier: Dossier, findings: Iterable[Check]) -> StreamingStatus | None:
    """The word for a car with these findings; None as long as nobody knows."""
    for check in findings:
        if check.finding in _WORDS:
            return _WORDS[check.finding]
    streams = dossier.streaming_since is not None
    return StreamingStatus.ACTIVE if streams or dossier.status is Status.ACTIVE else None
