"""One energy site: what it tells, what it keeps, what it costs, and what it can be told."""

from .answers import connectors_in, has_component, info_values, live_values
from .commands import SETTINGS, Setting
from .history import Day, day_of, lifetime_values
from .signals import (
    DAY_ENERGIES,
    DAY_START,
    HISTORY,
    LIFETIME,
    LIFETIME_PREFIX,
    SITE_SIGNALS,
    TOTALS,
    Kind,
    Part,
    Signal,
    Value,
    connector_key,
    of_part,
)
from .state import SiteReading, SiteState
from .tariff import Slot, Tariff, period_in_words, tariffs_of
from .tariff_rules import TariffError, check_tariff

__all__ = [
    "DAY_ENERGIES",
    "DAY_START",
    "HISTORY",
    "LIFETIME",
    "LIFETIME_PREFIX",
    "SETTINGS",
    "SITE_SIGNALS",
    "TOTALS",
    "Day",
    "Kind",
    "Part",
    "Setting",
    "Signal",
    "SiteReading",
    "SiteState",
    "Slot",
    "Tariff",
    "TariffError",
    "Value",
    "check_tariff",
    "connector_key",
    "connectors_in",
    "day_of",
    "has_component",
    "info_values",
    "lifetime_values",
    "live_values",
    "of_part",
    "period_in_words",
    "tariffs_of",
]
