"""What an energy site can be asked and told beside its entities."""

from datetime import datetime, timedelta
import json
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
import voluptuous as vol

from custom_components.teslalogger.actions.sites import SITE_ACTIONS
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.tesla import (
    ENDPOINTS,
    AnswerLost,
    LoginRequired,
    NotSent,
    Scope,
    SettingAnswer,
)
from simulator.energy.state import Connector
from simulator.energy.tariff import STANDARD
from simulator.garage import LIGHTHOUSE, YUKI

from .cloud import MODEL_X, FakeCloud
from .energy_cloud import SITE_ID, TARIFF, FakeSite
from .running import state_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant, ServiceResponse
    from homeassistant.helpers import device_registry as dr
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .live import Live
    from .running import Start

FREE: Final = {"cost_usd": 0.0}
PRICE: Final = "sensor.lighthouse_electricity_price"
START: Final = "2026-10-01T00:00:00+02:00"
END: Final = "2026-10-08T00:00:00+02:00"
NOW: Final = "2026-11-01T12:00:00+00:00"


def flat(price: float) -> dict[str, Any]:
    """A tariff with one price at all times."""
    year = {"fromMonth": 1, "fromDay": 1, "toMonth": 12, "toDay": 31}
    always = {"ALL": {"periods": [{"toDayOfWeek": 6}]}}
    return {
        "name": "Flat",
        "currency": "EUR",
        "seasons": {"Year": {**year, "tou_periods": always}},
        "energy_charges": {"ALL": {"rates": {"ALL": price}}},
    }


@pytest.fixture
def platforms() -> tuple[Platform, ...]:
    """Those that show what electricity costs."""
    return (Platform.SENSOR, Platform.CALENDAR)


@pytest.fixture
def house(cloud: FakeCloud) -> FakeSite:
    """The account's house, beside its cars."""
    house = cloud.sites[SITE_ID] = FakeSite()
    return house


@pytest.fixture
async def home(house: FakeSite, start: Start, hass: HomeAssistant) -> MockConfigEntry:  # noqa: ARG001 - before the start
    """The account is loaded and the house has answered once."""
    entry = await start()
    await entry.runtime_data.energy.by_id[SITE_ID].async_refresh()
    await hass.async_block_till_done()
    return entry


@pytest.fixture
def device_id(home: MockConfigEntry, device_registry: dr.DeviceRegistry) -> str:
    """The house's device."""
    device = device_registry.async_get_device_by_identifier((DOMAIN, SITE_ID), home.entry_id)
    assert device is not None
    return device.id


async def ask(hass: HomeAssistant, name: str, /, **data: Any) -> ServiceResponse:
    """Call an action and want its response."""
    return await hass.services.async_call(DOMAIN, name, data, blocking=True, return_response=True)


def moment(text: str | None) -> datetime | None:
    """As a time."""
    return None if text is None else datetime.fromisoformat(text)


def test_every_action_asks_an_endpoint() -> None:
    """Of which the price is known."""
    assert {action.endpoint for action in SITE_ACTIONS} <= set(ENDPOINTS)


# History


@pytest.mark.parametrize(
    ("data", "question"),
    [
        ({}, ("energy", "day", None, None)),
        ({"period": "lifetime", "kind": "energy"}, ("energy", "lifetime", None, None)),
        ({"kind": "backup", "period": "year"}, ("backup", "year", None, None)),
        ({"start": START, "end": END, "period": "week"}, ("energy", "week", START, END)),
    ],
)
async def test_history_is_asked_for_as_somebody_wants_it(
    hass: HomeAssistant,
    device_id: str,
    house: FakeSite,
    data: dict[str, Any],
    question: tuple[str, str, str | None, str | None],
) -> None:
    """In the site's own time zone, and the answer is Tesla's."""
    response = await ask(hass, "get_energy_history", device_id=device_id, **data)

    kind, period, start, end = question
    assert house.questions == [(kind, period, moment(start), moment(end), "Europe/Berlin")]
    assert response == (house.day if kind == "energy" else {"events": []}) | FREE


