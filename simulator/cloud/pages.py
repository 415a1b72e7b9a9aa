"""The pages a person sees."""

from html import escape
from typing import TYPE_CHECKING, Any, Final

from simulator.cloud.grants import CONSENT_SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.cloud.ledger import Ledger
    from simulator.world import App, Vehicle, World

_STYLE: Final = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; }
body { margin: 3rem auto; max-width: 26rem; padding: 0 1rem; line-height: 1.5; }
body.wide { max-width: 70rem; }
label { display: block; margin: .6rem 0; }
input[type=email], input[type=password], select { width: 100%; padding: .5rem; font: inherit; }
button { padding: .6rem 1.2rem; font: inherit; margin: .6rem .6rem 0 0; cursor: pointer; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid #8884; }
.problem { color: #c62828; }
small { opacity: .7; }
"""


def document(title: str, content: str, *, wide: bool = False, refresh: int | None = None) -> str:
    """A whole page; `content` is HTML, `title` is text."""
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"{again}<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body{' class=wide' if wide else ''}><h1>{escape(title)}</h1>{content}"
        "<p><small>Simulated: nothing here reaches Tesla.</small></p></body></html>"
    )


def message(title: str, text: str, back: tuple[str, str] | None = None) -> str:
    """A page that only says something; `back` is a label and an address."""
    link = "" if back is None else f'<p><a href="{escape(back[1])}">{escape(back[0])}</a></p>'
    return document(title, f"<p>{escape(text)}</p>{link}")


def login(email: str, problem: str = "") -> str:
    """The sign-in page."""
    return document(
        "Sign in",
        _problem(problem)
        + "<form method=post><input type=hidden name=step value=login>"
        + _credentials(email)
        + "<button id=sign-in>Sign in</button></form>",
    )


def consent(app: App, session: str, scopes: Iterable[str], *, required: bool) -> str:
    """The page that asks which scopes the application gets."""
    boxes = "".join(
        f"<label><input type=checkbox name=scope value={scope} checked"
        f"{' required' if required else ''}> {escape(CONSENT_SCOPES[scope])}"
        f" <small>{scope}</small></label>"
        for scope in scopes
    )
    return document(
        f"Allow {app.name} access",
        "<p>Choose what this third-party application may see and do.</p><form method=post>"
        "<input type=hidden name=step value=consent>"
        f'<input type=hidden name=session value="{escape(session)}">'
        f"{boxes}<button id=allow name=decision value=allow>Allow</button>"
        "<button id=deny name=decision value=deny formnovalidate>Deny</button></form>",
    )


def revoke(app: App, email: str, problem: str = "") -> str:
    """The page that takes a consent back."""
    return document(
        f"Revoke access of {app.name}",
        _problem(problem)
        + "<form method=post>"
        + _credentials(email)
        + "<button id=revoke>Revoke access</button></form>",
    )


def third_party_apps(apps: Iterable[tuple[App, Iterable[str]]], session: str, said: str) -> str:
    """The applications that have a person's consent, each with a button to end it."""
    rows = "".join(
        f"<h2>{escape(app.name)}</h2><ul>"
        + "".join(
            f"<li>{escape(CONSENT_SCOPES[scope])}</li>"
            for scope in CONSENT_SCOPES
            if scope in given
        )
        + "</ul><form method=post>"
        f'<input type=hidden name=session value="{escape(session)}">'
        f'<button name=client_id value="{escape(app.client_id)}"'
        f' aria-label="Remove access of {escape(app.name)}">Remove access</button></form>'
        for app, given in apps
    )
    return document(
        "Third-party apps",
        (f"<p role=status>{escape(said)}</p>" if said else "")
        + (rows or "<p>No application has access to your account.</p>"),
    )


def virtual_key(app: App, domain: str, cars: Iterable[Vehicle], chosen: str | None) -> str:
    """What the Tesla app shows behind the virtual-key link."""
    options = "".join(
        f"<option value={car.vin}{' selected' if car.vin == chosen else ''}>"
        f"{escape(car.display_name)} ({car.vin})</option>"
        for car in cars
    )
    return document(
        "Set up third-party virtual key",
        f"<p>{escape(app.name)} ({escape(domain)}) asks for a key to your car.</p>"
        f"<form method=post><label>Car<select name=vin>{options}</select></label>"
        "<button id=approve>Approve</button></form>",
    )


def status(
    world: World, cars: Iterable[Mapping[str, Any]], sites: Iterable[Mapping[str, Any]]
) -> str:
    """The simulation at a glance; a row's keys are the table's head."""
    return document(
        "Simulated Tesla",
        '<p><a href="/_simulator/owner">Owner API</a> · <a href="/_simulator/locks">Locks</a></p>'
        + _overview(cars)
        + _overview(sites)
        + _bill(world.ledger)
        + _requests(world.ledger),
        wide=True,
        refresh=5,
    )


def _overview(things: Iterable[Mapping[str, Any]]) -> str:
    rows = list(things)
    if not rows:
        return ""
    head = list(rows[0])
    return _table(head, ([row[name] for name in head] for row in rows))


def _bill(ledger: Ledger) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in sorted(ledger.counts().items()))
    return f"<h2>Requests</h2><p id=cost>{counts or 'none'}: ${ledger.cost:.4f}</p>"


def _requests(ledger: Ledger) -> str:
    return _table(
        ["endpoint", "car", "status", "price"],
        (
            [entry.endpoint, entry.vin or "", entry.status or "no answer", f"${entry.billed:.4f}"]
            for entry in ledger.entries[:-31:-1]
        ),
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    titles = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def _credentials(email: str) -> str:
    return (
        f'<label>E-mail<input type=email name=email value="{escape(email)}" required></label>'
        "<label>Password <small>any</small>"
        '<input type=password name=password value="simulated" required></label>'
    )


def _problem(text: str) -> str:
    return f"<p class=problem>{escape(text)}</p>" if text else ""
