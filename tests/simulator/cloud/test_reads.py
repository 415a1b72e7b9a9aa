"""What Tesla tells of a car on request."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from simulator.cloud.grants import SCOPES
from simulator.records import INVITATION_LIFE, ChargingSession, options_of, warranty_of

from .conftest import EU, LENDER, LENT, OWNER, PAIRED, Caller
from .fake_car import FakeCar

if TYPE_CHECKING:
    from simulator.world import World

type CarOf = Callable[[str], FakeCar]
type LogIn = Callable[..., Caller]

CAR = f"{EU}/vehicles/{PAIRED}"
SITES = f"{CAR}/nearby_charging_sites"
HISTORY = f"{EU}/dx/charging/history"


@pytest.fixture
def sessions(world: World) -> list[ChargingSession]:
    """Three stops, a day between them."""
    now = world.clock.now()
    stops = [
        ChargingSession(
            number=day,
            site=f"Site {day}",
            started_at=now - day * 86_400,
            stopped_at=now - day * 86_400 + 1_200,
            energy=40.0,
            rate=0.5,
        )
        for day in (1, 2, 3)
    ]
    world.record(PAIRED).sessions = stops
    return stops


async def told(call: Caller, path: str, method: str = "GET") -> Any:
    """The response, which there has to be."""
    answer = await call(method, path)
    assert answer.status == 200, await answer.text()
    return (await answer.json())["response"]


async def test_superchargers_come_by_distance(log_in: LogIn) -> None:
    """The nearest first, and those of hotels apart."""
    sites = await told(log_in(), SITES)
    distances = [site["distance_miles"] for site in sites["superchargers"]]
    assert distances == sorted(distances)
    assert len(distances) == 3
    assert [site["type"] for site in sites["destination_charging"]] == ["destination"]
    assert sites["superchargers"][0]["total_stalls"] >= 1


async def test_superchargers_can_be_fewer(log_in: LogIn) -> None:
    """By number and by distance."""
    call = log_in()
    assert len((await told(call, f"{SITES}?count=1"))["superchargers"]) == 1
    assert len((await told(call, f"{SITES}?radius=10"))["superchargers"]) == 2


@pytest.mark.parametrize("query", ["count=0", "count=x", "radius=-1"])
async def test_senseless_numbers_are_refused(log_in: LogIn, query: str) -> None:
    """As elsewhere."""
    assert (await log_in()("GET", f"{SITES}?{query}")).status == 400


async def test_superchargers_want_an_awake_car_and_its_place(log_in: LogIn, car: CarOf) -> None:
    """A sleeper has none around it, and without the scope nobody may know where it is."""
    without = log_in(scopes=set(SCOPES) - {"vehicle_location"})
    assert (await without("GET", SITES)).status == 403
    car(PAIRED).availability = "asleep"
    assert (await log_in()("GET", SITES)).status == 408


async def test_release_notes_are_those_of_the_software(log_in: LogIn, car: CarOf) -> None:
    """Wrapped twice, as Tesla does; nothing waits to be installed."""
    notes = (await told(log_in(), f"{CAR}/release_notes"))["response"]["release_notes"]
    version = car(PAIRED).model.firmware.split()[0]
    assert {note["customer_version"] for note in notes} == {version}
    staged = await told(log_in(), f"{CAR}/release_notes?staged=true")
    assert staged == {"response": {"release_notes": []}}


async def test_alerts_and_service_are_those_on_file(log_in: LogIn, world: World) -> None:
    """None for a new car."""
    call = log_in()
    assert await told(call, f"{CAR}/recent_alerts") == {"recent_alerts": []}
    assert await told(call, f"{CAR}/service_data") == {}
    world.record(PAIRED).alerts.append({"name": "APP_w222"})
    world.record(PAIRED).service = {"service_status": "in_service"}
    assert await told(call, f"{CAR}/recent_alerts") == {"recent_alerts": [{"name": "APP_w222"}]}
    assert await told(call, f"{CAR}/service_data") == {"service_status": "in_service"}


async def test_the_owner_sends_a_driver_away(log_in: LogIn, world: World) -> None:
    """Once."""
    url = f"{EU}/vehicles/{LENT}/drivers"
    call = log_in(account=LENDER)
    (driver,) = await told(call, url)
    assert await told(call, f"{url}?share_user_id={driver['user_id_s']}", "DELETE") == "ok"
    assert world.guests[LENT] == set()
    again = await call("DELETE", f"{url}?share_user_id={driver['user_id_s']}")
    assert again.status == 404


async def test_a_driver_sends_only_himself_away(log_in: LogIn, world: World) -> None:
    """Nobody else's is his to give back."""
    url = f"{EU}/vehicles/{LENT}/drivers"
    world.guests[LENT].add("third-sub")
    assert (await log_in()("DELETE", f"{url}?share_user_id=third-sub")).status == 403
    assert await told(log_in(), url, "DELETE") == "ok"
    assert world.guests[LENT] == {"third-sub"}


