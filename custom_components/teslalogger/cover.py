"""Covers: windows, lids and roofs. They move in the car, so the car says where they are."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.cover import (
    CoverDeviceClass,
    CoverEntity,
    CoverEntityDescription,
    CoverEntityFeature,
)
from homeassistant.exceptions import HomeAssistantError

from .const import DOMAIN
from .entity import CarRow, always, async_add_cars
from .fresh import Need, async_make_fresh
from .setting import Order, SettingEntity, order
from .vehicle.outcome import Route
from .vehicle.vin import model_letter

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .vehicle.signals import Value

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

_ORDERS: Final = ("open", "close", "stop", "open_signed", "close_signed")
# A toggle is not sent on what is older than this: somebody may have used their hands.
_FRESH: Final = Need(within=30, wakes=True)

WINDOWS: Final = (
    "window_front_driver",
    "window_front_passenger",
    "window_rear_driver",
    "window_rear_passenger",
)


@dataclass(frozen=True, kw_only=True)
class CarCoverDescription(CoverEntityDescription, CarRow):
    """A cover: its signals, the value of each that means closed, and its commands.

    `close` is None where nobody can close it from afar; `can_close_fn` asks the car. With `toggles`
    one command does both, so that it is only sent where it does what is wanted. A car that signs
    may have a command for each, `open_signed` and `close_signed`, which it gets instead.
    """

    signals: tuple[str, ...]
    closed_value: Value = False
    open: Order
    close: Order | None = None
    stop: Order | None = None
    open_signed: Order | None = None
    close_signed: Order | None = None
    can_close_fn: Callable[[CarCoordinator], bool] = always
    toggles: bool = False


def _cover(key: str, *signals: str, **more: Any) -> CarCoverDescription:
    orders: list[Order | None] = [more.get(name) for name in _ORDERS]
    return CarCoverDescription(
        key=key,
        signals=signals,
        topics=(*signals, *more.pop("topics", ())),
        commands=tuple({one.command: None for one in orders if one}),
        **more,
    )


def _unless_told_not(signal: str) -> Callable[[CarCoordinator], bool]:
    return lambda car: car.value(signal) is not False


COVERS: Final = (
    _cover(
        "windows",
        *WINDOWS,
        device_class=CoverDeviceClass.WINDOW,
        open=order("window_control", command="vent"),
        close=order("window_control", command="close"),
    ),
    _cover(
        "charge_port",
        "charge_port_door_open",
        topics=("motorized_charge_port",),
        device_class=CoverDeviceClass.DOOR,
        open=order("charge_port_door_open"),
        close=order("charge_port_door_close"),
        can_close_fn=_unless_told_not("motorized_charge_port"),
    ),
    _cover(
        "front_trunk",
        "front_trunk",
        device_class=CoverDeviceClass.DOOR,
        open=order("actuate_trunk", which_trunk="front"),
        toggles=True,
    ),
    _cover(
        "rear_trunk",
        "rear_trunk",
        topics=("plg",),
        device_class=CoverDeviceClass.DOOR,
        open=order("actuate_trunk", which_trunk="rear"),
        close=order("actuate_trunk", which_trunk="rear"),
        open_signed=order("open_trunk"),
        close_signed=order("close_trunk"),
        can_close_fn=_unless_told_not("plg"),
        toggles=True,
    ),
    _cover(
        "sun_roof",
        "sun_roof_state",
        device_class=CoverDeviceClass.WINDOW,
        closed_value="closed",
        open=order("sun_roof_control", state="vent"),
        close=order("sun_roof_control", state="close"),
        stop=order("sun_roof_control", state="stop"),
        has_fn=lambda car: bool(car.value("sun_roof_installed")),
        decided_by=("sun_roof_installed",),
    ),
    _cover(
        "tonneau",
        "tonneau_position",
        device_class=CoverDeviceClass.SHUTTER,
        closed_value="closed",
        open=order("open_tonneau"),
        close=order("close_tonneau"),
        stop=order("stop_tonneau"),
        has_fn=lambda car: model_letter(car.vin) == "C",
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the covers that the login allows and the car has."""
    async_add_cars(entry, async_add_entities, COVERS, CarCover)


class CarCover(SettingEntity, CoverEntity):
    """A cover that is where the car says, and opens or closes while its command is on its way."""

    entity_description: CarCoverDescription

    def __init__(self, coordinator: CarCoordinator, description: CarCoverDescription) -> None:
        super().__init__(coordinator, description)
        self._is_wanted_open: bool | None = None
        # Of two presses at a time the second one sees what the first one did.
        self._toggling = asyncio.Lock()

    @property
    @override
    def supported_features(self) -> CoverEntityFeature:
        """Closing only where a motor does it."""
        row = self.entity_description
        features = CoverEntityFeature.OPEN
        if row.close is not None and row.can_close_fn(self.coordinator):
            features |= CoverEntityFeature.CLOSE
        return features if row.stop is None else features | CoverEntityFeature.STOP

    @property
    @override
    def is_closed(self) -> bool | None:
        """Closed if everything is, open if anything is not; None if the car did not tell."""
        row = self.entity_description
        values = [self._value(signal) for signal in row.signals]
        if any(value not in {None, row.closed_value} for value in values):
            return False
        return None if None in values else True

    @property
    @override
    def is_opening(self) -> bool:
        """Whether the command is on its way."""
        return self._is_wanted_open is True and self.is_closed is not False

    @property
    @override
    def is_closing(self) -> bool:
        """Whether the command is on its way."""
        return self._is_wanted_open is False and self.is_closed is not True

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open it, or vent it where that is all it can do.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_move(is_open=True)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close it.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        await self._async_move(is_open=False)

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stop it where it is.

        Raises:
            HomeAssistantError: It was not done, or nobody can tell.
        """
        if (stop := self.entity_description.stop) is not None:
            await self._async_order(stop)

    async def _async_move(self, *, is_open: bool) -> None:
        row, commander = self.entity_description, self.coordinator.commander
        one, signed = (row.open, row.open_signed) if is_open else (row.close, row.close_signed)
        toggles = row.toggles
        if signed is not None and commander.route is Route.SIGNED:
            one, toggles = signed, False
        if one is None:
            return
        self._is_wanted_open = is_open
        self.async_write_ha_state()
        try:
            await (self._async_toggle(one, is_open=is_open) if toggles else self._async_order(one))
        finally:
            self._is_wanted_open = None
            self.async_write_ha_state()

    async def _async_toggle(self, one: Order, *, is_open: bool) -> None:
        """Send the command unless it would do the opposite; the car is asked if that is not known.

        Raises:
            HomeAssistantError: The car did not tell where it is, or it was not done.
        """
        row, car = self.entity_description, self.coordinator
        async with self._toggling:
            is_fresh = await async_make_fresh(car, row.signals, _FRESH)
            if self.is_closed is None or not is_fresh:
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="cover_state_unknown",
                    translation_placeholders={"car": car.title},
                )
            if self.is_closed is is_open:
                await self._async_order(one)
                car.commander.async_conclude(dict.fromkeys(row.signals, is_open))
