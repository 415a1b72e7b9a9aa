"""What entities that people set have in common: their commands, and what is wanted meanwhile."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, override

from .commander import wish_of
from .entity import CarEntity, CarRow
from .topics import wish_for
from .vehicle.coalescing import Coalescer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .coordinator import CarCoordinator
    from .vehicle.signals import Value

type Orders = tuple[Order, ...]


@dataclass(frozen=True, kw_only=True)
class Order:
    """A command with its parameters."""

    command: str
    params: Mapping[str, Any] = field(default_factory=dict)


def order(command: str, /, **params: Any) -> Order:
    """A command with its parameters."""
    return Order(command=command, params=params)


class SettingEntity(CarEntity):
    """An entity that people set. It hears of what is wanted as well as of what is.

    Waking a car takes up to a minute and a half. What is wanted is wanted for as long as the
    command is on its way; then the truth counts again, which after a success is what was wanted.
    """

    def __init__(self, coordinator: CarCoordinator, description: CarRow) -> None:
        super().__init__(coordinator, description)
        self._topics |= {wish_for(topic) for topic in description.topics}
        self._newest: Coalescer[Orders] = Coalescer(self._async_send_all)

    @override
    async def async_will_remove_from_hass(self) -> None:
        self._newest.hurry()
        await super().async_will_remove_from_hass()

    def _shown(self, signal: str) -> Value:
        """What the signal is wanted to become, else what it is."""
        wanted = self.coordinator.commander.wanted(signal)
        return self._value(signal) if wanted is None else wanted

    async def _async_order(self, *orders: Order) -> None:
        """Send commands one after the other, until one fails.

        Raises:
            HomeAssistantError: One was not done, or nobody can tell.
        """
        with self.coordinator.commander.wanting(_wish(orders)):
            await self._async_send_all(orders)

    async def _async_order_newest(self, *orders: Order) -> None:
        """Send commands, unless newer ones take their place before it is their turn.

        Raises:
            HomeAssistantError: One was not done, or nobody can tell.
        """
        with self.coordinator.commander.wanting(_wish(orders)):
            await self._newest.submit(orders)

    async def _async_send_all(self, orders: Orders) -> None:
        for one in orders:
            await self.coordinator.commander.async_send(one.command, **one.params)


def _wish(orders: Orders) -> Mapping[str, Value]:
    """What all of them make of the signals, the later ones last."""
    wish: dict[str, Value] = {}
    for one in orders:
        wish |= wish_of(one.command, one.params)
    return wish
