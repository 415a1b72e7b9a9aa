"""What cars told Tesla about their streams, put into kinds that have a remedy."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
import math
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_TEXT: Final = 300

_VIN_TAIL: Final = 6
_MILLISECONDS: Final = 100_000_000_000  # as seconds, this would be in the year 5138


class RemoteErrorKind(StrEnum):
    """What went wrong between the car and the receiver."""

    WRONG_KEY = "wrong_key"  # the configuration was not signed with a key that the car has
    CAR_REFUSED = "car_refused"  # the receiver did not accept the car's certificate
    UNKNOWN_AUTHORITY = "unknown_authority"  # `ca` is not that of the receiver's certificate
    WRONG_HOSTNAME = "wrong_hostname"  # the receiver's certificate is for another name
    CERTIFICATE_EXPIRED = "certificate_expired"
    BAD_CERTIFICATE = "bad_certificate"
    NO_TLS = "no_tls"  # something else listens on the port, or stands before it
    NAME_NOT_FOUND = "name_not_found"
    CONNECTION_REFUSED = "connection_refused"
    UNREACHABLE = "unreachable"
    NOT_A_RECEIVER = "not_a_receiver"
    CONNECTION_LOST = "connection_lost"
    CONFIGURATION = "configuration"
    UNKNOWN = "unknown"

    @property
    def translation_key(self) -> str:
        """The key of the sentence that says it."""
        return f"telemetry_error_{self.value}"


# The first that matches decides. Texts are those of Go's libraries, in which cars are written.
_KINDS: Final[tuple[tuple[RemoteErrorKind, str], ...]] = (
    (RemoteErrorKind.CAR_REFUSED, r"remote error: tls"),
    (
        RemoteErrorKind.UNKNOWN_AUTHORITY,
        r"unknown (certificate )?authority|unknown_ca|unable to get local issuer",
    ),
    (RemoteErrorKind.WRONG_KEY, r"ecdsa: verification error|InvalidSignature|mailbox public key"),
    (RemoteErrorKind.CERTIFICATE_EXPIRED, r"certificate has expired|not yet valid"),
    (
        RemoteErrorKind.WRONG_HOSTNAME,
        r"certificate is (not )?valid for|common ?name|\bSANs?\b|cannot validate certificate for",
    ),
    (
        RemoteErrorKind.NO_TLS,
        r"like a TLS handshake|server gave HTTP response|protocol version|oversized record",
    ),
    (RemoteErrorKind.BAD_CERTIFICATE, r"x509|bad[ _]certificate|\bcertificate\b|\btls:"),
    (
        RemoteErrorKind.NAME_NOT_FOUND,
        r"no such host|name resolution|server misbehaving|\blookup \S+.*(timeout|on )",
    ),
    (RemoteErrorKind.CONNECTION_REFUSED, r"connection refused|econnrefused"),
    (
        RemoteErrorKind.UNREACHABLE,
        r"timed? ?out|timeout|deadline exceeded|no route to host|unreachable",
    ),
    (RemoteErrorKind.NOT_A_RECEIVER, r"bad handshake|malformed http|unexpected status"),
    (RemoteErrorKind.CONNECTION_LOST, r"connection reset|broken pipe|\beof\b|use of closed"),
    (RemoteErrorKind.CONFIGURATION, r"config"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteError:
    """One error; `when` is in seconds since 1970, None where Tesla gives no readable time.

    `name` is Tesla's word for it and `text` the car's, as one line without the VIN.
    """

    vin: str = field(repr=False)
    when: float | None
    name: str
    text: str
    kind: RemoteErrorKind
    txid: str | None = None
    hostname: str | None = None
    port: int | None = None


def read_errors(rows: Iterable[Any], *, vin: str | None = None) -> list[RemoteError]:
    """The errors of one car, or of all; the newest first, those without time last.

    Rows that are not of Tesla's form are left out.
    """
    errors = [
        _error(row, vin_of_row)
        for row in rows
        if isinstance(row, dict) and isinstance(vin_of_row := row.get("vin"), str) and vin_of_row
    ]
    wanted = [error for error in errors if vin is None or error.vin == vin]
    return sorted(wanted, key=lambda error: error.when or 0.0, reverse=True)


def classify(name: str, text: str) -> RemoteErrorKind:
    """The kind of an error, by what the car said of it, else by what Tesla calls it."""
    for words in (text, name):
        for kind, pattern in _KINDS:
            if re.search(pattern, words, re.IGNORECASE):
                return kind
    return RemoteErrorKind.UNKNOWN


def _error(row: Mapping[str, Any], vin: str) -> RemoteError:
    name, text = (_line(row.get(key), vin) for key in ("error_name", "error"))
    txid = row.get("txID", row.get("txid"))
    return RemoteError(
        vin=vin,
        when=_seconds(row.get("created_at")),
        name=name,
        text=text,
        kind=classify(name, text),
        txid=_line(txid, vin) if isinstance(txid, str) else None,
        hostname=_line(row.get("hostname"), vin) or None,
        port=_port(row.get("port")),
    )


def _line(value: Any, vin: str) -> str:
    """A stranger's text as one printable line."""
    if not isinstance(value, str):
        return ""
    value = value.replace(vin, f"…{vin[-_VIN_TAIL:]}")
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def _port(value: Any) -> int | None:
    try:
        return int(value)
    except TypeError, ValueError, OverflowError:
        return None


def _seconds(value: Any) -> float | None:
    """A time as text of ISO 8601, in seconds or in milliseconds since 1970."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except TypeError, ValueError, OverflowError:
        return _iso(value)
    if not math.isfinite(number) or number <= 0:
        return None
    return number / 1000 if number >= _MILLISECONDS else number


def _iso(value: Any) -> float | None:
    try:
        moment = datetime.fromisoformat(value)
    except TypeError, ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
