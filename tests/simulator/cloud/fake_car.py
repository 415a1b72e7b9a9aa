"""A car that does what a test tells it, so that only the cloud is judged."""

from typing import TYPE_CHECKING, Any, override

from simulator.car import Car
from simulator.car.model import MODEL_3_2021
from simulator.clock import Clock
from simulator.vehicle import (
    CarUnavailable,
    MobileAccessDisabled,
    ProtocolUnsupported,
    UnknownCommand,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class FakeCar(Car):
    """Answers at once and notes what it was asked."""

    def __init__(
        self, *, vin: str, display_name: str, owner: str, number: int, protocol: bool = True
    ) -> None:
        super().__init__(
            vin, display_name, model=MODEL_3_2021, clock=Clock(0), owner=owner, protocol=protocol
        )
        self.executed: list[tuple[str, Mapping[str, Any]]] = []
        self.asked: list[tuple[set[str], bool]] = []
        self.messages: list[bytes] = []
        self._number = number
        self._availability = "online"

    @property
    @override
    def availability(self) -> str:
        """What the test said."""
        return self._availability

    @availability.setter
    def availability(self, availability: str) -> None:
        self._availability = availability

    @override
    def vehicle_data(self, endpoints: set[str], *, location: bool) -> dict[str, Any]:
        self._reach()
        self.asked.append((endpoints, location))
        return {part: {} for part in endpoints}

    @override
    def product(self, account: str) -> dict[str, Any]:
        return {**super().product(account), "id": self._number}

    @override
    def fleet_info(self) -> dict[str, Any]:
        return {"vehicle_command_protocol_required": self.protocol}

    @override
    def begin_wake(self) -> None:
        self.availability = "online"

    @override
    def execute_unsigned(self, name: str, body: Mapping[str, Any]) -> tuple[bool, str]:
        if name == "no_such_command":
            raise UnknownCommand
        self._reach()
        self.executed.append((name, body))
        return (False, "already_set") if body.get("again") else (True, "")

    @override
    def signed(self, message: bytes) -> bytes:
        """The message backwards."""
        if not self.protocol:
            raise ProtocolUnsupported
        self._reach()
        self.messages.append(message)
        return message[::-1]

    def _reach(self) -> None:
        if not self.mobile_access:
            raise MobileAccessDisabled
        if self.availability != "online":
            raise CarUnavailable
