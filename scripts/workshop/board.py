"""A dashboard with every car on it: what to press first, then what to read."""

from typing import TYPE_CHECKING, Any, Final

from .places import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .home_assistant import HomeAssistantApi

PATH: Final = "simulated-cars"
TITLE: Final = "Cars"
SHOWN: Final = (
    "sentry_mode",
    "climate",
    "charging",
    "doors",
    "availability",
    "battery_level",
    "battery_range",
    "inside_temp",
    "flash_lights",
    "key_status",
    "streaming",
    "last_update",
)
"""The keys of the entities that get a tile, in this order."""


def put_up(api: HomeAssistantApi) -> None:
    """Create the dashboard, or bring it up to date."""
    if not any(board["url_path"] == PATH for board in api.command("lovelace/dashboards/list")):
        api.command(
            "lovelace/dashboards/create",
            url_path=PATH,
            title=TITLE,
            icon="mdi:car-multiple",
            mode="storage",
            require_admin=False,
            show_in_sidebar=True,
        )
    config = board(
        api.command("config/device_registry/list"), api.command("config/entity_registry/list")
    )
    api.command("lovelace/config/save", url_path=PATH, config=config)


def board(
    devices: Sequence[Mapping[str, Any]], entities: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The dashboard's configuration: a section for each car."""
    cars = sorted(
        (device for device in devices if DOMAIN in dict(device["identifiers"])),
        key=lambda device: str(device["name"]),
    )
    return {
        "views": [
            {
                "title": TITLE,
                "type": "sections",
                "sections": [
                    _section(car, tiles) for car in cars if (tiles := _tiles(car, entities))
                ],
            }
        ]
    }


def _section(car: Mapping[str, Any], tiles: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    heading = {"type": "heading", "heading": car["name"], "icon": "mdi:car-electric"}
    return {"type": "grid", "cards": [heading, *tiles]}


def _tiles(
    device: Mapping[str, Any], entities: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """What there is to press and to read; nothing at a house, which has other keys."""
    vin = dict(device["identifiers"])[DOMAIN]
    own = {
        str(entity["unique_id"]).rpartition(f"{vin}_")[2]: entity
        for entity in entities
        if entity["device_id"] == device["id"]
        and entity["disabled_by"] is None
        and not entity["entity_id"].startswith("event.")  # some have the key of a switch
    }
    return [
        {"type": "tile", "entity": own[key]["entity_id"], "name": own[key]["original_name"]}
        for key in SHOWN
        if key in own
    ]
