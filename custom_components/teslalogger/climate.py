"""Climate: the cabin, and its protection against the sun."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    FAN_AUTO,
    ClimateEntity,
    ClimateEntityDescription,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature

from .entity import CarRow, async_add_cars, once_seen
from .setting import Order, SettingEntity, order
from .vehicle.signals.climate import DEFROSTING

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

NORMAL: Final = "normal"
DEFROST: Final = "defrost"
BIOWEAPON: Final = "bioweapon"
KEEPERS: Final = {"keep": 1, "dog": 2, "camp": 3}
MODES: Final = (HVACMode.OFF, HVACMode.HEAT_COOL)
PRESETS: Final = (NORMAL, *KEEPERS, DEFROST)
FAN_MODES: Final = (FAN_AUTO, BIOWEAPON)
# What every car can do (°C), as long as it has not told its own bounds.
COLDEST: Final = 15.0
WARMEST: Final = 28.0

OVERHEAT_MODES: Final = {
    "off": HVACMode.OFF,
    "fan_only": HVACMode.FAN_ONLY,
    "on": HVACMode.COOL,
}
OVERHEAT_ORDERS: Final = {
    HVACMode.OFF: order("set_cabin_overheat_protection", on=False, fan_only=False),
    HVACMode.FAN_ONLY: order("set_cabin_overheat_protection", on=True, fan_only=True),
    HVACMode.COOL: order("set_cabin_overheat_protection", on=True, fan_only=False),
}
OVERHEAT_TEMPERATURES: Final = {"low": 30, "medium": 35, "high": 40}
"""What the three levels mean, in °C."""
_OVERHEAT_STEP: Final = 5

_DEFROST_OFF: Final = order("set_preconditioning_max", on=False)
_KEEPER_OFF: Final = order("set_climate_keeper_mode", climate_keeper_mode=0)


@dataclass(frozen=True, kw_only=True)
class CarClimateDescription(ClimateEntityDescription, CarRow):
    """A climate and the class that shows it."""

    build: Callable[[CarCoordinator, CarClimateDescription], CarClimate]


class CarClimate(SettingEntity, ClimateEntity):
    """What both have: a temperature inside, in °C."""

    entity_description: CarClimateDescription
    _attr_temperature_unit = UnitOfTemperature.CELSIUS

    @property
    @override
    def current_temperature(self) -> float | None:
        """In the cabin."""
        return self._number("inside_temp")

    def _number(self, signal: str) -> float | None:
        value = self._shown(signal)
        return value if isinstance(value, int | float) else None


class CabinClimate(CarClimate):
    """The cabin.

    Tesla's keep, dog and camp modes and the defrosting of everything are presets, and its
    protection against bad air is a fan mode.
    """

    _attr_hvac_modes = list(MODES)  # noqa: RUF012 - Home Assistant's type
    _attr_preset_modes = list(PRESETS)  # noqa: RUF012 - Home Assistant's type
    _attr_fan_modes = list(FAN_MODES)  # noqa: RUF012 - Home Assistant's type
    _attr_target_temperature_step = 0.5

    @property
    @override
    def supported_features(self) -> ClimateEntityFeature:
        """A fan mode only where the car filters the air that well."""
        features = (
            ClimateEntityFeature.TARGET_TEMPERATURE
            | ClimateEntityFeature.PRESET_MODE
            | ClimateEntityFeature.TURN_ON
            | ClimateEntityFeature.TURN_OFF
        )
        has_bioweapon = self.coordinator.knows("bioweapon_mode")
        return features | ClimateEntityFeature.FAN_MODE if has_bioweapon else features

    @property
    @override
    def min_temp(self) -> float:
        """The car's own bound."""
        return COLDEST if (told := self._number("min_avail_temp")) is None else told

    @property
    @override
    def max_temp(self) -> float:
        """The car's own bound."""
        return WARMEST if (told := self._number("max_avail_temp")) is None else told

    @property
    @override
    def target_temperature(self) -> float | None:
        """The driver's."""
        return self._number("driver_temp_setting")

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        """On or off: the car heats and cools as it needs."""
        if (is_on := self._shown("is_climate_on")) is None:
            return None
        return HVACMode.HEAT_COOL if is_on else HVACMode.OFF

    @property
    @override
    def preset_mode(self) -> str:
        """What the climate is kept on for."""
        keeper = self._shown("climate_keeper_mode")
        if isinstance(keeper, str) and keeper in KEEPERS:
            return keeper
        return DEFROST if self._shown("defrost_mode") in DEFROSTING else NORMAL

    @property
    @override
    def fan_mode(self) -> str:
        """Whether the air is filtered as well as it can be."""
        return BIOWEAPON if self._shown("bioweapon_mode") else FAN_AUTO

    @override
    async def async_turn_on(self) -> None:
        """Turn it on; raises HomeAssistantError if it was not done or nobody can tell."""
        await self._async_order(order("auto_conditioning_start"))

    @override
    async def async_turn_off(self) -> None:
        """Turn it off; raises HomeAssistantError if it was not done or nobody can tell."""
        await self._async_order(order("auto_conditioning_stop"))

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Turn it on or off; raises HomeAssistantError if it was not done or nobody can tell."""
        if hvac_mode == HVACMode.OFF:
            await self.async_turn_off()
        else:
            await self.async_turn_on()

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set driver's and passenger's temperature; of many in a short time the newest is sent.

        That can take a minute, for which nobody shall wait who turns it on or off.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        if (hvac_mode := kwargs.get(ATTR_HVAC_MODE)) is not None:
            await self.async_set_hvac_mode(hvac_mode)
        if (temperature := kwargs.get(ATTR_TEMPERATURE)) is not None:
            half_degrees = round(2 * temperature) / 2
            await self._async_order_newest(
                order("set_temps", driver_temp=half_degrees, passenger_temp=half_degrees)
            )

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Keep the climate on, or not; raises HomeAssistantError unless all of it was done."""
        orders: list[Order] = []
        if preset_mode in KEEPERS:
            orders.append(
                order("set_climate_keeper_mode", climate_keeper_mode=KEEPERS[preset_mode])
            )
        else:
            if self._shown("climate_keeper_mode") in KEEPERS:
                orders.append(_KEEPER_OFF)
            if preset_mode == DEFROST:
                orders.append(order("set_preconditioning_max", on=True))
            elif self._shown("defrost_mode") in DEFROSTING:
                orders.append(_DEFROST_OFF)
        await self._async_order(*orders)

    @override
    async def async_set_fan_mode(self, fan_mode: str) -> None:
        """Filter the air, or not; raises HomeAssistantError if not done or nobody can tell."""
        on = fan_mode == BIOWEAPON
        await self._async_order(order("set_bioweapon_mode", on=on, manual_override=on))


