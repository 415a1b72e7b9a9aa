"""Every entity of every platform, for every simulated car and site, as Home Assistant shows it.

A busy day (`full_house`) is shown whole, and what is not there is told with its reason.

The snapshots are texts with one line for each entity, see `everything`.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final, override

from homeassistant.const import STATE_UNAVAILABLE
import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from custom_components.teslalogger import PLATFORMS
from custom_components.teslalogger.tesla import Scope
from custom_components.teslalogger.topics import Topic
from custom_components.teslalogger.vehicle import SIGNALS
from scripts.workshop.tables import entity_rows
from simulator.energy.data import CONNECTOR
from simulator.garage import ANVIL, FALCON, GUEST_S, JUNIPER, LIGHTHOUSE, PEARL, YUKI

from .energy_cloud import SITE_ID, FakeSite
from .everything import everything
from .full_house import METHUSELAH, look_around, seen, shown, world  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from syrupy.assertion import SnapshotAssertion
    from syrupy.location import PyTestLocation

    from scripts.workshop.tables import EntityRow

    from .cloud import FakeCloud
    from .everything import Shown
    from .live import StartLive
    from .running import Start

DEVICES: Final = {
    "falcon": FALCON,
    "juniper": JUNIPER,
    "pearl": PEARL,
    "yuki": YUKI,
    "anvil": ANVIL,
    "guest_s": GUEST_S,
    "methuselah": METHUSELAH,
    "lighthouse": LIGHTHOUSE,
    "wall_connector": CONNECTOR,
}


type Row = tuple[str, str]

# By device; each of these is on another device of the same kind.
LACKS: Final[dict[str, tuple[Row, ...]]] = {
    # No heated wheel in levels, no schedules in its software, no heat pump.
    "falcon": (
        ("select", "seat_cooler_left"),
        ("select", "steering_wheel_heat_level"),
        ("select", "cop_activation_temperature"),
        ("calendar", "charge_schedules"),
        ("calendar", "precondition_schedules"),
        ("cover", "tonneau"),
        ("cover", "sun_roof"),
        ("sensor", "managed_charging_start_time"),
    ),
    # Five seats, none of them cooled, and a plan that its schedules have taken the place of.
    "juniper": (
        ("select", "seat_heater_third_row_left"),
        ("select", "seat_heater_third_row_right"),
        ("select", "seat_cooler_left"),
        ("select", "seat_cooler_right"),
        ("binary_sensor", "not_enough_power_to_heat"),
        ("sensor", "software_update_scheduled_time"),
    ),
    "pearl": (("button", "homelink"), ("sensor", "scheduled_charging_start_time")),
    "yuki": (("cover", "tonneau"), ("sensor", "sun_roof_percent_open")),
    "anvil": (("sensor", "interior_trim_type"), ("cover", "sun_roof")),
    "guest_s": (("select", "seat_heater_third_row_left"), ("cover", "tonneau")),
    # Neither cameras nor a heated wheel.
    "methuselah": (
        ("switch", "sentry_mode"),
        ("sensor", "dashcam_state"),
        ("switch", "steering_wheel_heater"),
        ("switch", "auto_steering_wheel_heat"),
        ("binary_sensor", "auto_steering_wheel_heat"),
        ("calendar", "charge_schedules"),
    ),
}
READ_ONLY: Final = (
    Scope.OPENID,
    Scope.OFFLINE_ACCESS,
    Scope.VEHICLE_DEVICE_DATA,
    Scope.ENERGY_DEVICE_DATA,
)
# What a login that only reads leaves away, by device.
NOT_ALLOWED: Final[dict[str, tuple[Row, ...]]] = {
    "anvil": (
        ("button", "honk_horn"),
        ("climate", "cabin"),
        ("cover", "tonneau"),
        ("device_tracker", "location"),
        ("device_tracker", "route"),
        ("lock", "doors"),
        ("number", "charge_limit"),
        ("select", "seat_cooler_left"),
        ("sensor", "heading"),
        ("switch", "sentry_mode"),
        ("text", "destination"),
    ),
    "lighthouse": (
        ("number", "backup_reserve_percent"),
        ("select", "operation_mode"),
        ("switch", "storm_watch"),
    ),
}
# Where a control is not allowed; with one it would tell the same twice.
INSTEAD_OF_CONTROLS: Final[dict[Row, str]] = {
    ("binary_sensor", "locked"): "the lock says it where the login allows one",
}

OF_A_BATTERY: Final[tuple[Row, ...]] = (
    ("binary_sensor", "battery_charging"),
    ("number", "backup_reserve_percent"),
    ("select", "operation_mode"),
    ("sensor", "battery_energy_imported_from_solar"),
    ("sensor", "battery_power"),
    ("sensor", "energy_left"),
    ("sensor", "lifetime_total_battery_charge"),
    ("sensor", "percentage_charged"),
    ("sensor", "total_pack_energy"),
    ("switch", "storm_watch"),
)
OF_A_ROOF: Final[tuple[Row, ...]] = (
    ("sensor", "solar_power"),
    ("sensor", "lifetime_total_solar_generation"),
)


class Text(SingleFileSnapshotExtension):
    """A snapshot that is a file to read."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"

    @classmethod
    @override
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(Path(test_location.filepath).parent / "snapshots" / test_location.basename)


