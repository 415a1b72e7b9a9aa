"""A simulated car configured by, connected to and understood by the integration."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from custom_components.teslalogger.fleet_telemetry.attempts import Reason
from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority
from simulator.garage import JUNIPER
from simulator.telemetry.certificates import Variant
from simulator.telemetry.subscriptions import Alert
from simulator.telemetry.values import SOURCES

if TYPE_CHECKING:
    from .conftest import Home

ACCEPTED: Final = [None, Variant.NO_AUTHORITY_KEY_ID, Variant.CHAINED]
REFUSED: Final = {
    Variant.EXPIRED: Reason.CERTIFICATE_EXPIRED,
    Variant.NOT_YET_VALID: Reason.CERTIFICATE_INVALID,
    Variant.NO_CLIENT_AUTH: Reason.WRONG_PURPOSE,
    Variant.NO_USAGE: Reason.NOT_A_CAR,
    Variant.WIFI: Reason.NOT_A_CAR,
    Variant.ENERGY: Reason.NOT_A_CAR,
    Variant.BOARD: Reason.NOT_A_CAR,
    Variant.WALL_CONNECTOR: Reason.NOT_A_CAR,
    Variant.NOT_A_VIN: Reason.NOT_A_CAR,
    Variant.OTHER_AUTHORITY: Reason.UNKNOWN_AUTHORITY,
    Variant.OTHER_ISSUER: Reason.NOT_A_CAR,
    Variant.SELF_SIGNED: Reason.UNKNOWN_AUTHORITY,
}


async def test_a_signed_configuration_brings_everything(home: Home) -> None:
    """Every field that the simulator knows is read and acknowledged."""
    home.configure(fields={name: {"interval_seconds": 1} for name in SOURCES})
    await home.tick()
    (record,) = home.diary.records
    assert record.signals > 150
    assert home.world.ledger.signals == {JUNIPER: record.signals}
    assert home.diary.hellos[0].client_version == "1.3.0"
    assert home.receiver.tallies[JUNIPER].problems == {}


async def test_changes_alerts_and_sleep_are_heard(home: Home) -> None:
    """Each as it happens."""
    home.configure()
    await home.tick()
    car = home.world.cars[JUNIPER]
    car.state.locked = False
    home.world.streaming.circumstances(JUNIPER).alerts["VCFRONT_a180"] = Alert(
        name="VCFRONT_a180", audiences=frozenset({"service"}), started_at=home.world.clock.now()
    )
    await home.tick(1)
    assert [record.signals for record in home.diary.records] == [2, 1, 1]
    car.fall_asleep()
    await home.tick(1)
    await home.diary.until(lambda: home.diary.gone == [JUNIPER])


async def test_what_was_missed_is_sent_again(home: Home) -> None:
    """Once."""
    home.configure()
    await home.tick()
    circumstances = home.world.streaming.circumstances(JUNIPER)
    circumstances.link = False
    await home.tick(1)
    home.world.cars[JUNIPER].state.locked = False
    await home.tick(1)
    circumstances.link = True
    for _ in range(5):
        await home.tick(20)
    assert [record.is_resend for record in home.diary.records] == [False, True]
    assert home.receiver.tallies[JUNIPER].resent == 1


@pytest.mark.parametrize("variant", ACCEPTED)
async def test_who_is_a_car_is_let_in(home: Home, variant: Variant | None) -> None:
    """Also with a certificate that is a little unusual."""
    home.world.streaming.circumstances(JUNIPER).variant = variant
    home.configure()
    await home.tick()
    assert len(home.diary.records) == 1


@pytest.mark.parametrize("variant", REFUSED)
async def test_who_is_no_car_is_not(home: Home, variant: Variant) -> None:
    """With the reason noted, and nothing taken; the car reports that it got nowhere."""
    home.world.streaming.circumstances(JUNIPER).variant = variant
    home.configure()
    await home.tick()
    assert home.diary.records == []
    assert [attempt.reason for attempt in home.receiver.attempts.newest] == [REFUSED[variant]]
    (report,) = home.world.streaming.reports
    assert report.error_name == "connection_error"


async def test_a_certificate_that_the_car_refuses_is_told(home: Home) -> None:
    """By the alert of its TLS; a real car's has only one for both."""
    home.configure(hostname="other.example.test")
    await home.tick()
    home.configure(ca=OwnAuthority.create(datetime.now(UTC)).certificate)
    await home.tick()
    assert [attempt.reason for attempt in home.receiver.attempts.newest] == [
        Reason.OUR_CERTIFICATE_REFUSED,
        Reason.CLIENT_DISTRUSTS_US,
    ]
    assert [report.error.rpartition("x509: ")[2] for report in home.world.streaming.reports] == [
        "certificate is valid for other names, not other.example.test",
        "certificate signed by unknown authority",
    ]
