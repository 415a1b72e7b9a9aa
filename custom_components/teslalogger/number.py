"""Numbers: limits and levels that people set, within the bounds that the car itself tells."""

from dataclasses import dataclass
import math
from typing import TYPE_CHECKING, Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfElectricCurrent, UnitOfSpeed

from .energy.number import async_add_energy_numbers
from .entity import CarRow, async_add_cars, once_seen
from .setting import SettingEntity, order

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

KM_PER_MILE: Final = 1.609344
_DIGITS: Final = 3


@dataclass(frozen=True, kw_only=True)
class CarNumberDescription(NumberEntityDescription, CarRow):
    """A number: its signal, its command with the parameter, and who tells its bounds.

    The native bounds count as long as the car has not told its own. With `is_speed` the signals
    and the parameter are in mph, and people see the unit of the car's screen.
    """

    signal: str
    parameter: str
    native_min_value: float
    native_max_value: float
    native_step: float = 1
    min_signal: str | None = None
    max_signal: str | None = None
    is_speed: bool = False


NUMBERS: Final = (
    CarNumberDescription(
        key="charge_limit",
        device_class=NumberDeviceClass.BATTERY,
        native_unit_of_measurement=PERCENTAGE,
        signal="charge_limit_soc",
        topics=("charge_limit_soc", "charge_limit_soc_min", "charge_limit_soc_max"),
        commands=("set_charge_limit",),
        parameter="percent",
        native_min_value=50,
        min_signal="charge_limit_soc_min",
        native_max_value=100,
        max_signal="charge_limit_soc_max",
        mode=NumberMode.SLIDER,
    ),
    CarNumberDescription(
        key="charge_current",
        device_class=NumberDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        signal="charge_current_request",
        topics=("charge_current_request", "charge_current_request_max"),
        commands=("set_charging_amps",),
        parameter="charging_amps",
        native_min_value=0,
        native_max_value=32,
        max_signal="charge_current_request_max",
        mode=NumberMode.SLIDER,
    ),
    CarNumberDescription(
        key="volume",
        signal="media_volume",
        topics=("media_volume", "media_volume_max"),
        has_fn=once_seen("media_volume"),
        commands=("adjust_volume",),
        parameter="volume",
        native_min_value=0,
        native_max_value=11,
        max_signal="media_volume_max",
        native_step=0.1,
        mode=NumberMode.SLIDER,
        entity_registry_enabled_default=False,
    ),
    CarNumberDescription(
        key="speed_limit",
        device_class=NumberDeviceClass.SPEED,
        signal="speed_limit",
        topics=("speed_limit", "speed_limit_min", "speed_limit_max", "gui_distance_units"),
        has_fn=once_seen("speed_limit"),
        commands=("speed_limit_set_limit",),
        parameter="limit_mph",
        native_min_value=50,
        min_signal="speed_limit_min",
        native_max_value=120,
        max_signal="speed_limit_max",
        is_speed=True,
        mode=NumberMode.BOX,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers that the login allows and the car has."""
    async_add_cars(entry, async_add_entities, NUMBERS, CarNumber)
    async_add_energy_numbers(entry, async_add_entities)


class CarNumber(SettingEntity, NumberEntity):
    """A number that stays where people put it while its command is on its way."""

    entity_description: CarNumberDescription

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """The unit of the car's screen for a speed, else the only one."""
        if not self.entity_description.is_speed:
            return self.entity_description.native_unit_of_measurement
        is_metric = self._factor != 1
        return UnitOfSpeed.KILOMETERS_PER_HOUR if is_metric else UnitOfSpeed.MILES_PER_HOUR

    @property
    @override
    def native_min_value(self) -> float:
        """The car's own bound, or what every car has."""
        row = self.entity_description
        return math.ceil(self._factor * self._bound(row.min_signal, row.native_min_value))

    @property
    @override
    def native_max_value(self) -> float:
        """The car's own bound, or what every car has."""
        row = self.entity_description
        bound = self._factor * self._bound(row.max_signal, row.native_max_value)
        return round(math.floor(bound / row.native_step) * row.native_step, _DIGITS)

    @property
    @override
    def native_value(self) -> float | None:
        """What is wanted while the command is on its way, else what the car told last."""
        value = _number(self._shown(self.entity_description.signal))
        if value is None or not self.entity_description.is_speed:
            return value
        return round(self._factor * value)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it; of many values in a short time the newest is sent.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        row = self.entity_description
        value = round(round(value / row.native_step) * row.native_step, _DIGITS)
        await self._async_order_newest(
            order(row.commands[0], **{row.parameter: value / self._factor})
        )

    @property
    def _factor(self) -> float:
        """What makes the shown value from the signal's."""
        is_metric = self._value("gui_distance_units") == "km"
        return KM_PER_MILE if self.entity_description.is_speed and is_metric else 1

    def _bound(self, signal: str | None, otherwise: float) -> float:
        told = _number(self._value(signal)) if signal else None
        return otherwise if told is None else told


def _number(value: Value) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int | float) else None
