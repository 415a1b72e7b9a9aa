"""Actions all the way: a simulated car does what it is told, and Tesla answers what it is asked."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
import pytest

from custom_components.teslalogger.const import DOMAIN
from simulator.garage import FALCON, GUEST_S, JUNIPER, YUKI

if TYPE_CHECKING:
    from pathlib import Path

    from homeassistant.util.json import JsonObjectType

    from .live import Live

BERLIN: Final = {"latitude": 52.5, "longitude": 13.25}
PIN: Final = "1234"
BOTH_ROUTES: Final = [(FALCON, "unsigned"), (YUKI, "signed")]


async def act(live: Live, vin: str, name: str, /, **data: Any) -> JsonObjectType:
    """Call an action about a car, and want its response."""
    device = dr.async_get(live.hass).async_get_device_by_identifier(
        (DOMAIN, vin), live.entry.entry_id
    )
    assert device is not None
    response = await live.hass.services.async_call(
        DOMAIN, name, {"device_id": device.id, **data}, blocking=True, return_response=True
    )
    assert response is not None
    return response


@pytest.mark.parametrize(("vin", "route"), BOTH_ROUTES)
async def test_a_car_goes_where_it_is_sent(live: Live, vin: str, route: str) -> None:
    """One stop after the other, on either way."""
    live.world.cars[vin].wake_now()

    first = await act(live, vin, "navigate", location=BERLIN)
    await act(live, vin, "navigate", supercharger=114, order="last")

    assert (first["result"], first["route"], first["attempts"]) == ("done", route, 1)
    assert live.world.cars[vin].state.stops == ["52.5000,13.2500", "supercharger 114"]


async def test_an_address_goes_unsigned_to_any_car(live: Live) -> None:
    """Tesla's servers make a place of it."""
    live.world.cars[YUKI].wake_now()

    response = await act(live, YUKI, "navigate", destination="Berlin")

    assert response["route"] == "unsigned"
    assert live.world.cars[YUKI].state.stops == ["Berlin"]


@pytest.mark.parametrize(("vin", "route"), BOTH_ROUTES)
async def test_a_schedule_is_set_replaced_and_removed(live: Live, vin: str, route: str) -> None:
    """By the number that the response tells."""
    car = live.world.cars[vin]
    car.model = replace(car.model, has_schedules=True)
    car.wake_now()
    schedules = car.state.charge.schedules
    plan: dict[str, Any] = {"days": ["monday"], "location": BERLIN}

    made = await act(live, vin, "set_charge_schedule", start_time="01:00", **plan)
    number = made["schedule_id"]
    assert made["route"] == route
    assert [schedules[key]["start_time"] for key in schedules] == [60]
    await act(live, vin, "set_charge_schedule", start_time="02:00", schedule_id=number, **plan)
    assert [schedules[key]["start_time"] for key in schedules] == [120]
    await act(live, vin, "remove_charge_schedule", schedule_id=number)
    assert schedules == {}


@pytest.mark.parametrize(("vin", "route"), BOTH_ROUTES)
@pytest.mark.parametrize("kind", ["charge", "precondition"])
async def test_a_schedule_that_is_not_enabled_is_seen_and_enabled(
    live: Live, vin: str, route: str, kind: str
) -> None:
    """It is no event, but in the calendar's list; all else about it stays as it was."""
    car = live.world.cars[vin]
    car.model = replace(car.model, has_schedules=True)
    car.wake_now()
    time = {"start_time": "01:00"} if kind == "charge" else {"time": "01:00"}
    plan: dict[str, Any] = {"days": ["monday", "sunday"], "location": BERLIN, "enabled": False}
    made = await act(live, vin, f"set_{kind}_schedule", **plan, **time)
    await live.look_at(vin)

    shown = live.state("calendar", vin, f"{kind}_schedules")
    assert "start_time" not in shown.attributes
    (listed,) = shown.attributes["schedules"]
    assert listed == {
        "schedule_id": made["schedule_id"],
        "enabled": False,
        "days": ["sunday", "monday"],
        "start": "01:00",
        "end": None,
        "one_time": False,
        "name": "",
        "location": "52.50000, 13.25000",
    }

    response = await act(live, vin, "enable_schedule", schedule_id=listed["schedule_id"])
    assert response["route"] == route
    await live.look_at(vin)
    shown = live.state("calendar", vin, f"{kind}_schedules")
    assert "start_time" in shown.attributes
    assert shown.attributes["schedules"] == [listed | {"enabled": True}]

    await act(live, vin, "enable_schedule", schedule_id=listed["schedule_id"], enabled=False)
    await live.look_at(vin)
    shown = live.state("calendar", vin, f"{kind}_schedules")
    assert shown.attributes["schedules"] == [listed]