@pytest.mark.parametrize(
    ("data", "begin", "end"),
    [
        ({}, "2026-10-31T12:00:00+00:00", NOW),
        ({"period": "week"}, "2026-10-25T12:00:00+00:00", NOW),
        ({"period": "lifetime"}, "2012-01-01T00:00:00+00:00", NOW),
        ({"period": "month", "end": END}, "2026-09-07T00:00:00+02:00", END),
        ({"start": START, "end": "2026-10-08 00:00:00"}, START, "2026-10-08T00:00:00-07:00"),
    ],
)
async def test_charges_are_asked_for_with_both_ends(
    hass: HomeAssistant,
    device_id: str,
    house: FakeSite,
    data: dict[str, Any],
    begin: str,
    end: str,
) -> None:
    """Tesla wants them; a time without zone is one of the home's."""
    response = await ask(hass, "get_energy_history", device_id=device_id, kind="charging", **data)

    assert house.questions == [(moment(begin), moment(end), "Europe/Berlin")]
    assert response == {"charge_history": []} | FREE


async def test_site_without_time_zone_is_asked_without(
    hass: HomeAssistant, house: FakeSite, start: Start, device_registry: dr.DeviceRegistry
) -> None:
    """Then Tesla chooses."""
    del house.info["installation_time_zone"]
    entry = await start()
    await entry.runtime_data.energy.by_id[SITE_ID].async_refresh()
    device = device_registry.async_get_device_by_identifier((DOMAIN, SITE_ID), entry.entry_id)
    assert device is not None

    await ask(hass, "get_energy_history", device_id=device.id)

    assert house.questions[0][-1] is None


@pytest.mark.parametrize("data", [{"kind": "weather"}, {"period": "hour"}, {"start": "early"}])
async def test_history_that_there_is_not_is_not_asked_for(
    hass: HomeAssistant, device_id: str, house: FakeSite, data: dict[str, Any]
) -> None:
    """Home Assistant refuses it."""
    with pytest.raises(vol.Invalid):
        await ask(hass, "get_energy_history", device_id=device_id, **data)

    assert not house.questions


async def test_error_of_teslas_is_explained(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud
) -> None:
    """And a login that ended asks for a new one."""
    cloud.failures["calendar_history"] = LoginRequired(status=401)

    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "get_energy_history", device_id=device_id)

    assert caught.value.translation_key == "login_required"
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress()


async def test_car_is_no_site_and_site_is_no_car(
    hass: HomeAssistant,
    home: MockConfigEntry,
    device_id: str,
    device_registry: dr.DeviceRegistry,
) -> None:
    """Each has its own actions."""
    car = device_registry.async_get_device_by_identifier((DOMAIN, MODEL_X), home.entry_id)
    assert car is not None

    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "get_energy_history", device_id=car.id)
    assert caught.value.translation_key == "service_site_not_found"

    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "get_recent_alerts", device_id=device_id)
    assert caught.value.translation_key == "service_car_not_found"


# Tariff


@pytest.mark.parametrize(
    "wrapped",
    [
        flat(0.31),
        {"tariff_content_v2": flat(0.31)},
        {"tou_settings": {"tariff_content_v2": flat(0.31)}},
    ],
)
async def test_tariff_is_sent_and_shown(
    hass: HomeAssistant, device_id: str, house: FakeSite, wrapped: dict[str, Any]
) -> None:
    """However much of Tesla's wrapping is around it; the response is the one before."""
    response = await ask(hass, "set_tariff", device_id=device_id, tariff=wrapped)

    assert house.settings == [
        ("time_of_use_settings", {"tou_settings": {"tariff_content_v2": flat(0.31)}})
    ]
    assert response == {"previous": TARIFF} | FREE
    assert state_of(hass, PRICE) == "0.31"


