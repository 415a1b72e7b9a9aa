"""SIGNALS: every thing a car can tell, by key; and what each streamed field makes of them."""

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .assistance import ASSISTANCE_SIGNALS
from .battery import BATTERY_SIGNALS
from .body import BODY_SIGNALS
from .charge import CHARGE_SIGNALS
from .climate import CLIMATE_SIGNALS
from .display import DISPLAY_SIGNALS
from .drive import DRIVE_SIGNALS
from .media import MEDIA_SIGNALS
from .powertrain import POWERTRAIN_SIGNALS
from .route import ROUTE_SIGNALS
from .schedules import SCHEDULE_SIGNALS
from .security import SECURITY_SIGNALS
from .semi import SEMI_SIGNALS
from .settings import SETTING_SIGNALS
from .software import SOFTWARE_SIGNALS
from .tyres import TYRE_SIGNALS
from .vehicle import VEHICLE_SIGNALS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Signal

SIGNALS: Final[Mapping[str, Signal]] = MappingProxyType(
    {
        signal.key: signal
        for signal in (
            *VEHICLE_SIGNALS,
            *DRIVE_SIGNALS,
            *ROUTE_SIGNALS,
            *BATTERY_SIGNALS,
            *CHARGE_SIGNALS,
            *SCHEDULE_SIGNALS,
            *CLIMATE_SIGNALS,
            *SETTING_SIGNALS,
            *BODY_SIGNALS,
            *SECURITY_SIGNALS,
            *ASSISTANCE_SIGNALS,
            *TYRE_SIGNALS,
            *SOFTWARE_SIGNALS,
            *MEDIA_SIGNALS,
            *DISPLAY_SIGNALS,
            *POWERTRAIN_SIGNALS,
            *SEMI_SIGNALS,
        )
    }
)


def _by_field() -> dict[str, tuple[Signal, ...]]:
    fields = defaultdict(list)
    for signal in SIGNALS.values():
        if signal.telemetry is not None:
            fields[signal.telemetry].append(signal)
    return {field: tuple(signals) for field, signals in fields.items()}


BY_FIELD: Final[Mapping[str, tuple[Signal, ...]]] = MappingProxyType(_by_field())

# Old servers publish a field by the name that it had before Tesla withdrew it.
_FORMER: Final = {"CruiseState": "Deprecated_2"}
# No proxy: it is asked for every streamed value, and a proxy takes several times as long.
BY_NAME: Final[Mapping[str, tuple[Signal, ...]]] = {
    **BY_FIELD,
    **{former: BY_FIELD[name] for former, name in _FORMER.items()},
}

# Where the stream names the side of the car and vehicle_data the person: the wheel may be right.
MIRRORED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "driver_temp_setting": "passenger_temp_setting",
        "passenger_temp_setting": "driver_temp_setting",
    }
)
