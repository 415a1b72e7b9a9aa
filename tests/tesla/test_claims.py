"""What an access token says about itself."""

import base64
import json
from typing import Any

import pytest

from custom_components.teslalogger.tesla.claims import read_claims
from custom_components.teslalogger.tesla.errors import MalformedToken
from custom_components.teslalogger.tesla.hosts import Region
from custom_components.teslalogger.tesla.scopes import Scope


def make_token(payload: Any) -> str:
    """A JWT that nobody signed."""
    body = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{body}.c2ln"


def test_account_scopes_region_and_end_are_read() -> None:
    """In Tesla's names; scopes that we do not know are left out."""
    claims = read_claims(
        make_token(
            {"sub": "me", "scp": ["openid", "vehicle_cmds", "new"], "ou_code": "EU", "exp": 5}
        )
    )
    assert claims.account_id == "me"
    assert claims.scopes == {Scope.OPENID, Scope.VEHICLE_CMDS}
    assert claims.region is Region.EU
    assert claims.expires_at == 5.0
    assert "'me'" not in repr(claims)


@pytest.mark.parametrize(
    "more",
    [{}, {"scp": 7, "ou_code": "MARS", "exp": "soon"}, {"scp": None, "ou_code": 1, "exp": True}],
)
def test_only_the_account_has_to_be_there(more: dict[str, Any]) -> None:
    """What is missing or odd is unknown."""
    claims = read_claims(make_token({"sub": "me"} | more))
    assert (claims.scopes, claims.region, claims.expires_at) == (frozenset(), None, None)


def test_scopes_may_come_as_one_string() -> None:
    """As OAuth's own `scope` has them."""
    claims = read_claims(make_token({"sub": "me", "scope": "openid vehicle_location"}))
    assert claims.scopes == {Scope.OPENID, Scope.VEHICLE_LOCATION}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "opaque",
        "a.b",
        "a.%%%.c",
        "a.é.c",
        "a.e30.c.d",
        make_token([]),
        make_token({}),
        make_token({"sub": ""}),
        make_token({"sub": 1}),
        f"a.{base64.urlsafe_b64encode(b'{').decode()}.c",
    ],
)
def test_anything_else_is_malformed_and_is_not_repeated(token: str) -> None:
    """The error does not carry the token, nor does its cause."""
    with pytest.raises(MalformedToken) as caught:
        read_claims(token)
    assert token == "" or token not in str(caught.value)
    assert caught.value.__cause__ is None
