"""What the cloud asks of a car, and what a car may answer instead."""

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Set as AbstractSet


class CarUnavailable(Exception):  # noqa: N818 - named after what happened
    """The car is asleep or out of reach; nothing was executed."""


class ProtocolUnsupported(Exception):  # noqa: N818 - named after what happened
    """The car does not know the Vehicle Command Protocol."""


class UnknownCommand(Exception):  # noqa: N818 - named after what happened
    """There is no such REST command."""


class Vehicle(Protocol):
    """What the cloud asks of a car; `simulator.car.Car` is one."""

    vin: str
    display_name: str
    owner: str
    protocol: bool

    @property
    def availability(self) -> str:
        """The state as Tesla names it: online, asleep or offline."""

    @property
    def paired_keys(self) -> AbstractSet[bytes]:
        """The uncompressed points of the keys that the car obeys."""

    def vehicle_data(self, endpoints: set[str], *, location: bool) -> dict[str, Any]:
        """The asked parts of the data; raises CarUnavailable unless online."""

    def product(self, account: str) -> dict[str, Any]:
        """The car in the list of the products of `account`."""

    def fleet_info(self) -> dict[str, Any]:
        """The car's row in fleet_status."""

    def pair(self, point: bytes) -> None:
        """Obey this key from now on."""

    def unpair(self, point: bytes) -> None:
        """Forget this key."""

    def begin_wake(self) -> None:
        """Start to wake up; takes simulated time."""

    def execute_unsigned(self, name: str, body: Mapping[str, Any]) -> tuple[bool, str]:
        """Carry out a REST command: whether it worked, and why not."""

    def signed(self, message: bytes) -> bytes:
        """Answer a RoutableMessage; raises CarUnavailable or ProtocolUnsupported."""
