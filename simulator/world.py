"""Everything that exists in the simulation: accounts, applications, cars, sites, and the record."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from simulator.clock import Clock
from simulator.cloud.faults import Faults
from simulator.cloud.grants import Authority
from simulator.cloud.ledger import Ledger
from simulator.cloud.owner_days import OwnerDay
from simulator.cloud.ratelimit import RateLimiter
from simulator.records import CarRecords
from simulator.telemetry.subscriptions import Subscriptions

if TYPE_CHECKING:
    import ssl

    from simulator.cloud.hosts import Region
    from simulator.energy import EnergySite
    from simulator.vehicle import Vehicle


@dataclass(kw_only=True, slots=True)
class Account:
    """A person at Tesla."""

    sub: str
    email: str
    full_name: str
    region: Region
    locked: bool = False


@dataclass(kw_only=True, slots=True)
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


@dataclass(kw_only=True, slots=True)
class Lie:
    """What fleet_status says about a car, true or not; None leaves the truth."""

    paired: bool | None = None
    info: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class World:
    """The simulation.

    `preapproved` cars take the first key that is registered, as if their owner approved at once.
    `internet` says which base URL stands behind a domain: used when Tesla downloads a public key,
    and for anybody who asks the simulator for that host. `trust` is what Tesla's downloads accept
    as a certificate (None: the system's own authorities).
    """

    clock: Clock = field(default_factory=Clock)
    accounts: dict[str, Account] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    cars: dict[str, Vehicle] = field(default_factory=dict)
    sites: dict[str, EnergySite] = field(default_factory=dict)
    guests: dict[str, set[str]] = field(default_factory=dict)
    records: dict[str, CarRecords] = field(default_factory=dict)
    registrations: list[Registration] = field(default_factory=list)
    preapproved: set[str] = field(default_factory=set)
    lies: dict[str, Lie] = field(default_factory=dict)
    internet: dict[str, str] = field(default_factory=dict)
    trust: ssl.SSLContext | None = None
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    owner_day: OwnerDay = OwnerDay.GOOD
    streaming: Subscriptions = field(init=False)
    authority: Authority = field(init=False)
    rates: RateLimiter = field(init=False)

    def __post_init__(self) -> None:
        self.streaming = Subscriptions(self.clock)
        self.authority = Authority(self.clock)
        self.rates = RateLimiter(self.clock)

    def person(self, email: str) -> Account | None:
        """Whose e-mail address this is."""
        wanted = email.strip().lower()
        return next((known for known in self.accounts.values() if known.email == wanted), None)

    def cars_of(self, account: str) -> list[Vehicle]:
        """The cars an account owns or was lent."""
        return [
            car
            for car in self.cars.values()
            if car.owner == account or account in self.guests.get(car.vin, ())
        ]

    def owner_token(self, account: str) -> str:
        """A fresh refresh token of the owner API, as from a login with Tesla's own app."""
        answer = self.authority.owner_sign_in(account, self.accounts[account].region)
        return str(answer["refresh_token"])

    def record(self, vin: str) -> CarRecords:
        """What Tesla has on file about a car."""
        return self.records.setdefault(vin, CarRecords())

    def sites_of(self, account: str) -> list[EnergySite]:
        """The energy sites of an account."""
        return [site for site in self.sites.values() if site.owner == account]

    def registration(self, client_id: str, region: Region) -> Registration | None:
        """The application's registration in a region."""
        return next(
            (
                found
                for found in self.registrations
                if found.client_id == client_id and found.region is region
            ),
            None,
        )

    def register(self, registration: Registration) -> None:
        """Keep a registration instead of the application's former one in that region."""
        self.registrations = [
            kept
            for kept in self.registrations
            if (kept.client_id, kept.region) != (registration.client_id, registration.region)
        ]
        self.registrations.append(registration)
        for vin in self.preapproved:
            self.cars[vin].pair(registration.public_key)
        self.preapproved.clear()