@pytest.mark.parametrize("streams", [False, True])
async def test_a_schedule_is_enabled_as_the_car_has_it_now(live: Live, *, streams: bool) -> None:
    """Whoever changed it: the action before, or Tesla's app since."""
    car = live.world.cars[YUKI]
    car.wake_now()
    plan: dict[str, Any] = {"days": ["monday"], "location": BERLIN, "schedule_id": 7}
    schedules = car.state.charge.schedules
    await act(live, YUKI, "set_charge_schedule", **plan, start_time="01:00", enabled=False)
    await live.look_at(YUKI)
    if streams:
        live.car(YUKI).async_stream_began()

    await live.pass_time(timedelta(seconds=1))
    await act(live, YUKI, "set_charge_schedule", **plan, start_time="02:00", enabled=False)
    await act(live, YUKI, "enable_schedule", schedule_id=7)
    assert (schedules[7]["start_time"], schedules[7]["enabled"]) == (120, True)

    schedules[7]["start_time"] = 180
    await live.pass_time(timedelta(minutes=2))
    await act(live, YUKI, "enable_schedule", schedule_id=7, enabled=False)
    assert (schedules[7]["start_time"], schedules[7]["enabled"]) == (180, False)


async def test_schedules_of_a_place_are_removed_together(live: Live) -> None:
    """Which only signed commands can."""
    live.world.cars[YUKI].wake_now()
    schedules = live.world.cars[YUKI].state.charge.precondition_schedules
    for _ in range(2):
        await act(
            live, YUKI, "set_precondition_schedule", days="monday", time="07:00", location=BERLIN
        )
    assert schedules

    await act(live, YUKI, "remove_precondition_schedule", places="other")

    assert schedules == {}


@pytest.mark.parametrize(("vin", "route"), BOTH_ROUTES)
async def test_a_speed_limit_is_set_and_turned_on(live: Live, vin: str, route: str) -> None:
    """Two commands, one answer."""
    live.world.cars[vin].wake_now()

    response = await act(live, vin, "speed_limit", on=True, pin=PIN, limit=70, unit="mph")

    state = live.world.cars[vin].state
    assert (state.speed_limit_active, state.speed_limit_mph) == (True, 70)
    assert (response["attempts"], response["route"]) == (2, route)
    assert PIN not in str(response)


async def test_a_refusal_ends_an_action_of_several_commands(live: Live) -> None:
    """What would have followed is not sent."""
    live.world.cars[YUKI].wake_now()
    await act(live, YUKI, "speed_limit", on=True, pin=PIN, limit=70, unit="mph")

    with pytest.raises(HomeAssistantError):
        await act(live, YUKI, "speed_limit", on=False, pin="4321", limit=90, unit="mph")

    state = live.world.cars[YUKI].state
    assert (state.speed_limit_active, state.speed_limit_mph) == (True, 70)


