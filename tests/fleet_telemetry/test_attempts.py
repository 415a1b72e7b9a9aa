"""Why somebody was not let in, in words that lead to a remedy."""

import ssl

import pytest

from custom_components.teslalogger.fleet_telemetry.attempts import (
    KEPT,
    Attempt,
    Attempts,
    Reason,
    reason_of,
)


def tls_error(reason: str) -> ssl.SSLError:
    """As OpenSSL raises it."""
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


def verify_error(code: int) -> ssl.SSLCertVerificationError:
    """As OpenSSL raises it."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (verify_error(10), Reason.CERTIFICATE_EXPIRED),
        (verify_error(26), Reason.WRONG_PURPOSE),
        (verify_error(19), Reason.UNKNOWN_AUTHORITY),
        (verify_error(23), Reason.CERTIFICATE_INVALID),  # revoked: nothing of its own
        (tls_error("SSLV3_ALERT_BAD_CERTIFICATE"), Reason.OUR_CERTIFICATE_REFUSED),
        (tls_error("HTTP_REQUEST"), Reason.NOT_TLS),
        (tls_error("NO_SHARED_CIPHER"), Reason.HANDSHAKE_FAILED),
        (TimeoutError(), Reason.TIMED_OUT),
        (ConnectionAbortedError("SSL handshake is taking longer than 15.0 s"), Reason.TIMED_OUT),
        (ConnectionAbortedError(103, "Software caused connection abort"), Reason.GONE),
        (ConnectionResetError(), Reason.GONE),
        (ValueError("nobody thought of it"), Reason.HANDSHAKE_FAILED),
    ],
    ids=str,
)
def test_failed_handshake_is_classified(error: BaseException, reason: Reason) -> None:
    """By what OpenSSL and asyncio say of it."""
    assert reason_of(error) is reason


def test_newest_are_remembered_and_all_are_counted() -> None:
    """However many come."""
    attempts = Attempts()
    for when in range(KEPT + 10):
        attempts.note(Attempt(when=float(when), reason=Reason.NOT_TLS))
    assert [attempt.when for attempt in attempts.newest] == [10.0 + when for when in range(KEPT)]
    assert attempts.counts == {Reason.NOT_TLS: KEPT + 10}
