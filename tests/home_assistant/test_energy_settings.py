"""Settings of energy sites: sent as Tesla wants them, and shown when Tesla has confirmed them."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON, Platform
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.teslalogger.tesla import (
    AnswerLost,
    InvalidRequest,
    MissingScope,
    NotSent,
    SettingAnswer,
    TeslaError,
)

from .energy_cloud import SITE_ID, FakeSite
from .running import state_of

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.energy.coordinator import SiteCoordinator

    from .cloud import FakeCloud
    from .running import Start

type Row = tuple[str, tuple[str, dict[str, Any]], tuple[str, dict[str, Any]], str]

SETTINGS: Final[tuple[Row, ...]] = (
    # entity, action, data; endpoint, body; state
    (
        "number.lighthouse_backup_reserve",
        ("set_value", {"value": 35}),
        ("backup", {"backup_reserve_percent": 35}),
        "35",
    ),
    (
        "number.lighthouse_off_grid_vehicle_charging_reserve",
        ("set_value", {"value": 0}),
        (
            "off_grid_vehicle_charging_reserve",
            {"off_grid_vehicle_charging_reserve_percent": 0},
        ),
        "0",
    ),
    (
        "select.lighthouse_operation_mode",
        ("select_option", {"option": "autonomous"}),
        ("operation", {"default_real_mode": "autonomous"}),
        "autonomous",
    ),
    (
        "select.lighthouse_energy_exports",
        ("select_option", {"option": "never"}),
        ("grid_import_export", {"customer_preferred_export_rule": "never"}),
        "never",
    ),
    (
        "switch.lighthouse_storm_watch",
        ("turn_off", {}),
        ("storm_mode", {"enabled": False}),
        STATE_OFF,
    ),
    (
        "switch.lighthouse_charge_from_grid",
        ("turn_on", {}),
        (
            "grid_import_export",
            {"disallow_charge_from_grid_with_solar_installed": False},
        ),
        STATE_ON,
    ),
)
RESERVE: Final = "number.lighthouse_backup_reserve"


@pytest.fixture
def platforms() -> tuple[Platform, ...]:
    """Those that have settings."""
    return (Platform.NUMBER, Platform.SELECT, Platform.SWITCH)


@pytest.fixture
def house(cloud: FakeCloud) -> FakeSite:
    """The account's house, beside its cars."""
    house = cloud.sites[SITE_ID] = FakeSite()
    return house


@pytest.fixture
async def site(house: FakeSite, start: Start, hass: HomeAssistant) -> SiteCoordinator:  # noqa: ARG001 - before the start
    """The integration's side of the house, which has answered once."""
    entry = await start()
    site: SiteCoordinator = entry.runtime_data.energy.by_id[SITE_ID]
    await site.async_refresh()
    await hass.async_block_till_done()
    return site


async def change(hass: HomeAssistant, entity_id: str, action: str, **data: Any) -> None:
    """What a person does."""
    domain = entity_id.partition(".")[0]
    await hass.services.async_call(
        domain, action, {ATTR_ENTITY_ID: entity_id, **data}, blocking=True
    )


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(("entity_id", "action", "request_", "state"), SETTINGS)
async def test_setting_is_sent_and_shown(
    hass: HomeAssistant,
    house: FakeSite,
    entity_id: str,
    action: tuple[str, dict[str, Any]],
    request_: tuple[str, dict[str, Any]],
    state: str,
) -> None:
    """Each to its own endpoint."""
    await change(hass, entity_id, action[0], **action[1])

    assert house.settings == [request_]
    assert state_of(hass, entity_id) == state


