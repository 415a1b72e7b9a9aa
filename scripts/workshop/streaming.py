"""Turns streaming on over Home Assistant's own API, page by page, as its frontend does."""

from typing import TYPE_CHECKING, Any, Final

from .loopback import ask
from .problem import Problem

if TYPE_CHECKING:
    from .home_assistant import HomeAssistantApi

FLOWS: Final = "/api/config/config_entries/options/flow"
HOST: Final = "cars.example.test"
"""Names that end in .test lead the simulated cars to this machine."""


def turn_on(api: HomeAssistantApi, entry_id: str, *, port: int) -> None:
    """Have the cars of an entry stream to this port.

    Raises:
        Problem: a page did not lead on.
    """
    address = {"hostname": HOST, "port": port, "preset": "balanced"}
    page = api.json("POST", FLOWS, {"handler": entry_id})
    for answer in ({"next_step_id": "receiver"}, address, {"next_step_id": "save"}):
        page = api.json("POST", f"{FLOWS}/{page['flow_id']}", answer)
        if errors := page.get("errors"):
            message = f"streaming was not turned on: {errors}"
            raise Problem(message, next_step="walk it by hand: Configure > Receive here")
    if page["type"] != "create_entry":
        message = f"turning streaming on ended with {page['type']} {page.get('step_id')}"
        raise Problem(message, next_step="walk it by hand: Configure > Receive here")


def connected(simulator_url: str) -> set[str]:
    """The VINs of the simulated cars that stream right now."""
    streams: list[dict[str, Any]] = ask(f"{simulator_url}/_simulator/telemetry").json()["streams"]
    return {stream["vin"] for stream in streams if stream["connected"]}
