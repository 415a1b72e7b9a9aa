"""The standard world: one owner, a lender, one application, six cars and a house."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from simulator.car import Car
from simulator.car.model import (
    CYBERTRUCK_2024,
    MODEL_3_2021,
    MODEL_3_2022,
    MODEL_S_2021,
    MODEL_X_2018,
    MODEL_Y_2025,
)
from simulator.clock import Clock
from simulator.cloud.hosts import Region
from simulator.energy import EnergySite
from simulator.records import ChargingSession
from simulator.world import Account, App, World

if TYPE_CHECKING:
    from simulator.car.model import CarModel

OWNER: Final = "11111111-aaaa-4aaa-8aaa-111111111111"
LENDER: Final = "22222222-bbbb-4bbb-8bbb-222222222222"

FALCON: Final = "5YJXCDE22JF012345"
JUNIPER: Final = "5YJ3E7EB8MF012346"
PEARL: Final = "LRW3E7EK9NC012347"
YUKI: Final = "XP7YGCEK6SB012348"
ANVIL: Final = "7G2CEHED3RA012349"
GUEST_S: Final = "5YJSA1E25MF012350"

LIGHTHOUSE: Final = "1234567890123"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parked:
    """A car of the garage, charged to `level` percent.

    Args:
        signs: whether it knows the Vehicle Command Protocol.
        paired: whether it takes the first key that is registered.
        lent: whether it belongs to the lender.
    """

    vin: str
    name: str
    model: CarModel
    level: float
    signs: bool = True
    paired: bool = True
    lent: bool = False


GARAGE: Final = (
    Parked(vin=FALCON, name="Falcon", model=MODEL_X_2018, level=71, signs=False),
    Parked(vin=JUNIPER, name="Juniper", model=MODEL_3_2021, level=64),
    Parked(vin=PEARL, name="Pearl", model=MODEL_3_2022, level=48, paired=False),
    Parked(vin=YUKI, name="Yuki", model=MODEL_Y_2025, level=79),
    Parked(vin=ANVIL, name="Anvil", model=CYBERTRUCK_2024, level=55),
    Parked(vin=GUEST_S, name="Guest S", model=MODEL_S_2021, level=88, lent=True),
)


def standard_world(*, clock: Clock | None = None, internet: dict[str, str] | None = None) -> World:
    """A world with the standard accounts, application and cars."""
    world = World(clock=clock or Clock(), internet=dict(internet or {}))
    for account in (
        Account(sub=OWNER, email="owner@example.com", full_name="Olivia Owner", region=Region.EU),
        Account(sub=LENDER, email="lender@example.com", full_name="Lenny Lender", region=Region.EU),
    ):
        world.accounts[account.sub] = account
    app = App(
        client_id="simulated-client",
        client_secret="simulated-secret",
        name="TeslaLogger",
        allowed_origins=("https://home.example.test",),
        redirect_uris=(
            "http://127.0.0.1:8123/auth/external/callback",
            "http://127.0.0.1/*",
            "https://my.home-assistant.io/redirect/oauth",
            "https://example.com/auth/external/callback",
        ),
    )
    world.apps[app.client_id] = app
    for parked in GARAGE:
        world.cars[parked.vin] = Car(
            parked.vin,
            parked.name,
            model=parked.model,
            clock=world.clock,
            owner=LENDER if parked.lent else OWNER,
            protocol=parked.signs,
            level=parked.level,
        )
    world.sites[LIGHTHOUSE] = EnergySite(
        int(LIGHTHOUSE), "Lighthouse", clock=world.clock, owner=OWNER
    )
    world.guests = {parked.vin: {OWNER} for parked in GARAGE if parked.lent}
    _fill_records(world)
    world.preapproved = {parked.vin for parked in GARAGE if parked.signs and parked.paired}
    return world


def _fill_records(world: World) -> None:
    """Two stops at Superchargers and an alert, all of one car."""
    now = world.clock.now()
    record = world.record(JUNIPER)
    record.sessions = [
        ChargingSession(
            number=number,
            site=site,
            started_at=now - days * 86_400,
            stopped_at=now - days * 86_400 + 1_500,
            energy=energy,
            rate=0.52,
        )
        for number, site, days, energy in (
            (1, "Leipzig, Germany", 9, 41.0),
            (2, "Nuremberg, Germany", 3, 36.5),
        )
    ]
    record.alerts.append(
        {
            "name": "APP_w222",
            "time": datetime.fromtimestamp(now - 86_400, UTC).isoformat(timespec="seconds"),
            "audience": ["customer"],
            "user_text": "Cruise control unavailable",
        }
    )
