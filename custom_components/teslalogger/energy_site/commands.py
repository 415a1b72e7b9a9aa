"""What a site can be told: one setting each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .signals import SITE_SIGNALS, Kind, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PERCENT: Final = range(101)


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A signal that can be set, the endpoint that does it, and the body for a value."""

    signal: str
    endpoint: str
    body: Callable[[Value], Mapping[str, Any]]

    def accepts(self, value: Value) -> bool:
        """Whether this may be sent: a whole percentage, a flag, or one of the signal's words."""
        signal = SITE_SIGNALS[self.signal]
        match signal.kind:
            case Kind.FLAG:
                return isinstance(value, bool)
            case Kind.WORD:
                return value in signal.options
            case _:
                return type(value) is int and value in PERCENT


def _setting(
    signal: str, endpoint: str, name: str, change: Callable[[Value], Value] = lambda value: value
) -> Setting:
    return Setting(signal=signal, endpoint=endpoint, body=lambda value: {name: change(value)})


_ROWS: Final = (
    _setting("backup_reserve_percent", "backup", "backup_reserve_percent"),
    _setting(
        "off_grid_vehicle_charging_reserve_percent",
        "off_grid_vehicle_charging_reserve",
        "off_grid_vehicle_charging_reserve_percent",
    ),
    _setting("operation_mode", "operation", "default_real_mode"),
    _setting("storm_watch", "storm_mode", "enabled"),
    _setting("export_rule", "grid_import_export", "customer_preferred_export_rule"),
    _setting(
        "grid_charging",
        "grid_import_export",
        "disallow_charge_from_grid_with_solar_installed",
        lambda allowed: not allowed,
    ),
)

SETTINGS: Final[Mapping[str, Setting]] = {row.signal: row for row in _ROWS}