@pytest.mark.parametrize(("entity_id", "action", "request_", "state"), SETTINGS)
async def test_setting_that_tesla_refuses_stays_as_it_was(
    hass: HomeAssistant,
    site: SiteCoordinator,
    house: FakeSite,
    entity_id: str,
    action: tuple[str, dict[str, Any]],
    request_: tuple[str, dict[str, Any]],
    state: str,
) -> None:
    """And a person reads why, although HTTP said yes."""
    before = state_of(hass, entity_id)
    house.answer = SettingAnswer(done=False, reason="not now")

    with pytest.raises(HomeAssistantError, match="not now") as caught:
        await change(hass, entity_id, action[0], **action[1])

    assert caught.value.translation_key == "site_setting_refused"
    assert house.settings == [request_]
    assert state_of(hass, entity_id) == before != state
    assert site.last_update_success


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("error", "key"),
    [
        (NotSent(), "tesla_unreachable"),
        (MissingScope(status=403, placeholders={"scopes": "energy_cmds"}), "missing_scope"),
        (InvalidRequest("invalid_field", status=400), "invalid_request"),
    ],
)
async def test_setting_that_failed_says_what_to_do(
    hass: HomeAssistant, cloud: FakeCloud, error: TeslaError, key: str
) -> None:
    """In the words of its cause."""
    cloud.failures["backup"] = error

    with pytest.raises(HomeAssistantError) as caught:
        await change(hass, RESERVE, "set_value", value=35)

    assert caught.value.translation_key == key
    assert state_of(hass, RESERVE) == "20"


@pytest.mark.usefixtures("site")
async def test_lost_answer_is_made_up_for_by_what_tesla_tells(
    hass: HomeAssistant, cloud: FakeCloud, house: FakeSite
) -> None:
    """Asked at once: the setting may have been taken over."""
    cloud.failures["backup"] = AnswerLost(status=504)
    house.info["backup_reserve_percent"] = 35

    await change(hass, RESERVE, "set_value", value=35)

    assert state_of(hass, RESERVE) == "35"


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("answers", [True, False])
async def test_lost_answer_is_never_reported_as_done(
    hass: HomeAssistant, cloud: FakeCloud, *, answers: bool
) -> None:
    """Neither if Tesla still tells the old value, nor if it tells nothing."""
    cloud.failures["backup"] = AnswerLost(status=504)
    if not answers:
        cloud.failures["site_info"] = AnswerLost(status=504)

    with pytest.raises(HomeAssistantError) as caught:
        await change(hass, RESERVE, "set_value", value=35)

    assert caught.value.translation_key == "site_setting_unknown"
    assert state_of(hass, RESERVE) == "20"


async def test_confirmed_setting_does_not_jump_back(
    hass: HomeAssistant,
    site: SiteCoordinator,
    house: FakeSite,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Tesla's answers lag behind; after two minutes they are the truth again."""
    await change(hass, RESERVE, "set_value", value=35)

    for seconds, state in ((31, "35"), (60, "35"), (60, "20")):
        freezer.tick(seconds)
        site._due = dict.fromkeys(site._due, 0.0)
        await site.async_refresh()
        await hass.async_block_till_done()
        assert state_of(hass, RESERVE) == state
    assert house.info["backup_reserve_percent"] == 20


async def test_new_setting_is_read_back_soon(hass: HomeAssistant, site: SiteCoordinator) -> None:
    """Not in ten minutes."""
    await change(hass, RESERVE, "set_value", value=35)

    assert site.update_interval is not None
    assert site.update_interval.total_seconds() <= 30


async def test_of_many_values_the_last_one_wins(
    hass: HomeAssistant, site: SiteCoordinator, house: FakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one is on its way the wanted one is shown, and those in between are never sent."""
    arrived, gate = asyncio.Event(), asyncio.Event()
    whole = site._api.set

    async def slow(*args: Any) -> SettingAnswer:
        arrived.set()
        await gate.wait()
        return await whole(*args)

    monkeypatch.setattr(site._api, "set", slow)
    wishes = [asyncio.create_task(change(hass, RESERVE, "set_value", value=30))]
    await arrived.wait()
    wishes += [
        asyncio.create_task(change(hass, RESERVE, "set_value", value=value))
        for value in (31, 32, 33)
    ]
    for _ in range(100):  # until the last one has got as far as it can
        await asyncio.sleep(0)
    assert state_of(hass, RESERVE) == "33"
    (entity,) = [
        entity
        for entity in hass.data["entity_components"]["number"].entities
        if entity.entity_id == RESERVE
    ]
    entity._newest.hurry()
    gate.set()
    await asyncio.gather(*wishes)

    assert [body["backup_reserve_percent"] for _, body in house.settings] == [30, 33]
    assert state_of(hass, RESERVE) == "33"


async def test_nonsense_is_not_sent(site: SiteCoordinator, house: FakeSite) -> None:
    """Whoever asks for it."""
    with pytest.raises(ServiceValidationError):
        await site.async_set("backup_reserve_percent", 101)
    assert not house.settings
