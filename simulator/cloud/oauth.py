"""Tesla's sign-in: the authorize page, the token endpoint, and taking a consent back.

Source: https://developer.tesla.com/docs/fleet-api/authentication/third-party-tokens
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from aiohttp import web
from yarl import URL

from simulator.cloud import disturbance, pages
from simulator.cloud.grants import (
    CONSENT_SCOPES,
    IMPLIED_SCOPES,
    OWNER_CLIENT,
    OWNER_SCOPES,
    SCOPES,
    AuthorizationRequest,
    GrantError,
)
from simulator.cloud.hosts import FLEET_HOSTS
from simulator.cloud.ledger import Entry, PriceClass
from simulator.cloud.visit import Handler, Visit, json_response, page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.world import Account, App

ISSUER: Final = "https://auth.tesla.com/oauth2/v3"
_OWNER_HOSTS: Final = frozenset({"auth.tesla.com", "auth.tesla.cn"})
_TRUE: Final = "true"


class _BadRequestError(Exception):
    """An authorize request so wrong that nobody may be sent back with it."""


async def serve(visit: Visit) -> web.StreamResponse:
    """Answer a request to the sign-in hosts."""
    handler = _ROUTES.get((visit.request.method, visit.path))
    if handler is None:
        return json_response({"error": "not_found"}, status=404)
    return await handler(visit)


async def _authorize(visit: Visit) -> web.StreamResponse:
    try:
        asked, app = _read(visit)
    except _BadRequestError as err:
        return page(pages.message("We could not complete your request", str(err)), status=400)
    if (problem := _problem(visit, asked)) is not None:
        return _send_back(asked, error=problem[0], error_description=problem[1])
    if visit.request.method == "GET":
        return page(pages.login(visit.query.get("login_hint") or _default_email(visit)))
    form = await visit.request.post()
    if form.get("step") == "consent":
        scopes = {str(scope) for scope in form.getall("scope", [])}
        session, decision = str(form.get("session")), str(form.get("decision"))
        return _decide(visit, asked, app, session=session, decision=decision, scopes=scopes)
    return _sign_in(visit, asked, app, str(form.get("email", "")), str(form.get("password", "")))


def _read(visit: Visit) -> tuple[AuthorizationRequest, App]:
    query = visit.query
    app = visit.world.apps.get(query.get("client_id", ""))
    if app is None:
        msg = "unauthorized_client: We don't recognize this client_id."
        raise _BadRequestError(msg)
    redirect_uri = query.get("redirect_uri", "")
    if not app.redirects_to(redirect_uri):
        msg = "invalid_redirect_url: the redirect_uri is not registered for this application."
        raise _BadRequestError(msg)
    if not query.get("state"):
        msg = "invalid_request: The 'state' parameter is missing."
        raise _BadRequestError(msg)
    return AuthorizationRequest(
        client_id=app.client_id,
        redirect_uri=redirect_uri,
        scopes=tuple(dict.fromkeys(query.get("scope", "").split())),
        state=query["state"],
        challenge=query.get("code_challenge"),
        nonce=query.get("nonce"),
        all_required=query.get("require_requested_scopes") == _TRUE,
        prompt_missing=query.get("prompt_missing_scopes") == _TRUE,
    ), app


def _problem(visit: Visit, asked: AuthorizationRequest) -> tuple[str, str] | None:
    query = visit.query
    if query.get("response_type") != "code":
        return "unsupported_response_type", "The 'response_type' must be 'code'."
    if not asked.scopes or not set(asked.scopes) <= SCOPES:
        return "invalid_scope", "The requested scope is invalid, unknown, or malformed."
    if asked.challenge is not None and query.get("code_challenge_method") != "S256":
        return "invalid_request", "The 'code_challenge_method' must be 'S256'."
    return None


def _sign_in(
    visit: Visit, asked: AuthorizationRequest, app: App, email: str, password: str
) -> web.StreamResponse:
    person = visit.world.person(email)
    if person is None or not password:
        problem = "We could not sign you in. Check your e-mail and password."
        return page(pages.login(email, problem))
    if person.locked:
        return page(pages.login(email, "Your account is locked. Reset your password."))
    authority = visit.world.authority
    given = authority.consent(person.sub, app.client_id)
    missing = set(asked.scopes) - given - set(IMPLIED_SCOPES)
    if given and not (missing and asked.prompt_missing):
        return _allow(visit, asked, person, given)
    return page(
        pages.consent(
            app,
            authority.open_session(person.sub),
            (scope for scope in asked.scopes if scope in missing and scope in CONSENT_SCOPES),
            required=asked.all_required,
        )
    )


def _decide(
    visit: Visit,
    asked: AuthorizationRequest,
    app: App,
    *,
    session: str,
    decision: str,
    scopes: set[str],
) -> web.StreamResponse:
    authority = visit.world.authority
    account = authority.session(session)
    if account is None:
        return page(pages.login(_default_email(visit), "Your session has expired."))
    if decision != "allow":
        text = "User denied the request."
        return _send_back(asked, error="access_denied", error_description=text)
    given = authority.consent(account, app.client_id)
    wanted = set(asked.scopes) - given - set(IMPLIED_SCOPES)
    if asked.all_required and wanted - scopes:
        names = (scope for scope in asked.scopes if scope in wanted)
        return page(pages.consent(app, session, names, required=True), status=400)
    authority.close_session(session)
    return _allow(
        visit, asked, visit.world.accounts[account], (scopes & wanted) | {*IMPLIED_SCOPES}
    )


def _allow(
    visit: Visit, asked: AuthorizationRequest, person: Account, scopes: set[str] | frozenset[str]
) -> web.StreamResponse:
    code = visit.world.authority.issue_code(asked, person.sub, person.region, scopes)
    return _send_back(asked, code=code)


def _send_back(asked: AuthorizationRequest, **answer: str) -> web.StreamResponse:
    to = URL(asked.redirect_uri).update_query({**answer, "state": asked.state, "issuer": ISSUER})
    return web.Response(status=302, headers={"Location": str(to)})


async def _token(visit: Visit) -> web.StreamResponse:
    async def execute() -> web.Response:
        try:
            return json_response(_grant(visit, await visit.form()))
        except ValueError:
            return _refused(GrantError(400, "invalid_request", "The request body is not valid."))
        except GrantError as err:
            return _refused(err)

    outcome = await disturbance.answer(visit, "oauth/token", None, execute)
    visit.world.ledger.entries.append(
        Entry(
            when=visit.world.clock.now(),
            endpoint="oauth/token",
            method="POST",
            vin=None,
            status=outcome.status,
            price_class=PriceClass.FREE,
            txid=uuid4().hex,
            host=visit.host,
        )
    )
    return outcome.response


def _refused(err: GrantError) -> web.Response:
    body = {
        "error": err.error,
        "error_description": err.description,
        "referenceID": f"{uuid4()}-{int(datetime.now(UTC).timestamp() * 1000)}",
    }
    return json_response(body, status=err.status)


def _grant(visit: Visit, form: Mapping[str, str]) -> dict[str, Any]:
    match form.get("grant_type"):
        case "authorization_code":
            app = _client(visit, form, secret=True)
            _check_audience(form)
            return visit.world.authority.redeem_code(
                _needed(form, "code"),
                client_id=app.client_id,
                redirect_uri=_needed(form, "redirect_uri"),
                verifier=form.get("code_verifier"),
            )
        case "refresh_token" if _is_owner_client(visit, form):
            if not set(form.get("scope", "").split()) <= set(OWNER_SCOPES):
                raise GrantError(400, "invalid_scope", "The requested scope is invalid.")
            return visit.world.authority.refresh(
                _needed(form, "refresh_token"), client_id=OWNER_CLIENT
            )
        case "refresh_token":
            app = _client(visit, form, secret=False)
            return visit.world.authority.refresh(
                _needed(form, "refresh_token"), client_id=app.client_id
            )
        case "client_credentials":
            app = _client(visit, form, secret=True)
            scopes = _needed(form, "scope").split()
            if not set(scopes) <= SCOPES:
                raise GrantError(400, "invalid_scope", "The requested scope is invalid.")
            return visit.world.authority.partner_token(
                client_id=app.client_id, audience=_check_audience(form), scopes=scopes
            )
        case None:
            msg = "grant_type"
            raise _missing(msg)
        case _:
            raise GrantError(400, "unsupported_grant_type", "The 'grant_type' is not supported.")


def _is_owner_client(visit: Visit, form: Mapping[str, str]) -> bool:
    """Tesla's own app, which the hosts for third parties do not know."""
    return form.get("client_id") == OWNER_CLIENT and visit.host in _OWNER_HOSTS