async def test_tariff_without_selling_has_no_price_for_it(
    hass: HomeAssistant, device_id: str
) -> None:
    """The one before had."""
    assert state_of(hass, "sensor.lighthouse_feed_in_price") == "0.08"

    await ask(hass, "set_tariff", device_id=device_id, tariff=flat(0.31))

    assert state_of(hass, "sensor.lighthouse_feed_in_price") == "unknown"


async def test_calendar_shows_the_new_tariff_at_once(hass: HomeAssistant, device_id: str) -> None:
    """Also where the price of now is the same as before."""

    def shown() -> tuple[str, str]:
        state = hass.states.get("calendar.lighthouse_electricity_tariff")
        assert state is not None
        return state.attributes["message"], state.attributes["description"]

    tariff = flat(0.28)
    periods = tariff["seasons"]["Year"]["tou_periods"]
    periods["OFF_PEAK"] = periods.pop("ALL")
    assert shown() == ("Off peak: 0.28 EUR/kWh", "Flex (Year)")

    await ask(hass, "set_tariff", device_id=device_id, tariff=tariff)

    assert shown() == ("Off peak: 0.28 EUR/kWh", "Flat (Year)")


async def test_tariff_needs_no_response(
    hass: HomeAssistant, device_id: str, house: FakeSite
) -> None:
    """And a site may have had none."""
    del house.info["tariff_content_v2"]
    data = {"device_id": device_id, "tariff": flat(0.31)}

    await hass.services.async_call(DOMAIN, "set_tariff", data, blocking=True)
    response = await ask(hass, "set_tariff", **data)

    assert len(house.settings) == 2
    assert response == {"previous": None} | FREE


async def test_tariff_does_not_jump_back(
    hass: HomeAssistant,
    home: MockConfigEntry,
    device_id: str,
    house: FakeSite,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Tesla's answers lag behind; after two minutes they are the truth again."""
    site = home.runtime_data.energy.by_id[SITE_ID]
    await ask(hass, "set_tariff", device_id=device_id, tariff=flat(0.31))

    for seconds, price in ((31, "0.31"), (60, "0.31"), (60, "0.28")):
        freezer.tick(seconds)
        site._due = dict.fromkeys(site._due, 0.0)
        await site.async_refresh()
        await hass.async_block_till_done()
        assert state_of(hass, PRICE) == price
    assert house.info["tariff_content_v2"] == TARIFF


async def test_wrong_tariff_is_not_sent(
    hass: HomeAssistant, device_id: str, house: FakeSite
) -> None:
    """And where it is wrong is said."""
    tariff = flat(0.31)
    tariff["seasons"]["Year"]["toMonth"] = 11
    tariff["seasons"]["Year"]["toDay"] = 30

    with pytest.raises(ServiceValidationError) as caught:
        await ask(hass, "set_tariff", device_id=device_id, tariff=tariff)

    assert caught.value.translation_key == "tariff_day_missing"
    assert caught.value.translation_placeholders == {"day": "12-01"}
    assert "12-01 (month and day) is in none of its seasons" in str(caught.value)
    assert not house.settings


async def test_refused_tariff_is_not_shown(
    hass: HomeAssistant, device_id: str, house: FakeSite
) -> None:
    """Although HTTP said yes."""
    house.answer = SettingAnswer(done=False, reason="rate limited")

    with pytest.raises(HomeAssistantError, match="rate limited"):
        await ask(hass, "set_tariff", device_id=device_id, tariff=flat(0.31))

    assert state_of(hass, PRICE) == "0.28"


async def test_tariff_is_not_sent_where_the_old_one_is_unknown(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud, house: FakeSite
) -> None:
    """Nobody could undo it."""
    cloud.failures["site_info"] = NotSent()

    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "set_tariff", device_id=device_id, tariff=flat(0.31))

    assert caught.value.translation_key == "tesla_unreachable"
    assert not house.settings