@pytest.mark.parametrize(("vin", "route"), BOTH_ROUTES)
async def test_any_command_can_be_sent_by_its_name(live: Live, vin: str, route: str) -> None:
    """A sleeper is woken for it, and the cost is told."""
    response = await act(
        live, vin, "send_command", command="set_charge_limit", parameters={"percent": 60}
    )

    assert live.world.cars[vin].state.charge.limit == 60
    assert response["route"] == route
    assert response["cost_usd"] == pytest.approx(live.world.ledger.cost, abs=0.003)


async def test_questions_are_answered_by_tesla(live: Live) -> None:
    """The papers of a sleeping car, and whatever else is on file; nobody is woken."""
    alerts = await act(live, JUNIPER, "get_recent_alerts")
    assert alerts["alerts"] == live.world.record(JUNIPER).alerts
    notes = await act(live, JUNIPER, "get_release_notes")
    assert notes["release_notes"]
    assert (await act(live, JUNIPER, "get_service_data"))["service"] == {}
    options = await act(live, JUNIPER, "get_options")
    assert "Model 3" in str(options["options"])
    warranty = await act(live, JUNIPER, "get_warranty")
    assert "Battery Limited Warranty" in str(warranty["warranty"])

    assert {entry.endpoint for entry in live.world.ledger.entries} >= {"options", "warranty"}
    assert "wake_up" not in {entry.endpoint for entry in live.world.ledger.entries}


async def test_what_questions_cost_is_what_tesla_bills(live: Live) -> None:
    """The meter, the responses and the ledger agree."""
    before = live.entry.runtime_data.meter.cost
    live.world.ledger.clear()

    costs = [
        (await act(live, JUNIPER, name))["cost_usd"]
        for name in ("get_recent_alerts", "get_drivers", "get_warranty", "get_charging_history")
    ]

    billed = live.world.ledger.cost
    assert sum(cost for cost in costs if isinstance(cost, float)) == pytest.approx(billed)
    assert live.entry.runtime_data.meter.cost - before == pytest.approx(billed)


async def test_superchargers_are_around_an_awake_car(live: Live) -> None:
    """A sleeping one has to be woken first, and the message says so."""
    live.world.cars[JUNIPER].fall_asleep()
    with pytest.raises(HomeAssistantError) as caught:
        await act(live, JUNIPER, "get_nearby_charging_sites")
    assert caught.value.translation_key == "vehicle_unavailable"

    live.world.cars[JUNIPER].wake_now()
    sites = (await act(live, JUNIPER, "get_nearby_charging_sites", count=1))["superchargers"]

    assert isinstance(sites, list)
    assert len(sites) == 1


async def test_an_invitation_comes_and_goes(live: Live) -> None:
    """Its link is what matters."""
    made = (await act(live, JUNIPER, "create_invitation"))["invitation"]
    assert isinstance(made, dict)
    assert str(made["share_link"]).startswith("https://")
    assert (await act(live, JUNIPER, "get_invitations"))["invitations"] == [made]

    await act(live, JUNIPER, "revoke_invitation", invitation_id=made["id_s"])

    assert (await act(live, JUNIPER, "get_invitations"))["invitations"] == []


async def test_only_the_owner_sees_the_drivers(live: Live) -> None:
    """Of a lent car they are not ours to see."""
    assert (await act(live, JUNIPER, "get_drivers"))["drivers"] == []
    with pytest.raises(HomeAssistantError):
        await act(live, GUEST_S, "get_drivers")


async def test_the_history_leads_to_the_invoice(live: Live, tmp_path: Path) -> None:
    """The newest first."""
    live.hass.config.allowlist_external_dirs = {str(tmp_path)}
    sessions = (await act(live, JUNIPER, "get_charging_history"))["sessions"]
    assert isinstance(sessions, list)
    newest: Any = sessions[0]
    assert newest["siteLocationName"] == "Nuremberg, Germany"
    path = tmp_path / "invoice.pdf"

    await act(
        live,
        JUNIPER,
        "save_charging_invoice",
        invoice_id=newest["invoices"][0]["contentId"],
        path=str(path),
    )

    assert path.read_bytes().startswith(b"%PDF-")