async def test_an_invitation_is_made_listed_and_revoked(log_in: LogIn) -> None:
    """The list begins and ends empty."""
    call = log_in()
    made = await told(call, f"{CAR}/invitations", "POST")
    assert made["share_link"].endswith(made["code"])
    assert await told(call, f"{CAR}/invitations") == [made]
    assert await told(call, f"{CAR}/invitations/{made['id_s']}/revoke", "POST") is True
    assert await told(call, f"{CAR}/invitations") == []
    for number in (made["id_s"], "x"):
        assert (await call("POST", f"{CAR}/invitations/{number}/revoke")).status == 404


async def test_an_invitation_ends_by_itself(log_in: LogIn, world: World) -> None:
    """After a day."""
    await told(log_in(), f"{CAR}/invitations", "POST")
    world.clock.advance(INVITATION_LIFE)
    assert await told(log_in(), f"{CAR}/invitations") == []


async def test_only_the_owner_invites(log_in: LogIn) -> None:
    """Who was lent a car does not lend it."""
    for method in ("GET", "POST"):
        assert (await log_in()(method, f"{EU}/vehicles/{LENT}/invitations")).status == 403


@pytest.mark.parametrize("path", ["dx/vehicles/options", "dx/warranty/details"])
async def test_papers_are_about_a_car_of_the_account(
    log_in: LogIn, world: World, car: CarOf, path: str
) -> None:
    """Which the query names."""
    papers = await told(log_in(), f"{EU}/{path}?vin={PAIRED}")
    model = car(PAIRED).model
    assert papers in ({"codes": options_of(model)}, warranty_of(model, 2026))
    world.guests[LENT].discard(OWNER)
    for query in ("", f"?vin={LENT}"):
        assert (await log_in()("GET", f"{EU}/{path}{query}")).status == 404


def test_a_warranty_runs_out(car: CarOf) -> None:
    """The basic one before the battery's."""
    model = car(PAIRED).model
    expected = {2021: (2, 0), 2026: (1, 1), 2030: (0, 2)}
    for year, (active, expired) in expected.items():
        papers = warranty_of(model, year)
        assert (len(papers["activeWarranty"]), len(papers["expiredWarranty"])) == (active, expired)


async def test_charging_history_is_newest_first_and_paged(
    log_in: LogIn, sessions: list[ChargingSession]
) -> None:
    """With what each stop cost."""
    call = log_in()
    history = await told(call, f"{HISTORY}?vin={PAIRED}")
    assert [row["sessionId"] for row in history["data"]] == [1, 2, 3]
    assert history["data"][0]["fees"][0]["totalDue"] == sessions[0].due == 20.0
    paged = await told(call, f"{HISTORY}?vin={PAIRED}&pageNo=2&pageSize=2")
    assert ([row["sessionId"] for row in paged["data"]], paged["totalResults"]) == ([3], 3)


async def test_charging_history_has_a_beginning_and_an_end(
    log_in: LogIn, sessions: list[ChargingSession]
) -> None:
    """Given as times."""
    call, url = log_in(), f"{HISTORY}?vin={PAIRED}"
    row = (await told(call, url))["data"][1]
    since = row["chargeStartDateTime"].replace("+", "%2B")
    assert len((await told(call, f"{url}&startTime={since}"))["data"]) == len(sessions) - 1
    assert len((await told(call, f"{url}&endTime={since}"))["data"]) == 1
    assert (await call("GET", f"{url}&startTime=soon")).status == 400


async def test_an_invoice_is_a_pdf(log_in: LogIn, sessions: list[ChargingSession]) -> None:
    """For those who charged."""
    path = f"{EU}/dx/charging/invoice/{sessions[0].invoice}"
    answer = await log_in()("GET", path)
    assert (await answer.read()).startswith(b"%PDF-")
    assert answer.content_type == "application/pdf"
    for stranger in (log_in(account=LENDER)("GET", path), log_in()("GET", f"{path}0")):
        assert (await stranger).status == 404


async def test_history_and_invoices_want_the_charging_scope(
    log_in: LogIn, sessions: list[ChargingSession]
) -> None:
    """They are about money."""
    call = log_in(scopes=set(SCOPES) - {"vehicle_charging_cmds"})
    for path in (f"charging/history?vin={PAIRED}", f"charging/invoice/{sessions[0].invoice}"):
        assert (await call("GET", f"{EU}/dx/{path}")).status == 403