@pytest.mark.parametrize("name", DEVICES)
async def test_entities(shown: Shown, snapshot: SnapshotAssertion, name: str) -> None:  # noqa: F811 - a fixture
    """Names, classes, units, categories, values and attributes."""
    assert shown[DEVICES[name]].text == snapshot(extension_class=Text)


async def test_no_device_is_without_a_snapshot(shown: Shown) -> None:  # noqa: F811 - a fixture
    """And no platform."""
    assert shown.keys() == set(DEVICES.values())
    assert {platform for device in shown.values() for platform in device.lines} == set(PLATFORMS)


def _is_only_streamed(row: EntityRow) -> bool:
    """Whether no answer of Tesla's holds any of its signals, so that none of these cars told it."""
    signals = [SIGNALS[name] for name in row.signals if name in SIGNALS]
    if len(signals) < len(row.signals):
        return row.signals == {Topic.STREAM}
    return bool(signals) and all(one.path is None and one.telemetry for one in signals)


async def test_every_row_is_seen_somewhere_unless_it_is_only_streamed(shown: Shown) -> None:  # noqa: F811 - a fixture
    """And nothing is seen that is in no table."""
    rows = {
        (row.platform, row.key): row
        for row in entity_rows()
        if (row.platform, row.key) not in INSTEAD_OF_CONTROLS
    }
    anywhere = set().union(*(device.rows for device in shown.values()))
    unseen = {
        key for key, row in rows.items() if key not in anywhere and not _is_only_streamed(row)
    }

    assert not unseen
    assert anywhere <= rows.keys()


async def test_car_without_a_thing_has_no_entity_of_it(shown: Shown) -> None:  # noqa: F811 - a fixture
    """As others have."""
    anywhere = set().union(*(device.rows for device in shown.values()))
    there = [
        (name, row) for name in LACKS for row in LACKS[name] if row in shown[DEVICES[name]].rows
    ]

    assert not there
    assert anywhere >= {row for rows in LACKS.values() for row in rows}


@pytest.mark.usefixtures("everything_enabled")
async def test_login_that_only_reads_has_no_controls_and_no_places(start_live: StartLive) -> None:
    """But it says of a lock what the lock would say."""
    limited = await look_around(await start_live(READ_ONLY))

    for name, rows in NOT_ALLOWED.items():
        assert not limited[DEVICES[name]].rows & set(rows), name
    for name, vin in DEVICES.items():
        is_car = name not in {"lighthouse", "wall_connector"}
        assert (INSTEAD_OF_CONTROLS.keys() <= limited[vin].rows) is is_car, name


async def test_what_a_login_that_only_reads_leaves_away_is_there_otherwise(shown: Shown) -> None:  # noqa: F811 - a fixture
    """And what stands in for it is not."""
    for name, rows in NOT_ALLOWED.items():
        assert shown[DEVICES[name]].rows >= set(rows), name
    assert not any(device.rows & INSTEAD_OF_CONTROLS.keys() for device in shown.values())


@pytest.mark.usefixtures("everything_enabled")
@pytest.mark.parametrize(
    ("components", "lacks", "has"),
    [
        ({"battery": True, "solar": True}, (), OF_A_BATTERY + OF_A_ROOF),
        ({"battery": False, "solar": True}, OF_A_BATTERY, OF_A_ROOF),
        ({"battery": True, "solar": False}, OF_A_ROOF, OF_A_BATTERY),
    ],
    ids=["both", "roof", "battery"],
)
async def test_site_has_no_entity_of_what_it_lacks(
    hass: HomeAssistant,
    start: Start,
    cloud: FakeCloud,
    components: dict[str, bool],
    lacks: tuple[Row, ...],
    has: tuple[Row, ...],
) -> None:
    """Whatever zeros Tesla tells of it."""
    site = cloud.sites[SITE_ID] = FakeSite(components=components)
    site.info["components"] |= components
    entry = await start()
    await entry.runtime_data.energy.by_id[SITE_ID].async_refresh()
    await hass.async_block_till_done()

    rows = everything(hass, entry)[SITE_ID].rows
    assert rows.isdisjoint(lacks)
    assert rows >= set(has)


async def test_awake_car_has_no_entity_that_is_unavailable(shown: Shown) -> None:  # noqa: F811 - a fixture
    """Nor one whose own word would be taken for that."""
    lines = [line for device in shown.values() for lines in device.lines.values() for line in lines]
    assert not [line for line in lines if f" = {STATE_UNAVAILABLE}" in line]
    assert not {key for key, signal in SIGNALS.items() if STATE_UNAVAILABLE in signal.options}
