"""Repairs that lost their reason: nobody has to clear them away."""

from datetime import timedelta
from typing import TYPE_CHECKING

from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.teslalogger import issues
from custom_components.teslalogger.account import INTERVAL, MISSING_BEFORE_GONE
from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.coordinator import CarCoordinator
from custom_components.teslalogger.issues import LEFT_BEHIND
from custom_components.teslalogger.tesla import AnswerLost
from custom_components.teslalogger.vehicle import Route

from .cloud import MODEL_3, MODEL_Y, FakeCar, FakeCloud
from .running import pass_time

if TYPE_CHECKING:
    from freezegun.api import FrozenDateTimeFactory
    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry


@pytest.fixture
def cloud() -> FakeCloud:
    """Two cars that take signed commands only."""
    return FakeCloud(
        FakeCar(vin=MODEL_3, name="Juniper", command_signing="required"),
        FakeCar(vin=MODEL_Y, name="Yuki", command_signing="required"),
    )


@pytest.fixture
def juniper(loaded: MockConfigEntry) -> CarCoordinator:
    """A car that has just refused a command for want of the key."""
    car = loaded.runtime_data.cars[MODEL_3]
    assert isinstance(car, CarCoordinator)
    car.commander._note_key(paired=False)
    return car


def cars_to_mend(hass: HomeAssistant) -> set[str]:
    """The cars that have an open repair, by name."""
    return {
        (issue.translation_placeholders or {})["car"]
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.translation_key != LEFT_BEHIND
    }


async def test_each_car_has_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry, juniper: CarCoordinator
) -> None:
    """And not more than one."""
    juniper.commander._note_key(paired=False)
    assert cars_to_mend(hass) == {"Juniper"}

    loaded.runtime_data.cars[MODEL_Y].commander._note_key(paired=False)
    assert cars_to_mend(hass) == {"Juniper", "Yuki"}

    juniper.commander._note_key(paired=True)
    assert cars_to_mend(hass) == {"Yuki"}


async def test_route_without_signatures_needs_no_repair(
    hass: HomeAssistant, juniper: CarCoordinator, cloud: FakeCloud
) -> None:
    """Whoever says it: here the product list."""
    cloud.cars[MODEL_3].command_signing = "off"

    juniper.async_note_product(cloud.cars[MODEL_3].product)

    assert juniper.commander.route is Route.UNSIGNED
    assert not cars_to_mend(hass)
    assert not juniper.commander.waits_for_pairing


async def test_command_that_went_without_a_signature_needs_no_repair(
    hass: HomeAssistant, juniper: CarCoordinator
) -> None:
    """Here the car has answered that it knows no signatures."""
    juniper.commander.router.beliefs.learn(Route.UNSIGNED)

    await juniper.commander.async_send("honk_horn")

    assert not cars_to_mend(hass)


@pytest.mark.usefixtures("juniper")
async def test_car_that_is_gone_takes_its_repair_along(
    hass: HomeAssistant, cloud: FakeCloud, freezer: FrozenDateTimeFactory
) -> None:
    """With its device, and with what the vault kept of it."""
    del cloud.cars[MODEL_3]

    for _ in range(MISSING_BEFORE_GONE):
        assert cars_to_mend(hass) == {"Juniper"}
        await pass_time(hass, freezer, INTERVAL + timedelta(seconds=1))

    assert not cars_to_mend(hass)


@pytest.mark.usefixtures("juniper")
async def test_entry_that_is_removed_takes_its_repairs_along(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Those of other integrations stay."""
    ir.async_create_issue(
        hass,
        "another",
        f"of_{loaded.entry_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="another",
    )

    await hass.config_entries.async_remove(loaded.entry_id)

    assert not cars_to_mend(hass)
    registry = ir.async_get(hass)
    assert registry.async_get_issue("another", f"of_{loaded.entry_id}") is not None
    # Only what nobody can do from here is still to be done.
    left = [issue for (domain, _), issue in registry.issues.items() if domain == DOMAIN]
    assert [issue.translation_key for issue in left] == [LEFT_BEHIND]


async def test_nothing_to_pair_is_no_repair(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Without a key of our own the command's own error says what to do."""
    loaded.runtime_data.vault._key = None

    loaded.runtime_data.cars[MODEL_3].commander._note_key(paired=False)

    assert not cars_to_mend(hass)


@pytest.mark.usefixtures("juniper")
async def test_failed_look_leaves_the_repair_open(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: FakeCloud,
) -> None:
    """And it is due again at once."""
    cloud.failures["fleet_status"] = AnswerLost(status=502)
    assert not await loaded.runtime_data.account.async_check_keys()
    assert cars_to_mend(hass) == {"Juniper"}

    cloud.failures.clear()
    cloud.cars[MODEL_3].paired = True
    assert await loaded.runtime_data.account.async_check_keys()
    assert not cars_to_mend(hass)


def test_id_tells_no_vin(loaded: MockConfigEntry) -> None:
    """It is in every list of repairs that people show around."""
    first, second = (issues.key_issue_id(loaded, vin) for vin in (MODEL_3, MODEL_Y))

    assert first != second
    assert MODEL_3 not in first
    assert MODEL_3[-6:] not in first
