"""What streaming will cost, as tables that are shown before anything is saved."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers.translation import async_get_translations

from custom_components.teslalogger.const import DOMAIN
from custom_components.teslalogger.fleet_telemetry.configuration import Car, fit
from custom_components.teslalogger.fleet_telemetry.eligibility import Evidence, Severity, diagnose
from custom_components.teslalogger.fleet_telemetry.field import possible_hardware
from custom_components.teslalogger.fleet_telemetry.fields import FIELDS
from custom_components.teslalogger.fleet_telemetry.firmware import show_firmware
from custom_components.teslalogger.fleet_telemetry.forecast import (
    DAYS,
    Day,
    Usage,
    forecast_streaming,
    to_pay,
)
from custom_components.teslalogger.fleet_telemetry.polling_costs import (
    PollingPace,
    forecast_polling,
)
from custom_components.teslalogger.fleet_telemetry.presets import Preset
from custom_components.teslalogger.tesla.prices import MONTHLY_DISCOUNT, PRICES, PriceClass
from custom_components.teslalogger.tesla.redact import short_vin
from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle.polling import Speeds
from custom_components.teslalogger.vehicle.vin import model_letter, signing_by_vin

from .forms import plain
from .streaming_forms import PRESET_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.coordinator import CarCoordinator
    from custom_components.teslalogger.data import TeslaLoggerConfigEntry
    from custom_components.teslalogger.fleet_telemetry.eligibility import Finding
    from custom_components.teslalogger.fleet_telemetry.presets import Choice
    from custom_components.teslalogger.streaming.options import TelemetryOptions

_NEWEST: Final = show_firmware(max(field.firmware for field in FIELDS.values()))
_ANY_CAR: Final = Car(firmware=_NEWEST, scopes=tuple(Scope))
_SPEEDS: Final = Speeds()
_PACE: Final = PollingPace(
    state=_SPEEDS.state,
    driving=_SPEEDS.driving,
    charging=_SPEEDS.charging,
    attended=_SPEEDS.attended,
    idle=_SPEEDS.idle,
)
_DAY_SECONDS: Final = 24 * 3600
_SEPARATORS: Final = {"de": str.maketrans(",.", ".,")}
_DASH: Final = "–"  # noqa: RUF001 - for none, and between the ends of a range
_WORDS: Final = "telemetry_costs"


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """A car that may stream, and why it cannot; None if it can, as far as is known."""

    title: str
    car: Car
    hindrance: Finding | None = None


def prospects(entry: TeslaLoggerConfigEntry) -> list[Prospect]:
    """The cars of an entry; none if it is not running."""
    if entry.state is not ConfigEntryState.LOADED:
        return []
    return [_prospect(car) for car in entry.runtime_data.cars.values()]


def _prospect(car: CarCoordinator) -> Prospect:
    firmware = car.value("car_version")
    firmware = firmware if isinstance(firmware, str) else None
    assist = car.value("driver_assist")
    signs = signing_by_vin(car.vin)
    evidence = Evidence(
        access_type=car.product.access_type,
        scopes=car.scopes,
        old_design=None if signs is None else not signs,
        firmware=firmware,
    )
    obstacles = [each for each in diagnose(evidence) if each.severity is Severity.BLOCKS]
    return Prospect(
        title=f"{plain(car.title)} ({short_vin(car.vin)})",
        car=Car(
            firmware=firmware or _NEWEST,
            scopes=car.scopes,
            hardware=possible_hardware(
                model_letter(car.vin), assist if isinstance(assist, str) else None
            ),
        ),
        hindrance=obstacles[0].finding if obstacles else None,
    )


async def async_cost_placeholders(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry, options: TelemetryOptions
) -> dict[str, str]:
    """All that the page about costs has to fill in."""
    words = await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    tables = _Tables(words=words, language=hass.config.language, cars=prospects(entry))
    day = Day()
    return {
        "presets": tables.presets(options),
        "cars": tables.cars_table(options.choice),
        "count": str(len(tables.able)),
        "km": tables.figure(day.km),
        "trips": tables.figure(day.trips),
        "charging": tables.figure(day.charging, 2),
        "awake": tables.figure(day.awake, 2),
        "asks": tables.figure(_DAY_SECONDS / _SPEEDS.streaming),
        "discount": tables.figure(MONTHLY_DISCOUNT),
        "asked": tables.figure(
            DAYS * _DAY_SECONDS / _SPEEDS.streaming * PRICES[PriceClass.DATA], 2
        ),
    }


class _Tables:
    """Rows of Markdown tables about these cars, or about any one if none is known."""

    def __init__(
        self, *, words: Mapping[str, str], language: str, cars: Sequence[Prospect]
    ) -> None:
        self._words = words
        self._separators = _SEPARATORS.get(language, {})
        self._cars = cars or [Prospect(title=self._word(_WORDS, "any_car"), car=_ANY_CAR)]
        self.able: Final = [each.car for each in self._cars if each.hindrance is None]

    def presets(self, options: TelemetryOptions) -> str:
        """Asking, each preset, and what is chosen."""
        polling = forecast_polling(_PACE, price=PRICES[PriceClass.DATA])
        rows = [self._costs(self._word(_WORDS, "polling"), [polling for _ in self.able])]
        for preset in Preset:
            untouched = replace(options, preset=preset, fields={}).choice
            rows.append(self._costs(self._word(PRESET_WORDS, preset), self._usages(untouched)))
        chosen = f"**{self._word(_WORDS, 'your_choice')}**"
        rows.append(self._costs(chosen, self._usages(options.choice)))
        return "\n".join(rows)

    def cars_table(self, choice: Choice) -> str:
        """Each car as it would follow the choice."""
        return "\n".join(self._car(each, choice) for each in self._cars)

    def figure(self, value: float, digits: int = 0) -> str:
        """A number as the language writes it."""
        return f"{value:,.{digits}f}".translate(self._separators)

    def _usages(self, choice: Choice) -> list[Usage]:
        return [_usage(fit(choice, car).choice) for car in self.able]

    def _costs(self, title: str, usages: Sequence[Usage]) -> str:
        cost = sum(usage.cost for usage in usages)
        return _row(
            title,
            self._span([round(usage.count, -2) for usage in usages]),
            self._span([usage.cost for usage in usages], 2),
            self.figure(cost, 2),
            self.figure(to_pay(cost, discount=MONTHLY_DISCOUNT), 2),
        )

    def _span(self, values: Sequence[float], digits: int = 0) -> str:
        """From the least to the most: cars differ in what they can send."""
        if not values:
            return _DASH
        least, most = (self.figure(end(values), digits) for end in (min, max))
        return least if least == most else f"{least}{_DASH}{most}"

    def _car(self, prospect: Prospect, choice: Choice) -> str:
        if prospect.hindrance is not None:
            reason = self._word("telemetry_hindrance", prospect.hindrance)
            return _row(prospect.title, reason, _DASH, _DASH)
        fitted = fit(choice, prospect.car).choice
        usage = _usage(fitted)
        return _row(
            prospect.title,
            str(len(fitted)),
            self.figure(round(usage.count, -2)),
            self.figure(usage.cost, 2),
        )

    def _word(self, selector: str, key: str) -> str:
        return self._words[f"component.{DOMAIN}.selector.{selector}.options.{key}"]


def _usage(fitted: Choice) -> Usage:
    return forecast_streaming(fitted, price=PRICES[PriceClass.STREAMING_SIGNAL]).total


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
