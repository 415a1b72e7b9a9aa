"""Tokens for cars, against the published ones."""

import base64
import json
from typing import Any

import pytest

from custom_components.teslalogger.vehicle_command import InvalidToken, schnorr
from custom_components.teslalogger.vehicle_command.jws import (
    TELEMETRY_AUDIENCE,
    sign_token,
    telemetry_token,
    verify_token,
)

from .vectors import CLIENT, PROTOCOL, VECTORS, VEHICLE

TOKEN: str = VECTORS["telemetry_jws"]
POINT = CLIENT.public_point


def _part(token: str, index: int) -> Any:
    part = token.split(".")[index]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def test_telemetry_token_is_the_recorded_one() -> None:
    """Byte for byte what Tesla's tool accepts; `iss` and `aud` are ours whatever was there."""
    config = _part(TOKEN, 1) | {"iss": "somebody", "aud": "elsewhere"}
    assert telemetry_token(CLIENT, config) == TOKEN


def test_verifies_teslas_published_token() -> None:
    """A token for one car, made by Tesla's own code."""
    vector = PROTOCOL["jwt"]
    claims = verify_token(
        vector["token"],
        bytes.fromhex(vector["public_key"]),
        audience="com.tesla.vehicle.M3TERASHIMABUCK01",
    )
    assert claims["foo"] == "bar"


def test_a_token_for_one_car_names_it() -> None:
    """Another car's audience does not fit."""
    token = telemetry_token(CLIENT, {"port": 443}, vin="5YJ30123456789ABC")
    audience = "com.tesla.vehicle.5YJ30123456789ABC.TelemetryClient"
    assert verify_token(token, POINT, audience=audience)["port"] == 443
    with pytest.raises(InvalidToken):
        verify_token(token, POINT, audience=TELEMETRY_AUDIENCE)


def test_header_names_the_algorithm() -> None:
    """As the cars expect it."""
    token = sign_token(CLIENT, {}, audience="x")
    assert _part(token, 0) == {"alg": "Tesla.SS256", "typ": "JWT"}


@pytest.mark.parametrize(
    "token",
    ["", "..", "a.b", TOKEN[:-4], TOKEN.replace(".", "!", 1), TOKEN + "!", "é.é.é"],
    ids=["empty", "dots", "two-parts", "cut", "no-dot", "letters", "unicode"],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    """Damage never raises anything else."""
    with pytest.raises(InvalidToken):
        verify_token(token, POINT, audience=TELEMETRY_AUDIENCE)


def test_another_makers_token_is_refused() -> None:
    """Neither under our key, nor when its issuer claims to be us."""
    with pytest.raises(InvalidToken):
        verify_token(TOKEN, VEHICLE.public_point, audience=TELEMETRY_AUDIENCE)
    head, claims, _ = TOKEN.split(".")
    forged = f"{head}.{claims}.{_b64(schnorr.sign(VEHICLE, f'{head}.{claims}'.encode()))}"
    with pytest.raises(InvalidToken):
        verify_token(forged, POINT, audience=TELEMETRY_AUDIENCE)


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"alg": "none"}, _part(TOKEN, 1)),
        ({"alg": "Tesla.SS256"}, _part(TOKEN, 1) | {"iss": "somebody"}),
        (["alg"], _part(TOKEN, 1)),
    ],
    ids=["algorithm", "issuer", "no-object"],
)
def test_header_and_issuer_are_checked(header: Any, claims: Any) -> None:
    """A good signature over the wrong statement is refused."""
    signed = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
    token = f"{signed}.{_b64(schnorr.sign(CLIENT, signed.encode()))}"
    with pytest.raises(InvalidToken):
        verify_token(token, POINT, audience=TELEMETRY_AUDIENCE)


def test_a_token_that_does_not_verify_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tesla would store it and the car would refuse it much later."""
    monkeypatch.setattr(schnorr, "sign", lambda _key, _message: bytes(96))
    with pytest.raises(InvalidToken):
        telemetry_token(CLIENT, {"port": 443})