def _client(visit: Visit, form: Mapping[str, str], *, secret: bool) -> App:
    app = visit.world.apps.get(_needed(form, "client_id"))
    if app is None or (secret and _needed(form, "client_secret") != app.client_secret):
        raise GrantError(
            400,
            "unauthorized_client",
            "We don't recognize this client_id and client_secret combination. Use the client_id"
            " and client_secret that has been granted for the application.",
        )
    return app


def _check_audience(form: Mapping[str, str]) -> str:
    audience = _needed(form, "audience")
    if audience.removeprefix("https://") not in FLEET_HOSTS:
        raise GrantError(400, "invalid_request", "The 'audience' parameter is invalid.")
    return audience


def _needed(form: Mapping[str, str], name: str) -> str:
    if not (value := form.get(name)):
        raise _missing(name)
    return value


def _missing(name: str) -> GrantError:
    text = f"The '{name}' parameter is missing. Include {name} in the request."
    return GrantError(400, "invalid_request", text)


async def _revoke(visit: Visit) -> web.StreamResponse:
    app = visit.world.apps.get(visit.query.get("revoke_client_id", ""))
    if app is None:
        text = "This application is unknown."
        return page(pages.message("We could not complete your request", text), status=400)
    if visit.request.method == "GET":
        return page(pages.revoke(app, _default_email(visit)))
    form = await visit.form()
    person = visit.world.person(form.get("email", ""))
    if person is None:
        return page(pages.revoke(app, form.get("email", ""), "We could not sign you in."))
    visit.world.authority.revoke(person.sub, app.client_id)
    back = visit.query.get("back_url")
    return page(
        pages.message(
            "Access revoked",
            f"{app.name} can no longer reach your account. What it told your cars to stream stays"
            " until it is deleted, its key until you delete it in the car (Controls, Locks).",
            ("Back", back) if back else None,
        )
    )


async def _metadata(_: Visit) -> web.StreamResponse:
    base = "https://fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3"
    return json_response(
        {
            "issuer": f"{base}/nts",
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{base}/token",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": sorted(SCOPES),
        }
    )


def _default_email(visit: Visit) -> str:
    return next((person.email for person in visit.world.accounts.values()), "")


_ROUTES: Final[dict[tuple[str, str], Handler]] = {
    ("GET", "/oauth2/v3/authorize"): _authorize,
    ("POST", "/oauth2/v3/authorize"): _authorize,
    ("POST", "/oauth2/v3/token"): _token,
    ("GET", "/user/revoke/consent"): _revoke,
    ("POST", "/user/revoke/consent"): _revoke,
    ("GET", "/oauth2/v3/thirdparty/.well-known/openid-configuration"): _metadata,
}
