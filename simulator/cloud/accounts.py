"""accounts.tesla.com: the applications that a person lets in, and taking that back."""

import re
from typing import TYPE_CHECKING, Final

from simulator.cloud import pages
from simulator.cloud.visit import Visit, page

if TYPE_CHECKING:
    from aiohttp import web

_SECURITY: Final = re.compile(r"/([a-z]{2}_[a-z]{2,}/)?account-settings/security/?", re.IGNORECASE)
_TAB: Final = "tpty-apps"


async def serve(visit: Visit) -> web.StreamResponse:
    """Answer a request to the account's own pages; whoever comes has to sign in first."""
    if not _SECURITY.fullmatch(visit.path) or visit.query.get("tab") != _TAB:
        return page(pages.message("Tesla", "There is nothing to see here."), status=404)
    if visit.request.method == "GET":
        first = next((person.email for person in visit.world.accounts.values()), "")
        return page(pages.login(first))
    form = await visit.form()
    if "session" in form:
        return _remove(visit, form["session"], form.get("client_id", ""))
    email = form.get("email", "")
    person = visit.world.person(email)
    if person is None or not form.get("password"):
        return page(pages.login(email, "We could not sign you in. Check your e-mail."))
    return _apps(visit, visit.world.authority.open_session(person.sub), person.sub)


def _remove(visit: Visit, session: str, client_id: str) -> web.StreamResponse:
    authority = visit.world.authority
    account = authority.session(session)
    if account is None:
        return page(pages.login("", "Your session has expired."))
    app = visit.world.apps.get(client_id)
    if app is None or not authority.consent(account, client_id):
        return _apps(visit, session, account, "This application has no access.")
    authority.revoke(account, client_id)
    said = (
        f"{app.name} can no longer reach your account. What it told your cars to stream stays until"
        " it is deleted, its key until you delete it in the car (Controls, Locks)."
    )
    return _apps(visit, session, account, said)


def _apps(visit: Visit, session: str, account: str, said: str = "") -> web.StreamResponse:
    given = visit.world.authority.consents(account)
    apps = [
        (app, given[app.client_id]) for app in visit.world.apps.values() if app.client_id in given
    ]
    return page(pages.third_party_apps(apps, session, said))
