"""What can be told of an energy site without giving away whose it is."""

import time
from typing import TYPE_CHECKING, Any, Final

from homeassistant.components.diagnostics import REDACTED

if TYPE_CHECKING:
    from .coordinator import SiteCoordinator

_PRIVATE: Final = frozenset({"wall_connector_vin", "tariff_name"})


def site_diagnostics(site: SiteCoordinator) -> dict[str, Any]:
    """Values, their ages, and how asking goes; wall connectors are numbered."""
    numbers = {din: number for number, din in enumerate(site.connectors, start=1)}
    now = time.time()
    signals: dict[str, Any] = {}
    for key in sorted(site.data):
        signal, _, din = key.partition("@")
        name = f"{signal}@{numbers.get(din, '?')}" if din else signal
        value = site.value(key)
        signals[name] = {
            "value": REDACTED if signal in _PRIVATE and value is not None else value,
            "age_seconds": round(now - (site.data.moment(key) or now)),
        }
    return {
        "battery": site.has("battery"),
        "solar": site.has("solar"),
        "wall_connectors": len(site.connectors),
        "has_tariff": {"buying": site.buying is not None, "selling": site.selling is not None},
        "next_question_in_seconds": site.update_interval and site.update_interval.total_seconds(),
        "failures_in_a_row": site.failures,
        "last_update_success": site.last_update_success,
        "last_error": site.last_exception and type(site.last_exception).__name__,
        "signals": signals,
    }
