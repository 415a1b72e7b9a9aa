"""Errors of cars get a kind that has a remedy, whatever their form."""

import json
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry.remote_errors import (
    MAX_TEXT,
    RemoteErrorKind,
    classify,
    read_errors,
)

VIN: Final = "5YJ3E7EB8MF012346"
OTHER: Final = "LRW3E7EK9NC012347"
ROW: Final[dict[str, Any]] = {
    "vin": VIN,
    "error_name": "config_manager_error",
    "error": "crypto/ecdsa: verification error",
    "name": "0123-client-id",
    "txID": "f1c0",
    "created_at": "2026-11-23T08:00:00Z",
    "hostname": "car.example.org",
    "port": "443",
}

# Texts of https://github.com/teslamotors/fleet-telemetry issues 76, 119, 212, 225, 374 and 406,
# and those of Go's own libraries.
TEXTS: Final = [
    ("crypto/ecdsa: verification error", "wrong_key"),
    (
        "InvalidSignature: invalid mailbox public key: only NIST-P256 ECDH keys permitted",
        "wrong_key",
    ),
    ("remote error: tls: bad certificate", "car_refused"),
    (
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "unknown_authority",
    ),
    ("x509: certificate has expired or is not yet valid: current time ...", "certificate_expired"),
    ("x509: certificate is valid for a.example, not car.example.org", "wrong_hostname"),
    ("x509: certificate is not valid for any names, but wanted to match x", "wrong_hostname"),
    ("x509: certificate relies on legacy Common Name field, use SANs instead", "wrong_hostname"),
    (
        "x509: cannot validate certificate for 1.2.3.4 because it doesn't contain any IP SANs",
        "wrong_hostname",
    ),
    ("x509: invalid signature: parent certificate cannot sign", "bad_certificate"),
    ("remote error: tls: unknown certificate authority", "car_refused"),
    (
        'x509: certificate signed by unknown authority (because of "ecdsa: verification error")',
        "unknown_authority",
    ),
    ("tls: handshake failure", "bad_certificate"),
    ("bad certificate", "bad_certificate"),
    ("tls: first record does not look like a TLS handshake", "no_tls"),
    ("http: server gave HTTP response to HTTPS client", "no_tls"),
    ("dial tcp: lookup car.example.org: no such host", "name_not_found"),
    ("dial tcp: lookup car.example.org on 1.1.1.1:53: server misbehaving", "name_not_found"),
    ("dial tcp: lookup car.example.org: i/o timeout", "name_not_found"),
    ("dial tcp 192.0.2.1:443: connect: connection refused", "connection_refused"),
    ("dial tcp 192.0.2.1:443: i/o timeout", "unreachable"),
    ("context deadline exceeded", "unreachable"),
    ("connect: no route to host", "unreachable"),
    ("websocket: bad handshake", "not_a_receiver"),
    ("read tcp: connection reset by peer", "connection_lost"),
    ("unexpected EOF", "connection_lost"),
    ("something else", "configuration"),
    ("", "configuration"),
]


@pytest.mark.parametrize(("text", "kind"), TEXTS)
def test_a_text_has_its_kind(text: str, kind: str) -> None:
    """By the car's words; where they say nothing, by Tesla's name for it."""
    assert classify("config_manager_error", text) is RemoteErrorKind(kind)


def test_every_kind_is_met_and_has_words() -> None:
    """None is left over."""
    assert classify("weather", "rain") is RemoteErrorKind.UNKNOWN
    assert {kind for _, kind in TEXTS} | {"unknown"} == set(RemoteErrorKind)
    assert RemoteErrorKind.WRONG_KEY.translation_key == "telemetry_error_wrong_key"


def test_a_row_is_read() -> None:
    """With all that Tesla tells."""
    (error,) = read_errors([ROW])
    assert error.vin == VIN
    assert error.when == 1_795_420_800.0
    assert (error.name, error.text) == ("config_manager_error", "crypto/ecdsa: verification error")
    assert error.kind is RemoteErrorKind.WRONG_KEY
    assert (error.txid, error.hostname, error.port) == ("f1c0", "car.example.org", 443)


def test_a_vin_is_neither_in_the_text_nor_in_the_representation() -> None:
    """Its end is enough to know the car by."""
    (error,) = read_errors([ROW | {"error": f"no session for {VIN}", "txID": VIN}])
    assert error.text == "no session for …012346"
    assert VIN not in repr(error)


def test_errors_are_those_of_the_car_the_newest_first() -> None:
    """Those without a time last."""
    rows = [
        ROW | {"created_at": None, "error": "a"},
        ROW | {"created_at": 1_700_000_000, "error": "b"},
        ROW | {"created_at": 1_800_000_000_000, "error": "c"},
        ROW | {"vin": OTHER, "error": "d"},
    ]
    assert [error.text for error in read_errors(rows, vin=VIN)] == ["c", "b", "a"]
    assert [error.text for error in read_errors(rows, vin=OTHER)] == ["d"]
    assert len(read_errors(rows)) == 4


@pytest.mark.parametrize(
    ("created_at", "when"),
    [
        ("2026-11-23T08:00:00Z", 1_795_420_800.0),
        ("2026-11-23T09:00:00.500+01:00", 1_795_420_800.5),
        ("2026-11-23T08:00:00", 1_795_420_800.0),
        (1_795_420_800, 1_795_420_800.0),
        ("1795420800", 1_795_420_800.0),
        (1_795_420_800_000, 1_795_420_800.0),
        (None, None),
        ("", None),
        ("yesterday", None),
        (0, None),
        (-1, None),
        (True, None),
        ("nan", None),
        ("inf", None),
        ([], None),
    ],
)
def test_a_time_is_read_in_every_form(created_at: Any, when: float | None) -> None:
    """One without a zone is Tesla's, which is UTC."""
    (error,) = read_errors([ROW | {"created_at": created_at}])
    assert error.when == when


def test_what_is_missing_is_missing() -> None:
    """And a car without VIN is nobody's."""
    (error,) = read_errors([{"vin": VIN}])
    assert (error.name, error.text, error.txid, error.hostname, error.port) == (
        "",
        "",
        None,
        None,
        None,
    )
    assert error.kind is RemoteErrorKind.UNKNOWN
    assert read_errors([{}, {"vin": None}, {"vin": ""}, [], None, "error"]) == []


def test_a_long_text_is_one_short_line() -> None:
    """Nothing in it can begin a new line of a log."""
    (error,) = read_errors([ROW | {"error": "one\n\ttwo\x1b[31m " + "x" * 1000}])
    assert error.text.startswith("one two [31m x")
    assert len(error.text) == MAX_TEXT


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(st.lists(JSON | st.dictionaries(st.sampled_from([*ROW, "txid"]), JSON), max_size=3))
def test_no_answer_of_teslas_is_an_exception(rows: list[Any]) -> None:
    """Whatever is in it."""
    rows = json.loads(json.dumps(rows))
    for error in read_errors([*rows, ROW]):
        assert error.kind in RemoteErrorKind
