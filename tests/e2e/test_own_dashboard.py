"""The dashboards that Home Assistant makes by itself out of the entities: do they make sense?"""

from collections import Counter
from dataclasses import dataclass
import re
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import expect
import pytest

from scripts.workshop import walk as workshop
from scripts.workshop.loopback import ask
from scripts.workshop.places import DOMAIN

from . import walk
from .test_set_up import JUNIPER

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from scripts.workshop.home_assistant import HomeAssistantApi

    from .conftest import Stage

GARAGE: Final = ("Juniper", "Yuki")
DRIVEWAY: Final = ("Anvil", "Falcon", "Guest S", "Pearl")
HOUSE: Final = ("Lighthouse", "Wall Connector")
AREAS: Final = (
    ("Garage", "mdi:garage", GARAGE),
    ("Driveway", "mdi:car-multiple", DRIVEWAY),
    ("Home", "mdi:home-lightning-bolt", HOUSE),
)
ALWAYS: Final = {
    **dict.fromkeys((*GARAGE, *DRIVEWAY), "Sentry mode"),
    "Lighthouse": "Solar power",
    "Wall Connector": "State",
}
"""What each device has on any list."""
MOST: Final = 40
"""Tiles of a car among which a person still finds something."""
BY_KIND: Final = ("Climate", "Security", "Media players")
"""Headings under which an area shows what it has of each kind; the rest comes by device."""
RAW: Final = re.compile(r"_|(?i:teslalogger)|\b[A-Z]{5,}\b|[<{]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """One of ours, as the registries and the state machine know it."""

    id: str
    device: str
    name: str
    category: str | None
    enabled: bool
    device_class: str | None
    translation_key: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owned:
    """Everything that this house owns."""

    entities: tuple[Entity, ...]

    def primary(self, *devices: str) -> list[Entity]:
        """What is neither a setting nor a diagnosis, and enabled."""
        return [
            entity
            for entity in self.entities
            if entity.device in devices and entity.enabled and entity.category is None
        ]


@pytest.fixture(scope="module")
def owned(stage: Stage, browser_context: BrowserContext) -> Owned:
    """Set everything up while a car charges, and give each device its area."""
    api = stage.home_assistant
    changed = ask(
        f"{stage.simulator_url}/_simulator/cars/{JUNIPER}",
        method="PATCH",
        json_body={"plug_in": "ac"},
    )
    assert changed.status == 200
    workshop.set_up(api)
    page = browser_context.new_page()
    walk.wait_for_cars(page, api, (*GARAGE, *DRIVEWAY))
    page.close()
    devices = {device["name"]: device["id"] for device in _devices(api)}
    for area, icon, names in AREAS:
        area_id = api.command("config/area_registry/create", name=area, icon=icon)["area_id"]
        for name in names:
            api.command("config/device_registry/update", device_id=devices[name], area_id=area_id)
    api.command("frontend/set_system_data", key="home", value={"welcome_banner_dismissed": True})
    return Owned(entities=tuple(_entities(api)))


def _devices(api: HomeAssistantApi) -> list[dict[str, Any]]:
    entries = {entry["entry_id"] for entry in workshop.entries(api)}
    return [
        device
        for device in api.command("config/device_registry/list")
        if entries & set(device["config_entries"])
    ]


def _entities(api: HomeAssistantApi) -> list[Entity]:
    names = {device["id"]: str(device["name"]) for device in _devices(api)}
    ids = [
        entity["entity_id"]
        for entity in api.command("config/entity_registry/list")
        if entity["platform"] == DOMAIN
    ]
    return [
        Entity(
            id=row["entity_id"],
            device=names[row["device_id"]],
            name=row["original_name"],
            category=row["entity_category"],
            enabled=row["disabled_by"] is None,
            device_class=row["original_device_class"],
            translation_key=row["translation_key"],
        )
        for row in api.command("config/entity_registry/get_entries", entity_ids=ids).values()
    ]


def _full(entity: Entity) -> str:
    return f"{entity.device} {entity.name}"


def _domain(entity: Entity) -> str:
    return entity.id.partition(".")[0]


def _open_area(page: Page, stage: Stage, area: str) -> dict[str, list[str]]:
    """An area's view as Home Assistant makes it: the names on its tiles.

    It draws section after section: what is shown twice in a row, with every device, is all of it.
    """
    page.goto(f"{stage.home_assistant.url}/home/areas-{area.lower()}")
    devices = next(set(names) for title, _, names in AREAS if title == area)
    looks: list[dict[str, list[str]]] = [{}]

    def is_drawn() -> bool:
        looks.append(walk.sections(page))
        shown = looks[-1]
        return devices <= set(shown) and all(map(all, shown.values())) and shown == looks[-2]

    walk.wait_until(page, is_drawn)
    return looks[-1]


def test_every_name_is_translated_and_says_what_it_is(stage: Stage, owned: Owned) -> None:
    """Also of what waits to be switched on: no key, no integration, no device named twice."""
    words = {
        language: stage.home_assistant.command(
            "frontend/get_translations", language=language, category="entity", integration=DOMAIN
        )["resources"]
        for language in ("en", "de")
    }

    assert len(owned.entities) > 1000
    for entity in owned.entities:
        key = f"component.{DOMAIN}.entity.{_domain(entity)}.{entity.translation_key}.name"
        assert words["en"][key] == entity.name
        assert words["de"][key]
        assert not RAW.search(entity.name), entity
        assert entity.name[0].isupper() or entity.name[0].isdigit(), entity
        assert entity.device.casefold() not in entity.name.casefold(), entity


def test_primary_names_of_a_device_are_told_apart(owned: Owned) -> None:
    """Nothing that a dashboard shows side by side has the same name twice."""
    for device in (*GARAGE, *DRIVEWAY, *HOUSE):
        names = Counter(entity.name for entity in owned.primary(device))
        assert [name for name, times in names.items() if times > 1] == [], device


def test_overview_leads_to_the_areas_and_worries_nobody(
    stage: Stage, page: Page, owned: Owned
) -> None:
    """A locked car with nothing in its charge port is secure; a charged one needs no attention."""
    assert owned.primary("Juniper")
    page.goto(f"{stage.home_assistant.url}/home/overview")

    for area, _, _ in AREAS:
        expect(page.locator("hui-area-card").filter(has_text=area)).to_be_visible()
    summary = page.locator("hui-home-summary-card").filter(visible=True)
    expect(summary.filter(has_text="Security")).to_contain_text("All secure")
    expect(summary.filter(has_text="Maintenance")).to_contain_text("All good")
    expect(summary.filter(has_text="Climate")).to_be_visible()
    expect(summary.filter(has_text="Media players")).to_contain_text("No media playing")


def test_garage_shows_what_cars_have_by_kind_and_then_by_car(
    stage: Stage, page: Page, owned: Owned
) -> None:
    """Everything primary once in its place, and nothing that is a setting or a diagnosis."""
    shown = _open_area(page, stage, "Garage")
    cars = {name: shown.pop(name) for name in GARAGE}
    kinds = shown

    assert set(kinds) == set(BY_KIND)
    assert sorted(kinds["Climate"]) == sorted(
        f"{car} {name}" for car in GARAGE for name in ("Cabin", "Windows")
    )
    openings = ("Windows", "Charge port", "Front trunk", "Trunk")
    doors = ("Driver door", "Passenger door", "Rear driver door", "Rear passenger door")
    assert sorted(kinds["Security"]) == sorted(
        f"{car} {name}" for car in GARAGE for name in ("Doors", *openings, *doors)
    )
    assert sorted(kinds["Media players"]) == sorted(f"{car} Media player" for car in GARAGE)
    for car, tiles in cars.items():
        by_kind = {name for names in kinds.values() for name in names}
        rest = [one.name for one in owned.primary(car) if _full(one) not in by_kind]
        # The battery level stands beside the heading.
        assert sorted(tiles) == sorted(set(rest) - {"Battery level"})
        assert tiles[:3] == ["Status", "Range", "Charging state"]
        # What is to be read stands before what is to be pressed.
        assert tiles.index("Inside temperature") < tiles.index("Flash lights")
        assert len(tiles) <= MOST


@pytest.mark.parametrize(("area", "names"), [(area, names) for area, _, names in AREAS])
def test_nothing_shown_is_raw(
    stage: Stage, page: Page, owned: Owned, area: str, names: tuple[str, ...]
) -> None:
    """No key, no enumeration's constant and nothing unavailable among names and states."""
    shown = _open_area(page, stage, area)
    states = page.locator("hui-tile-card state-display").all_inner_texts()

    assert set(shown) - set(BY_KIND) == set(names)
    assert len(states) >= len(owned.primary(*names)) - len(names)
    for text in (*states, *(name for tiles in shown.values() for name in tiles)):
        assert not RAW.search(text), text
        assert "navailable" not in text


def test_list_of_everything_has_no_raw_text(stage: Stage, page: Page, owned: Owned) -> None:
    """The older generated dashboard, a list for each area, has every car and no diagnosis."""
    api = stage.home_assistant
    api.command(
        "lovelace/dashboards/create",
        url_path="every-state",
        title="Every state",
        mode="storage",
        show_in_sidebar=False,
    )
    api.command(
        "lovelace/config/save",
        url_path="every-state",
        config={"strategy": {"type": "original-states"}},
    )
    page.goto(f"{api.url}/every-state")
    for area, _, names in AREAS:
        card = page.locator("hui-entities-card").filter(
            has=page.locator(".card-header").get_by_text(area, exact=True)
        )
        expect(card).to_be_visible()
        shown = set(walk.texts(card))
        assert {f"{name} {ALWAYS[name]}" for name in names} <= shown
        assert [text for text in shown if RAW.search(text)] == []
        primary = {_full(one) for one in owned.primary(*names)}
        secondary = {_full(one) for one in owned.entities if one.device in names and one.category}
        assert shown & (secondary - primary) == set()


def test_only_the_air_counts_as_a_temperature(owned: Owned) -> None:
    """Modules, motors and setpoints can be switched on without disturbing the area's average."""
    temperatures = {
        entity.name
        for entity in owned.entities
        if entity.device_class == "temperature" and entity.category is None
    }

    assert temperatures == {"Inside temperature", "Outside temperature"}


def test_energy_dashboard_takes_the_site_and_the_cars(stage: Stage, owned: Owned) -> None:
    """Grid, solar, battery and each car as a consumer; a power in place of an energy it refuses."""
    assert owned.primary("Lighthouse")
    api = stage.home_assistant
    site = "sensor.lighthouse_"
    grid = {
        "type": "grid",
        "stat_energy_from": f"{site}grid_imported",
        "stat_energy_to": f"{site}grid_exported",
        "stat_cost": None,
        "stat_compensation": None,
        "entity_energy_price": f"{site}electricity_price",
        "number_energy_price": None,
        "entity_energy_price_export": f"{site}feed_in_price",
        "number_energy_price_export": None,
        "cost_adjustment_day": 0,
        "stat_rate": f"{site}grid_power",
    }
    solar = {
        "type": "solar",
        "stat_energy_from": f"{site}solar_generated",
        "stat_rate": f"{site}solar_power",
        "config_entry_solar_forecast": None,
    }
    battery = {
        "type": "battery",
        "stat_energy_from": f"{site}battery_discharged",
        "stat_energy_to": f"{site}battery_charged",
        "stat_rate": f"{site}battery_power",
    }
    consumers = [f"sensor.{car.lower()}_energy_added" for car in GARAGE]
    offered = {
        row["statistic_id"]
        for row in api.command("recorder/list_statistic_ids", statistic_type="sum")
        if row["unit_class"] == "energy"
    }
    assert offered >= {
        *consumers,
        *(row[key] for row in (grid, battery) for key in ("stat_energy_from", "stat_energy_to")),
        solar["stat_energy_from"],
    }

    def complaints(*sources: dict[str, Any]) -> set[str]:
        api.command(
            "energy/save_prefs",
            energy_sources=list(sources),
            device_consumption=[{"stat_consumption": consumer} for consumer in consumers],
        )
        found = api.command("energy/validate")
        rows = (*found["energy_sources"], *found["device_consumption"])
        # The first statistics come within five minutes.
        return {issue["type"] for row in rows for issue in row} - {"statistics_not_defined"}

    assert complaints(grid, solar, battery) == set()
    wrong = solar | {"stat_energy_from": f"{site}solar_power"}
    assert "entity_unexpected_device_class" in complaints(grid, wrong, battery)


def test_picture_of_the_garage(stage: Stage, page: Page, owned: Owned) -> None:
    """What the documentation shows: two cars, one of them charging."""
    assert owned.primary("Juniper")
    shown = _open_area(page, stage, "Garage")
    juniper = page.locator("hui-grid-section").filter(has=page.get_by_text("Juniper", exact=True))
    tile = juniper.locator("hui-tile-card").filter(has_text="Charging state")
    expect(tile.locator("state-display")).to_have_text("Charging")
    assert set(shown) == {*BY_KIND, *GARAGE}
    walk.picture(page, "overview", size={"width": 1280, "height": 1794})
