"""Who tried to reach the receiver, and why it came to nothing: in words that lead to a remedy."""

from collections import Counter, deque
from dataclasses import dataclass
from enum import StrEnum
import ssl
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT: Final = 50
"""Attempts that are remembered."""


class Reason(StrEnum):
    """Why a client was not let in."""

    OUR_CERTIFICATE_REFUSED = "our_certificate_refused"
    CLIENT_DISTRUSTS_US = "client_distrusts_us"
    NO_CERTIFICATE = "no_certificate"
    UNKNOWN_AUTHORITY = "unknown_authority"
    CERTIFICATE_EXPIRED = "certificate_expired"
    WRONG_PURPOSE = "wrong_purpose"
    CERTIFICATE_INVALID = "certificate_invalid"
    NOT_TLS = "not_tls"
    TLS_TOO_OLD = "tls_too_old"
    HANDSHAKE_FAILED = "handshake_failed"
    TIMED_OUT = "timed_out"
    GONE = "gone"
    CROWDED_OUT = "crowded_out"
    NOT_A_CAR = "not_a_car"
    UNKNOWN_CAR = "unknown_car"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One connection that did not become a stream.

    `when` is in seconds since 1970; `dialled` is the name that the client asked for.
    """

    when: float
    reason: Reason
    address: str | None = None
    dialled: str | None = None
    detail: str = ""


# OpenSSL's word for what went wrong. A car, and every program in Go, sends "bad certificate"
# whatever it dislikes about ours; others say that they do not know its authority.
_TLS_REASONS: Final[Mapping[str, Reason]] = {
    "SSLV3_ALERT_BAD_CERTIFICATE": Reason.OUR_CERTIFICATE_REFUSED,
    "SSL/TLS_ALERT_BAD_CERTIFICATE": Reason.OUR_CERTIFICATE_REFUSED,
    "TLSV1_ALERT_UNKNOWN_CA": Reason.CLIENT_DISTRUSTS_US,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": Reason.CLIENT_DISTRUSTS_US,
    "SSL/TLS_ALERT_CERTIFICATE_UNKNOWN": Reason.CLIENT_DISTRUSTS_US,
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": Reason.NO_CERTIFICATE,
    "HTTP_REQUEST": Reason.NOT_TLS,
    "HTTPS_PROXY_REQUEST": Reason.NOT_TLS,
    "WRONG_VERSION_NUMBER": Reason.NOT_TLS,
    "BAD_RECORD_TYPE": Reason.NOT_TLS,
    "PACKET_LENGTH_TOO_LONG": Reason.NOT_TLS,
    "UNSUPPORTED_PROTOCOL": Reason.TLS_TOO_OLD,
    "TLSV1_ALERT_PROTOCOL_VERSION": Reason.TLS_TOO_OLD,
    "UNEXPECTED_EOF_WHILE_READING": Reason.GONE,
}
# X.509's numbers for what is wrong with the client's certificate.
_VERIFY_REASONS: Final[Mapping[int, Reason]] = {
    2: Reason.UNKNOWN_AUTHORITY,
    10: Reason.CERTIFICATE_EXPIRED,
    7: Reason.UNKNOWN_AUTHORITY,
    18: Reason.UNKNOWN_AUTHORITY,
    19: Reason.UNKNOWN_AUTHORITY,
    20: Reason.UNKNOWN_AUTHORITY,
    21: Reason.UNKNOWN_AUTHORITY,
    26: Reason.WRONG_PURPOSE,
}


def reason_of(error: BaseException) -> Reason:
    """Why a handshake failed."""
    match error:
        case ssl.SSLCertVerificationError():
            return _VERIFY_REASONS.get(error.verify_code, Reason.CERTIFICATE_INVALID)
        case ssl.SSLError():
            return _TLS_REASONS.get(error.reason, Reason.HANDSHAKE_FAILED)
        case TimeoutError():
            return Reason.TIMED_OUT
        # asyncio reports a handshake that took too long as an aborted connection.
        case ConnectionAbortedError() if "timeout" in str(error) or "longer than" in str(error):
            return Reason.TIMED_OUT
        case OSError():
            return Reason.GONE
        case _:
            return Reason.HANDSHAKE_FAILED


TURNED_AWAY: Final = frozenset(
    {
        Reason.NO_CERTIFICATE,
        Reason.UNKNOWN_AUTHORITY,
        Reason.CERTIFICATE_EXPIRED,
        Reason.WRONG_PURPOSE,
        Reason.CERTIFICATE_INVALID,
        Reason.TLS_TOO_OLD,
        Reason.NOT_A_CAR,
    }
)
"""Why we have sent somebody away who may have been a car."""


class Attempts:
    """The newest attempts, and how many there were of each kind."""

    def __init__(self) -> None:
        self.newest: deque[Attempt] = deque(maxlen=KEPT)
        self.counts: Counter[Reason] = Counter()

    def note(self, attempt: Attempt) -> None:
        """Remember one."""
        self.newest.append(attempt)
        self.counts[attempt.reason] += 1
