"""Registration of an application's domain and public key.

Source: https://developer.tesla.com/docs/fleet-api/endpoints/partner-endpoints
"""

import re
from typing import Any, Final

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorSSLError,
    ClientError,
    ClientSSLError,
    ClientTimeout,
    web,
)
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from simulator.cloud import answers
from simulator.cloud.answers import Refusal
from simulator.cloud.fleet import Call, Endpoint
from simulator.cloud.visit import json_response
from simulator.world import Registration

WELL_KNOWN: Final = "/.well-known/appspecific/com.tesla.3p.public-key.pem"
MAX_KEY_BYTES: Final = 1024
_TIMEOUT: Final = ClientTimeout(total=10)
_DOMAIN: Final = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*")


async def _register(call: Call) -> web.Response:
    domain = call.body.get("domain")
    if not isinstance(domain, str) or not domain:
        raise Refusal(400, "invalid_field")
    if not _DOMAIN.fullmatch(domain):
        raise answers.invalid_domain(domain)
    client_id = call.access.client_id
    app = call.world.apps[client_id]
    if not app.may_register(domain):
        raise Refusal(400, "Validation failed: Root domain must match registered allowed origin")
    others = [kept for kept in call.world.registrations if kept.client_id != client_id]
    if any(kept.domain == domain for kept in others):
        raise Refusal(422, answers.DOMAIN_TAKEN)
    point = await _download(call, domain)
    if any(kept.public_key == point for kept in others):
        raise Refusal(422, answers.KEY_TAKEN)
    registration = Registration(
        client_id=client_id,
        region=call.region,
        domain=domain,
        public_key=point,
        when=call.world.clock.now(),
    )
    call.world.register(registration)
    return json_response(
        {
            "response": {
                "client_id": client_id,
                "name": app.name,
                "domain": domain,
                "public_key": point.hex(),
                "enterprise_tier": "pay_as_you_go",
            }
        }
    )


async def _public_key(call: Call) -> web.Response:
    domain = call.visit.query.get("domain")
    if not domain:
        raise Refusal(400, "invalid_field")
    for kept in call.world.registrations:
        if (kept.client_id, kept.region, kept.domain) == (
            call.access.client_id,
            call.region,
            domain,
        ):
            return json_response({"response": {"public_key": kept.public_key.hex()}})
    raise Refusal(404, "not_found")


async def _download(call: Call, domain: str) -> bytes:
    """The point of the key that the domain publishes."""
    public_url = f"https://{domain}{WELL_KNOWN}"
    base = call.world.internet.get(domain, f"https://{domain}")
    settings: dict[str, Any] = {} if call.world.trust is None else {"ssl": call.world.trust}
    try:
        async with call.visit.session.get(
            base.rstrip("/") + WELL_KNOWN,
            allow_redirects=False,
            timeout=_TIMEOUT,
            headers={"Host": domain},
            **settings,
        ) as answer:
            if answer.status != 200:  # noqa: PLR2004 - the status that says "here it is"
                raise answers.download_failed(public_url, f"unexpected status {answer.status}")
            content = await answer.content.read(MAX_KEY_BYTES + 1)
            while len(content) <= MAX_KEY_BYTES and (
                more := await answer.content.read(MAX_KEY_BYTES)
            ):
                content += more
    except (ClientConnectorCertificateError, ClientConnectorSSLError, ClientSSLError) as err:
        raise answers.download_failed(public_url, "tls: failed to verify certificate") from err
    except (ClientError, TimeoutError) as err:
        raise answers.download_failed(public_url, "host unreachable") from err
    if len(content) > MAX_KEY_BYTES:
        raise answers.download_failed(public_url, "too large")
    return _point(public_url, content)


def _point(url: str, pem: bytes) -> bytes:
    try:
        key = serialization.load_pem_public_key(pem)
    except ValueError as err:
        raise answers.download_failed(url, "not a PEM-encoded public key") from err
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise answers.download_failed(url, "not a NIST P-256 public key")
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


SCOPES: Final = frozenset(
    {"vehicle_device_data", "vehicle_cmds", "vehicle_charging_cmds", "energy_device_data"}
)
ENDPOINTS: Final = (
    Endpoint(
        name="partner_accounts",
        method="POST",
        path="partner_accounts",
        handler=_register,
        partner=True,
    ),
    Endpoint(
        name="partner_accounts/public_key",
        method="GET",
        path="partner_accounts/public_key",
        handler=_public_key,
        scopes=SCOPES,
        partner=True,
    ),
)