@pytest.mark.parametrize("is_there", [True, False])
async def test_lost_answer_is_looked_for_in_what_tesla_tells(
    hass: HomeAssistant, device_id: str, cloud: FakeCloud, house: FakeSite, *, is_there: bool
) -> None:
    """Never is it said to be done when it may not be."""
    cloud.failures["time_of_use_settings"] = AnswerLost(status=504)
    if is_there:
        house.info["tariff_content_v2"] = flat(0.31) | {"version": 1}
        await ask(hass, "set_tariff", device_id=device_id, tariff=flat(0.31))
        assert state_of(hass, PRICE) == "0.31"
        return

    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "set_tariff", device_id=device_id, tariff=flat(0.31))
    assert caught.value.translation_key == "site_setting_unknown"
    assert state_of(hass, PRICE) == "0.28"


@pytest.mark.parametrize("scopes", [(Scope.ENERGY_DEVICE_DATA, Scope.VEHICLE_DEVICE_DATA)])
async def test_what_the_login_does_not_allow_is_not_sent(
    hass: HomeAssistant, device_id: str, house: FakeSite
) -> None:
    """Reading is not commanding."""
    with pytest.raises(HomeAssistantError) as caught:
        await ask(hass, "set_tariff", device_id=device_id, tariff=flat(0.31))

    assert caught.value.translation_key == "missing_scope"
    assert not house.settings


# The whole way


@pytest.fixture
async def lighthouse(live: Live, device_registry: dr.DeviceRegistry) -> str:
    """The device of the simulated house, which has answered once."""
    await live.pass_time(timedelta(seconds=61))
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, LIGHTHOUSE), live.entry.entry_id
    )
    assert device is not None
    return device.id


async def test_simulated_house_takes_a_tariff_and_gets_its_own_back(
    live: Live, lighthouse: str
) -> None:
    """From the table to the site, and by what the response holds."""
    settings = live.world.sites[LIGHTHOUSE].state.settings

    response = await ask(live.hass, "set_tariff", device_id=lighthouse, tariff=flat(0.31))

    assert settings.tariff["name"] == "Flat"
    assert live.state("sensor", LIGHTHOUSE, "buy_price").state == "0.31"
    assert response is not None
    previous = json.loads(json.dumps(response["previous"]))
    assert previous == STANDARD
    for _ in range(4):
        await live.pass_time(timedelta(seconds=61))
    assert live.state("sensor", LIGHTHOUSE, "buy_price").state == "0.31"

    await ask(live.hass, "set_tariff", device_id=lighthouse, tariff=previous)

    assert settings.tariff == STANDARD
    assert live.state("sensor", LIGHTHOUSE, "buy_price").state in {"0.25", "0.28", "0.34", "0.42"}


async def test_simulated_house_tells_its_history(live: Live, lighthouse: str) -> None:
    """What it produced, an outage, and what a car charged."""
    house = live.world.sites[LIGHTHOUSE]
    house.state.connector = Connector(vin=YUKI, charging=True)
    house.state.grid_up = False
    house.state.energy = 27_000.0
    await live.pass_time(timedelta(minutes=10))
    house.state.connector = Connector()
    house.state.grid_up = True
    await live.pass_time(timedelta(minutes=1))

    async def history(kind: str) -> dict[str, Any]:
        response = await ask(live.hass, "get_energy_history", device_id=lighthouse, kind=kind)
        assert response is not None
        return dict(response)

    energy = await history("energy")
    assert energy["cost_usd"] == 0
    assert sum(row["consumer_energy_imported_from_battery"] for row in energy["time_series"]) > 0
    backup = await history("backup")
    assert [event["duration"] for event in backup["events"]] == [600]
    (charge,) = (await history("charging"))["charge_history"]
    assert (charge["vin"], charge["charge_duration"]) == (YUKI, {"seconds": 600})
    assert charge["energy_added_wh"] == pytest.approx(7400 / 6, abs=1)
    began = dt_util.utc_from_timestamp(charge["charge_start_time"]["seconds"])
    assert began < dt_util.utcnow()
