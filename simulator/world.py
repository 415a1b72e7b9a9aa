"""Everything that exists in the simulation: accounts, applications, cars, and the record of it."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field
import ssl
from typing import Any, Protocol
from urllib.parse import urlsplit

from simulator.clock import Clock
from simulator.cloud.faults import Faults
from simulator.cloud.hosts import Region
from simulator.cloud.ledger import Ledger


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


@dataclass(kw_only, slots=True)
class Account:
    """A person at Tesla."""

    sub: str
    email: str
    full_name: str
    region: Region
    locked: bool = False


@dataclass(kw_only, slots=True)
class App:
    """An application of the developer portal.

    `redirect_uris` ending in "/*" match any port and path of their host.
    """

    client_id: str
    client_secret: str
    name: str
    allowed_origins: tuple[str, ...]
    redirect_uris: tuple[str, ...]

    def redirects_to(self, uri: str) -> bool:
        """Whether the portal lists this redirect URI."""
        return any(_redirect_matches(uri, listed) for listed in self.redirect_uris)

    def may_register(self, domain: str) -> bool:
        """Whether the domain is the host of an allowed origin."""
        return any(urlsplit(origin).hostname == domain for origin in self.allowed_origins)


def _redirect_matches(uri: str, listed: str) -> bool:
    if not listed.endswith("/*"):
        return uri == listed
    asked, pattern = urlsplit(uri), urlsplit(listed)
    return (asked.scheme, asked.hostname) == (pattern.scheme, pattern.hostname)


@dataclass(frozen=True, kw_only=True, slots=True)
class Registration:
    """An application's domain and key in one region."""

    client_id: str
    region: Region
    domain: str
    public_key: bytes
    when: float


@dataclass(kw_only, slots=True)
class Lie:
    """What fleet_status says about a car, true or not; None leaves the truth."""

    paired: bool | None = None
    info: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only, slots=True)
class World:
    """The simulation.

    `internet` says which base URL stands behind a domain: used when Tesla downloads a public key,
    and for anybody who asks the simulator for that host. `trust` is what Tesla's downloads accept
    as a certificate (None: the system's own authorities).
    """

    clock: Clock = field(default_factory=Clock)
    accounts: dict[str, Account] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    cars: dict[str, Vehicle] = field(default_factory=dict)
    guests: dict[str, set[str]] = field(default_factory=dict)
    registrations: list[Registration] = field(default_factory=list)
    lies: dict[str, Lie] = field(default_factory=dict)
    internet: dict[str, str] = field(default_factory=dict)
    trust: ssl.SSLContext | None = None
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)

    def cars_of(self, account: str) -> list[Vehicle]:
        """The cars an account owns or was lent."""
        return [
            car
            for car in self.cars.values()
            if car.owner == account or account in self.guests.get(car.vin, ())
        ]

    def registration(self, client_id: str, region: Region) -> Registration | None:
        """The application's latest registration in a region."""
        return next(
            (
                found
                for found in reversed(self.registrations)
                if found.client_id == client_id and found.region is region
            ),
            None,
        )
