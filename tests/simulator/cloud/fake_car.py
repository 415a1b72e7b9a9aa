"""A car that does what a test tells it, so that only the cloud is judged."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.vehicle import CarUnavailable, ProtocolUnsupported, UnknownCommand

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(kw_only=True)
class FakeCar:
    """Answers at once and notes what it was asked."""

    vin: str
    display_name: str
    owner: str
    id: int
    protocol: bool = True
    availability: str = "online"
    paired_keys: set[bytes] = field(default_factory=set)
    executed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    asked: list[tuple[set[str], bool]] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    def vehicle_data(self, endpoints: set[str], *, location: bool) -> dict[str, Any]:
        """Note the question."""
        self._reach()
        self.asked.append((endpoints, location))
        return {part: {} for part in endpoints}

    def product(self, account: str) -> dict[str, Any]:
        """The fields that matter to the cloud."""
        access = "OWNER" if account == self.owner else "DRIVER"
        return {"id": self.id, "vin": self.vin, "state": self.availability, "access_type": access}

    def fleet_info(self) -> dict[str, Any]:
        """One true field."""
        return {"vehicle_command_protocol_required": self.protocol}

    def pair(self, point: bytes) -> None:
        """Obey."""
        self.paired_keys.add(point)

    def unpair(self, point: bytes) -> None:
        """Disobey."""
        self.paired_keys.discard(point)

    def begin_wake(self) -> None:
        """Awake at once."""
        self.availability = "online"

    def execute_unsigned(self, name: str, body: Mapping[str, Any]) -> tuple[bool, str]:
        """Note the command."""
        if name == "no_such_command":
            raise UnknownCommand
        self._reach()
        self.executed.append((name, body))
        return (False, "already_set") if body.get("again") else (True, "")

    def signed(self, message: bytes) -> bytes:
        """The message backwards."""
        if not self.protocol:
            raise ProtocolUnsupported
        self._reach()
        self.messages.append(message)
        return message[::-1]

    def _reach(self) -> None:
        if self.availability != "online":
            raise CarUnavailable
