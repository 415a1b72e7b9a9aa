"""Who wants to be told by which car: what Tesla keeps of it, and what the car has taken."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from simulator.telemetry import config, firmware, jws
from simulator.telemetry.certificates import CarAuthorities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.clock import Clock
    from simulator.telemetry.certificates import Passport, Variant
    from simulator.telemetry.config import Config
    from simulator.vehicle import Vehicle

TAKING_SECONDS: Final = 5.0
"""How long a car that is awake takes to fetch a configuration."""

MAX_APPS: Final = 5
REFUSED: Final = "config_manager_error"
NOT_CONNECTED: Final = "connection_error"


class Skip(StrEnum):
    """Why a car is not given a configuration."""

    MISSING_KEY = "missing_key"
    UNSUPPORTED_HARDWARE = "unsupported_hardware"
    UNSUPPORTED_FIRMWARE = "unsupported_firmware"
    MAX_CONFIGS = "max_configs"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """Something that a car warns of; times in seconds since 1970."""

    name: str
    audiences: frozenset[str]
    started_at: float
    ended_at: float | None = None


@dataclass(kw_only=True, slots=True)
class Circumstances:
    """What is up with a car's streaming, for a test or a person to change.

    Args:
        link: whether the car reaches anybody.
        variant: the certificate that it shows.
        other_apps: how many applications outside the simulation stream from it.
        silent_limit: whether a car with too many takes the configuration and drops it unsaid.
        alerts: what it warns of, by name.
    """

    link: bool = True
    variant: Variant | None = None
    other_apps: int = 0
    silent_limit: bool = False
    alerts: dict[str, Alert] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a car says went wrong."""

    vin: str
    client_id: str
    error_name: str
    error: str
    created_at: float
    hostname: str | None = None
    port: int | None = None
    txid: str = field(default_factory=lambda: str(uuid4()))

    def as_json(self) -> dict[str, Any]:
        """The row of fleet_telemetry_errors."""
        row: dict[str, Any] = {
            "vin": self.vin,
            "error_name": self.error_name,
            "error": self.error,
            "name": self.client_id,
            "txID": self.txid,
            "created_at": datetime.fromtimestamp(self.created_at, UTC).isoformat(),
        }
        return row | ({"hostname": self.hostname, "port": self.port} if self.hostname else {})


@dataclass(kw_only=True, slots=True)
class Subscription:
    """One application's stream of one car.

    `claims` are None once they are to be deleted, and where the car dropped them for there being
    too many. `taken` is what the car streams by; `edition` counts what it was ever given, and
    `records` what it ever sent, by topic.
    """

    vin: str
    client_id: str
    account: str
    token: str = ""
    claims: Mapping[str, Any] | None = None
    posted_at: float = 0.0
    synced: bool = False
    dropped: bool = False
    taken: Config | None = None
    issuer: bytes = b""
    edition: int = 0
    connected: bool = False
    records: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """The stream as the admin API shows it."""
        taken = self.taken
        return {
            "vin": self.vin,
            "client_id": self.client_id,
            "synced": self.synced,
            "connected": self.connected,
            "hostname": taken.hostname if taken else None,
            "port": taken.port if taken else None,
            "fields": len(taken.fields) if taken else 0,
            "records": dict(self.records),
        }


class Subscriptions:
    """All streams that were ever asked for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str], Subscription] = {}
        self._circumstances: dict[str, Circumstances] = {}
        self.reports: list[Report] = []
        self.routes: dict[str, str] = {}
        self._passports: dict[tuple[str, Variant | None], Passport] = {}

    @cached_property
    def authorities(self) -> CarAuthorities:
        """Those that every car of this world has its certificate from."""
        return CarAuthorities()

    def __iter__(self) -> Iterator[Subscription]:
        return iter(tuple(self._kept.values()))

    def circumstances(self, vin: str) -> Circumstances:
        """What is up with a car."""
        return self._circumstances.setdefault(vin, Circumstances())

    def passport(self, vin: str, variant: Variant | None = None) -> Passport:
        """The certificate of a car, the same each time."""
        if (vin, variant) not in self._passports:
            self._passports[vin, variant] = self.authorities.passport(vin, variant)
        return self._passports[vin, variant]

    def find(self, vin: str, client_id: str) -> Subscription | None:
        """An application's stream of a car."""
        return self._kept.get((vin, client_id))

    def limit_reached(self, vin: str, client_id: str) -> bool:
        """Whether there is no room for this application beside the others."""
        ours = sum(
            kept.vin == vin and kept.client_id != client_id and kept.claims is not None
            for kept in self
        )
        return self.circumstances(vin).other_apps + ours >= MAX_APPS

    def skip(self, car: Vehicle, client_id: str, key: bytes | None) -> Skip | None:
        """Why a car can not be given a configuration of an application with this key."""
        if firmware.has_old_design(car.model):
            if not (firmware.has_toggle(car.model) and car.state.streaming_allowed):
                return Skip.UNSUPPORTED_HARDWARE
        elif firmware.version_of(car.model) < firmware.CONFIGURED:
            return Skip.UNSUPPORTED_FIRMWARE
        if car.protocol and key not in car.paired_keys:
            return Skip.MISSING_KEY
        silent = self.circumstances(car.vin).silent_limit
        if self.limit_reached(car.vin, client_id) and not silent:
            return Skip.MAX_CONFIGS
        return None

    def put(self, vin: str, client_id: str, account: str, token: str) -> None:
        """Keep a configuration until the car takes it."""
        kept = self._kept.setdefault(
            (vin, client_id), Subscription(vin=vin, client_id=client_id, account=account)
        )
        kept.account, kept.token, kept.claims = account, token, jws.claims_of(token)
        kept.posted_at, kept.synced, kept.dropped = self._clock.now(), False, False

    def delete(self, vin: str, client_id: str) -> bool:
        """Have the car end a stream; False where there is none."""
        kept = self.find(vin, client_id)
        if kept is None or kept.claims is None:
            return False
        kept.claims, kept.synced, kept.posted_at = None, False, self._clock.now()
        return True

    def report(self, kept: Subscription, name: str, error: str, target: Config | None) -> Report:
        """Note what a car says went wrong with a stream."""
        report = Report(
            vin=kept.vin,
            client_id=kept.client_id,
            error_name=name,
            error=error,
            created_at=self._clock.now(),
            hostname=target.hostname if target else None,
            port=target.port if target else None,
        )
        self.reports.append(report)
        return report

    def settle(self, car: Vehicle) -> None:
        """Let a car that is awake take what waits for it, and end what has run out."""
        now = self._clock.now()
        for kept in self:
            if kept.vin != car.vin or car.availability != "online":
                continue
            if not kept.synced and now >= kept.posted_at + TAKING_SECONDS:
                self._take(kept, car)
            ends = kept.taken.expires_at if kept.taken else None
            if ends is not None and now >= ends:
                kept.taken = kept.claims = None

    def _take(self, kept: Subscription, car: Vehicle) -> None:
        kept.synced = True
        if kept.claims is None:
            kept.taken = None
            return
        if self.limit_reached(kept.vin, kept.client_id):
            kept.claims, kept.taken, kept.dropped = None, None, True
            return
        try:
            claims = jws.verify(
                kept.token, vin=kept.vin, keys=car.paired_keys if car.protocol else None
            )
            kept.taken = config.read(claims)
        except (jws.InvalidSignature, config.InvalidConfig) as err:
            self.report(kept, REFUSED, str(err), None)
            return
        kept.issuer = jws.issuer_of(claims)
        kept.edition += 1
