"""A person takes over in a browser what TeslaLogger announced by MQTT, and gives it back."""

from dataclasses import dataclass
import json
from typing import TYPE_CHECKING, Any, Final

from paho.mqtt import publish
from playwright.sync_api import expect
import pytest

from scripts.workshop import walk as workshop
from scripts.workshop.loopback import HOST, free_port
from scripts.workshop.places import DOMAIN
from tests.mqtt.broker import Broker

from . import walk
from .test_set_up import JUNIPER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, Page

    from scripts.workshop.home_assistant import HomeAssistantApi

    from .conftest import Stage

type Message = tuple[str, str, int, bool]
"""Topic, content, quality of service, and whether the broker keeps it."""

FLOWS: Final = "/api/config/config_entries/flow"
TAKE_OVER: Final = "Take over from another integration"
AREA: Final = "Carport"
LEVEL: Final = "sensor.my_3_battery_level"
ANNOUNCED: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("sensor", "battery_level", {"unit_of_meas": "%", "dev_cla": "battery"}),
    ("sensor", "odometer", {"unit_of_meas": "km", "dev_cla": "distance"}),
    ("sensor", "inside_temperature", {"unit_of_meas": "°C", "dev_cla": "temperature"}),
    ("sensor", "trip_kwh", {}),
    ("binary_sensor", "locked", {"pl_on": "true", "pl_off": "false"}),
    ("switch", "sentry_mode", {"cmd_t": "~/sentry_mode_on_off", "pl_on": "On", "pl_off": "Off"}),
)
STATES: Final = {"sensor": "42", "binary_sensor": "true", "switch": "On"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What the page said before anything was done, and who had the entities then."""

    text: str
    platforms: dict[str, str]


@pytest.fixture(scope="module")
def broker(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker in which TeslaLogger has announced a car, and Home Assistant's own MQTT there."""
    broker = Broker(folder=tmp_path_factory.mktemp("broker"), port=free_port(0))
    broker.start()
    messages: list[Message] = []
    for platform, key, more in ANNOUNCED:
        topic = f"teslalogger/car/{JUNIPER}/{key}"
        config = {
            "~": f"teslalogger/command/{JUNIPER}",
            "name": key.replace("_", " ").capitalize(),
            "uniq_id": f"{JUNIPER}_{key}",
            "stat_t": topic,
            "dev": {"ids": JUNIPER, "mf": "Tesla", "mdl": "Model 3", "name": "My 3"},
        } | more
        announcement = f"homeassistant/{platform}/{JUNIPER}/{key}/config"
        messages += [
            (announcement, json.dumps(config), 0, True),
            (topic, STATES[platform], 0, True),
        ]
    publish.multiple([*messages], hostname=HOST, port=broker.port)
    flow = stage.home_assistant.json("POST", FLOWS, {"handler": "mqtt"})
    plain = {"set_client_cert": False, "set_ca_cert": "off"}
    answers = {"broker": HOST, "port": broker.port, "other_settings": plain}
    page = stage.home_assistant.json("POST", f"{FLOWS}/{flow['flow_id']}", answers)
    assert page["type"] == "create_entry", page
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def taken_over(stage: Stage, broker: Broker, browser_context: BrowserContext) -> Shown:
    """Look at the plan, and have it done, once for all tests."""
    assert broker
    api = stage.home_assistant
    workshop.set_up(api)
    page = browser_context.new_page()
    walk.wait_for_cars(page, api, ("Juniper",))
    walk.wait_until(page, lambda: state(api, LEVEL) == STATES["sensor"])
    put_into_area(api, LEVEL)
    before = platforms(api)
    choose(page, api, "From TeslaLogger by MQTT")
    expect(walk.dialog(page)).to_contain_text("entities become ours")
    shown = Shown(text=" ".join(walk.texts(walk.dialog(page))), platforms=before)
    walk.picture(page, "taking-over")
    walk.submit(page)
    expect(walk.dialog(page)).to_contain_text("4 entities were taken over")
    page.close()
    return shown


def choose(page: Page, api: HomeAssistantApi, what: str) -> None:
    """Open the page about taking over, and choose."""
    walk.reconfigure(page, api.url)
    walk.choose(page, TAKE_OVER)
    walk.choose(page, what)


def state(api: HomeAssistantApi, entity_id: str) -> str | None:
    """An entity's state; None if it has none."""
    states = {one["entity_id"]: one["state"] for one in api.command("get_states")}
    return states.get(entity_id)


def platforms(api: HomeAssistantApi) -> dict[str, str]:
    """Whose each of the announced car's entity ids is."""
    entries = api.command("config/entity_registry/list")
    return {e["entity_id"]: e["platform"] for e in entries if ".my_3_" in e["entity_id"]}


def put_into_area(api: HomeAssistantApi, entity_id: str) -> None:
    """Have something of a person's on an entity."""
    area = api.command("config/area_registry/create", name=AREA)["area_id"]
    api.command("config/entity_registry/update", entity_id=entity_id, area_id=area)


def test_every_entity_is_shown_before_anything_is_done(taken_over: Shown) -> None:
    """Those that change hands, with what is a person's of them; the others with the reason."""
    assert set(taken_over.platforms.values()) == {"mqtt"}
    for entity_id in taken_over.platforms:
        assert entity_id in taken_over.text
    assert AREA in taken_over.text


def test_ids_stay_and_lead_to_our_values(taken_over: Shown, stage: Stage, page: Page) -> None:
    """What no id can be kept for stays with MQTT."""
    api = stage.home_assistant
    now = platforms(api)

    kept = {entity_id: now[entity_id] for entity_id in taken_over.platforms}
    stayed = {"sensor.my_3_trip_kwh", "binary_sensor.my_3_locked"}
    assert {entity_id for entity_id, platform in kept.items() if platform == "mqtt"} == stayed
    assert {entity_id for entity_id, platform in kept.items() if platform == DOMAIN} == (
        kept.keys() - stayed
    )
    nothing = {None, "unknown", "unavailable", STATES["sensor"]}
    walk.wait_until(page, lambda: state(api, LEVEL) not in nothing)


def test_undo_gives_everything_back(taken_over: Shown, stage: Stage, page: Page) -> None:
    """And MQTT's entities live: their states come from the broker again."""
    api = stage.home_assistant
    assert set(platforms(api).values()) == {"mqtt", DOMAIN}
    choose(page, api, "Undo the last takeover")
    expect(walk.dialog(page)).to_contain_text("Undo the takeover from TeslaLogger (MQTT)")
    walk.submit(page)
    expect(walk.dialog(page)).to_contain_text("4 entities were given back")

    assert platforms(api) == taken_over.platforms
    walk.wait_until(page, lambda: state(api, LEVEL) == STATES["sensor"])
