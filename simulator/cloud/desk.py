"""Pages for a person at the simulator: the owner host's days and tokens, the keys in the cars."""

from html import escape
from typing import TYPE_CHECKING

from simulator.cloud import controls
from simulator.cloud.owner_days import DAYS, OwnerDay
from simulator.cloud.pages import document
from simulator.cloud.visit import Visit, page

if TYPE_CHECKING:
    from aiohttp import web


async def owner(visit: Visit, _: str) -> web.Response:
    """How the owner host behaves."""
    return page(_owner(visit))


async def change_owner(visit: Visit, _: str) -> web.Response:
    """Begin another day, or hand out a refresh token; raises ValueError for nonsense."""
    form = await visit.form()
    if "day" in form:
        visit.world.owner_day = OwnerDay(form["day"])
        return page(_owner(visit))
    return page(_owner(visit, visit.world.owner_token(form["account"])))


async def locks(visit: Visit, _: str) -> web.Response:
    """The keys of every car."""
    return page(_locks(visit))


async def remove_key(visit: Visit, _: str) -> web.Response:
    """Delete the applications' keys in a car."""
    car = visit.world.cars[(await visit.form())["vin"]]
    controls.apply(visit.world, car, {"paired": False})
    return page(_locks(visit))


def _owner(visit: Visit, token: str = "") -> str:
    days = "".join(
        f"<label><input type=radio name=day value={day}"
        f"{' checked' if day is visit.world.owner_day else ''}> {escape(row.told)}</label>"
        for day, row in DAYS.items()
    )
    people = "".join(
        f"<button name=account value={person.sub}>New token of {escape(person.email)}</button>"
        for person in visit.world.accounts.values()
    )
    given = f"<p>Refresh token: <code id=refresh-token>{escape(token)}</code></p>" if token else ""
    return document(
        "Owner API",
        f"<form method=post>{days}<button>Set the day</button></form>"
        f"<h2>Refresh tokens</h2>{given}<form method=post>{people}</form>",
    )


def _locks(visit: Visit) -> str:
    rows = "".join(
        f"<tr><td>{escape(car.display_name)}</td><td>{len(car.paired_keys)}</td>"
        f"<td><button name=vin value={car.vin}{'' if car.paired_keys else ' disabled'}>"
        f"Remove key from {escape(car.display_name)}</button></td></tr>"
        for car in visit.world.cars.values()
    )
    return document(
        "Locks",
        "<p>The keys of applications, as on each car's own screen (Controls, Locks).</p>"
        "<form method=post><table><thead><tr><th>Car<th>Keys<th></tr></thead>"
        f"<tbody>{rows}</tbody></table></form>",
    )
