"""The standard world."""

import pytest

from simulator.clock import Clock
from simulator.cloud.hosts import Region
from simulator.garage import (
    ANVIL,
    FALCON,
    GUEST_S,
    JUNIPER,
    LENDER,
    LIGHTHOUSE,
    OWNER,
    PEARL,
    YUKI,
    standard_world,
)
from simulator.telemetry.subscriptions import Skip
from simulator.world import Registration

POINT = b"\x04" + bytes(64)


def test_the_owner_has_six_cars_and_one_is_lent() -> None:
    """The lender keeps the ownership."""
    world = standard_world()
    access = {car.vin: car.product(OWNER)["access_type"] for car in world.cars_of(OWNER)}
    assert access == {
        **dict.fromkeys((FALCON, JUNIPER, PEARL, YUKI, ANVIL), "OWNER"),
        GUEST_S: "DRIVER",
    }
    assert [car.vin for car in world.cars_of(world.cars[GUEST_S].owner)] == [GUEST_S]


def test_the_owner_has_a_house() -> None:
    """The lender has none that Tesla knows of."""
    world = standard_world()
    assert [site.name for site in world.sites_of(OWNER)] == ["Lighthouse"]
    assert str(world.sites_of(OWNER)[0].product()["energy_site_id"]) == LIGHTHOUSE
    assert world.sites_of(LENDER) == []


def test_only_the_oldest_takes_unsigned_commands() -> None:
    """By its model year."""
    cars = standard_world().cars
    assert [vin for vin, car in cars.items() if not car.protocol] == [FALCON]


@pytest.mark.parametrize(
    ("vin", "paired"),
    [
        (FALCON, False),
        (JUNIPER, True),
        (PEARL, False),
        (YUKI, True),
        (ANVIL, True),
        (GUEST_S, True),
    ],
)
def test_some_take_the_first_key(vin: str, *, paired: bool) -> None:
    """As soon as it is registered."""
    world = standard_world(clock=Clock(0))
    assert world.cars[vin].paired_keys == frozenset()
    world.register(
        Registration(
            client_id="simulated-client",
            region=Region.EU,
            domain="home.example.test",
            public_key=POINT,
            when=0,
        )
    )
    assert (POINT in world.cars[vin].paired_keys) is paired


@pytest.mark.parametrize(
    ("vin", "skip"),
    [
        (FALCON, Skip.UNSUPPORTED_HARDWARE),
        (JUNIPER, None),
        (PEARL, Skip.MISSING_KEY),
        (YUKI, None),
        (ANVIL, None),
        (GUEST_S, None),
    ],
)
def test_who_can_stream(vin: str, skip: Skip | None) -> None:
    """Four of six: one is too old, one knows no key."""
    world = standard_world(clock=Clock(0))
    for preapproved in world.preapproved:
        world.cars[preapproved].pair(POINT)
    assert world.streaming.skip(world.cars[vin], "simulated-client", POINT) is skip


def test_the_internet_is_a_copy() -> None:
    """A world does not change what it was made from."""
    internet = {"a.test": "http://127.0.0.1:1"}
    standard_world(internet=internet).internet.clear()
    assert internet
