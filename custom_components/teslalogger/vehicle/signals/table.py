"""SIGNALS: every thing a car can tell, by key."""

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from .charge import CHARGE_SIGNALS
from .climate import CLIMATE_SIGNALS
from .drive import DRIVE_SIGNALS
from .settings import SETTING_SIGNALS
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
            *CHARGE_SIGNALS,
            *CLIMATE_SIGNALS,
            *SETTING_SIGNALS,
        )
    }
)
