"""The whole way to the simulated house and back."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.const import ATTR_ENTITY_ID, STATE_OFF, STATE_ON
from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator.cloud.faults import FaultKind, FaultRule
from simulator.energy.data import CONNECTOR
from simulator.energy.state import Connector
from simulator.garage import LIGHTHOUSE, YUKI

if TYPE_CHECKING:
    from simulator.energy import EnergySite

    from .live import Live

MINUTE: Final = timedelta(seconds=61)
type Row = tuple[str, str, str, dict[str, object], tuple[str, object]]

SETTINGS: Final[tuple[Row, ...]] = (
    ("number", "backup_reserve_percent", "set_value", {"value": 42}, ("reserve", 42)),
    (
        "number",
        "off_grid_vehicle_charging_reserve_percent",
        "set_value",
        {"value": 70},
        ("off_grid_reserve", 70),
    ),
    ("select", "operation_mode", "select_option", {"option": "backup"}, ("mode", "backup")),
    ("select", "export_rule", "select_option", {"option": "never"}, ("export_rule", "never")),
    ("switch", "storm_watch", "turn_off", {}, ("storm_watch", False)),
    ("switch", "grid_charging", "turn_on", {}, ("grid_charging", True)),
)


def house(live: Live) -> EnergySite:
    """The simulated house."""
    return live.world.sites[LIGHTHOUSE]


def state(live: Live, platform: str, key: str, owner: str = LIGHTHOUSE) -> str:
    """What an entity of the house, or of its wall connector, shows."""
    return live.state(platform, owner, key).state


@pytest.fixture
async def home(live: Live) -> Live:
    """The house has answered once."""
    await live.pass_time(MINUTE)
    return live


async def test_the_house_is_shown_as_it_is(home: Live) -> None:
    """Powers balance, and nothing of it costs anything."""
    shown = {
        key: float(state(home, "sensor", key))
        for key in ("solar_power", "battery_power", "grid_power", "load_power")
    }

    assert shown["load_power"] == pytest.approx(
        shown["solar_power"] + shown["battery_power"] + shown["grid_power"], abs=0.003
    )
    assert float(state(home, "sensor", "percentage_charged")) == pytest.approx(
        100 * house(home).state.energy / 27_000, abs=0.5
    )
    assert state(home, "sensor", "island_status") == "on_grid"
    assert float(state(home, "sensor", "lifetime_total_solar_generation")) >= 11_400
    assert state(home, "sensor", "buy_price") in {"0.25", "0.28", "0.34", "0.42"}
    assert state(home, "binary_sensor", "reachable") == STATE_ON
    for endpoint in ("live_status", "site_info", "calendar_history"):
        assert [entry.billed for entry in home.world.ledger.of(endpoint)][:1] == [0]


@pytest.mark.parametrize(("platform", "key", "action", "data", "truth"), SETTINGS)
async def test_setting_reaches_the_house(
    home: Live,
    platform: str,
    key: str,
    action: str,
    data: dict[str, object],
    truth: tuple[str, object],
) -> None:
    """And the house tells it back."""
    target = {ATTR_ENTITY_ID: home.entity_id(platform, LIGHTHOUSE, key), **data}
    await home.hass.services.async_call(platform, action, target, blocking=True)
    assert getattr(house(home).state.settings, truth[0]) == truth[1]
    shown = state(home, platform, key)

    for _ in range(4):
        await home.pass_time(MINUTE)

    assert state(home, platform, key) == shown


async def test_setting_whose_answer_is_lost_is_read_back(home: Live) -> None:
    """Tesla carried it out, and the line went dead."""
    home.world.faults.add(FaultRule(kind=FaultKind.LOST, endpoint="storm_mode"))

    await home.press(LIGHTHOUSE, "storm_watch", "turn_off")

    assert house(home).state.settings.storm_watch is False
    assert state(home, "switch", "storm_watch") == STATE_OFF


async def test_setting_that_was_not_carried_out_is_not_shown(home: Live) -> None:
    """A server of Tesla's failed before."""
    home.world.faults.add(FaultRule(kind=FaultKind.STATUS, endpoint="storm_mode", status=502))

    with pytest.raises(HomeAssistantError, match="Nobody knows"):
        await home.press(LIGHTHOUSE, "storm_watch", "turn_off")

    assert state(home, "switch", "storm_watch") == STATE_ON
    assert len(home.world.ledger.of("storm_mode")) == 1


@pytest.mark.parametrize("trouble", ["reachable", "given_up"])
async def test_house_out_of_reach_keeps_its_values(home: Live, trouble: str) -> None:
    """Whether its gateway is silent or Tesla has given it up."""
    before = state(home, "sensor", "load_power")
    setattr(house(home).state, trouble, trouble == "given_up")
    for _ in range(3):
        await home.pass_time(MINUTE)

    assert state(home, "sensor", "load_power") == before
    assert state(home, "binary_sensor", "reachable") == STATE_OFF

    await home.restart()
    assert state(home, "sensor", "load_power") == before


async def test_power_outage_is_seen(home: Live) -> None:
    """Within a minute or two."""
    house(home).state.grid_up = False
    await home.pass_time(MINUTE)

    assert state(home, "sensor", "island_status") == "off_grid_unintentional"
    assert state(home, "binary_sensor", "grid_status") == STATE_OFF
    assert float(state(home, "sensor", "grid_power")) == 0


async def test_wall_connector_names_the_car(home: Live) -> None:
    """Which is one of the account's."""
    house(home).state.connector = Connector(vin=YUKI, charging=True)
    await home.pass_time(MINUTE)

    assert state(home, "sensor", "wall_connector_vehicle", CONNECTOR) == "Yuki"
    assert state(home, "sensor", "wall_connector_state", CONNECTOR) == "charging"
    assert state(home, "sensor", "wall_connector_power", CONNECTOR) == "7.4"
