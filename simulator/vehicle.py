"""What the cloud asks of a car, and what a car may answer instead."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Set as AbstractSet

    from simulator.car.model import CarModel
    from simulator.car.protocol.faults import Mischief
    from simulator.car.state import Cable, CarState


class CarUnavailable(Exception):
    """The car is asleep or out of reach; nothing was executed."""


class MobileAccessDisabled(Exception):
    """The driver has switched remote access off; nothing was executed."""


class ProtocolUnsupported(Exception):
    """The car does not know the Vehicle Command Protocol."""


class MalformedMessage(Exception):
    """The bytes are no RoutableMessage, or name no computer of a car."""


class ReplyLost(Exception):
    """The car did what it was asked, and its answer went nowhere."""


class UnknownCommand(Exception):
    """There is no such REST command."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """A command that the car took, and what came of it; `reason` is empty if it obeyed."""

    when: float
    command: str
    params: dict[str, Any] = field(hash=False)
    route: str
    reason: str


class Vehicle(Protocol):
    """What the cloud asks of a car; `simulator.car.Car` is one."""

    vin: str
    owner: str
    protocol: bool
    mobile_access: bool
    model: CarModel
    executions: list[Execution]

    @property
    def state(self) -> CarState:
        """The car as it is now; may be changed."""

    @property
    def display_name(self) -> str:
        """What the owner calls the car."""

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
        """Answer a RoutableMessage.

        Raises CarUnavailable, ProtocolUnsupported, MalformedMessage or ReplyLost.
        """

    def fall_asleep(self) -> None:
        """Asleep at once."""

    def wake_now(self) -> None:
        """Awake at once."""

    def go_offline(self) -> None:
        """Out of reach until `wake_now`."""

    def drive(self, length: float) -> None:
        """Drive off for `length` km."""

    def park(self) -> None:
        """Stop, get out and lock."""

    def plug_in(self, cable: Cable) -> None:
        """Connect a charger."""

    def unplug(self) -> None:
        """Take the cable out."""

    def reboot(self) -> None:
        """Let both computers begin a new epoch."""

    def rotate_key(self, domain: int) -> None:
        """Give a computer another key, as after a repair."""

    def shift_clock(self, domain: int, seconds: float) -> None:
        """Put a computer's clock forward, or back."""

    def plan_mischief(
        self, domain: int, mischief: Mischief, *, fault: int = 0, bit: int = 0, times: int = 1
    ) -> None:
        """Let something go wrong with a computer's next signed commands."""