class CabinOverheatProtection(CarClimate):
    """Keeps a parked car from becoming too hot, by fan or by cooling."""

    _attr_target_temperature_step = _OVERHEAT_STEP
    _attr_min_temp = OVERHEAT_TEMPERATURES["low"]
    _attr_max_temp = OVERHEAT_TEMPERATURES["high"]

    @property
    @override
    def supported_features(self) -> ClimateEntityFeature:
        """A temperature only where the car lets people choose it."""
        features = ClimateEntityFeature.TURN_ON | ClimateEntityFeature.TURN_OFF
        if self._value("cop_user_set_temp_supported"):
            return features | ClimateEntityFeature.TARGET_TEMPERATURE
        return features

    @property
    @override
    def hvac_modes(self) -> list[HVACMode]:
        """The fan alone only where the car can do that."""
        has_fan = self._value("supports_fan_only_cabin_overheat_protection") is not False
        return [mode for mode in OVERHEAT_ORDERS if has_fan or mode is not HVACMode.FAN_ONLY]

    @property
    @override
    def hvac_mode(self) -> HVACMode | None:
        """What it may do."""
        return OVERHEAT_MODES.get(str(self._shown("cabin_overheat_protection")))

    @property
    @override
    def hvac_action(self) -> HVACAction | None:
        """What it does at the moment."""
        match self.hvac_mode, self._value("cabin_overheat_protection_actively_cooling"):
            case HVACMode.OFF, _:
                return HVACAction.OFF
            case HVACMode.COOL, True:
                return HVACAction.COOLING
            case HVACMode.FAN_ONLY, True:
                return HVACAction.FAN
            case _, False:
                return HVACAction.IDLE
            case _:
                return None

    @property
    @override
    def target_temperature(self) -> float | None:
        """From which temperature on."""
        return OVERHEAT_TEMPERATURES.get(str(self._shown("cop_activation_temperature")))

    @override
    async def async_turn_on(self) -> None:
        """Cool if needed; raises HomeAssistantError if it was not done or nobody can tell."""
        await self.async_set_hvac_mode(HVACMode.COOL)

    @override
    async def async_turn_off(self) -> None:
        """Let it get hot; raises HomeAssistantError if it was not done or nobody can tell."""
        await self.async_set_hvac_mode(HVACMode.OFF)

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Set what it may do; raises HomeAssistantError if not done or nobody can tell."""
        await self._async_order(OVERHEAT_ORDERS[hvac_mode])

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set the level nearest to the temperature; of many the newest is sent, after the mode.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        if (hvac_mode := kwargs.get(ATTR_HVAC_MODE)) is not None:
            await self.async_set_hvac_mode(hvac_mode)
        if (temperature := kwargs.get(ATTR_TEMPERATURE)) is not None:
            levels = list(OVERHEAT_TEMPERATURES.values())
            nearest = min(levels, key=lambda level: abs(level - temperature))
            await self._async_order_newest(order("set_cop_temp", cop_temp=levels.index(nearest)))


CLIMATES: Final = (
    CarClimateDescription(
        key="cabin",
        build=CabinClimate,
        topics=(
            "is_climate_on",
            "inside_temp",
            "driver_temp_setting",
            "min_avail_temp",
            "max_avail_temp",
            "climate_keeper_mode",
            "defrost_mode",
            "bioweapon_mode",
        ),
        commands=(
            "auto_conditioning_start",
            "auto_conditioning_stop",
            "set_temps",
            "set_climate_keeper_mode",
            "set_preconditioning_max",
            "set_bioweapon_mode",
        ),
    ),
    CarClimateDescription(
        key="cabin_overheat_protection",
        build=CabinOverheatProtection,
        topics=(
            "cabin_overheat_protection",
            "cabin_overheat_protection_actively_cooling",
            "supports_fan_only_cabin_overheat_protection",
            "cop_activation_temperature",
            "cop_user_set_temp_supported",
            "inside_temp",
        ),
        has_fn=once_seen("cabin_overheat_protection"),
        commands=("set_cabin_overheat_protection", "set_cop_temp"),
        entity_registry_enabled_default=False,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the climates that the login allows and the car has."""
    async_add_cars(entry, async_add_entities, CLIMATES, lambda car, row: row.build(car, row))
