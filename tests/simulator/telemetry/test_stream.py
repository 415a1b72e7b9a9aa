"""A car on the line."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
import pytest
from tesla_protocol.telemetry.vehicle_alert_pb2 import Audience

from simulator.garage import JUNIPER, OWNER
from simulator.telemetry.bundle import RESEND_SECONDS
from simulator.telemetry.certificates import CarAuthorities, Passport, Variant, name_of
from simulator.telemetry.subscriptions import Alert
from simulator.telemetry.values import SOURCES

from .configs import HOST
from .conftest import APP, KEY
from .receiver import Receiver, house
from .tokens import point_of

if TYPE_CHECKING:
    from .conftest import Road

LOCKED: Final = {"Locked": {"interval_seconds": 1}}


async def test_a_configured_car_tells_everything_at_first(road: Road) -> None:
    """All fields in one record, signed by its certificate."""
    road.configure(fields={name: {"interval_seconds": 60} for name in SOURCES})
    await road.tick()
    assert road.receiver.subjects == [JUNIPER]
    assert len(road.receiver.data()) == 1
    (values,) = road.receiver.values()
    assert len(values) > 150
    assert values["Soc"] == pytest.approx(64)
    (record,) = road.receiver.records
    assert (record.topic, record.device_id) == (b"V", JUNIPER.encode())
    assert record.sender_id == f"vehicle_device.{JUNIPER}".encode()
    assert record.created_at == int(road.world.clock.now())
    assert road.receiver.data()[0].created_at.seconds == record.created_at


async def test_it_says_what_it_is(road: Road) -> None:
    """In the request that opens the connection."""
    road.configure(fields=LOCKED)
    await road.tick()
    headers = road.receiver.headers[0]
    assert headers["User-Agent"].startswith("Hermes/")
    assert headers["Version"] == "1.3.0"
    assert headers["X-Network-Interface"] == "wifi"
    assert headers["Host"] == f"{HOST}:{road.receiver.port}"
    assert len(headers["X-TXID"]) == 36
    assert "permessage-deflate" in headers["Sec-WebSocket-Extensions"]


async def test_only_changes_follow(road: Road) -> None:
    """In one record for each tick, and none where nothing changes."""
    road.configure(fields=LOCKED | {"SentryMode": {"interval_seconds": 1}})
    await road.tick()
    await road.ticks(4)
    assert len(road.receiver.records) == 1
    road.car.state.locked = False
    await road.tick(0.5)
    assert road.receiver.values()[1:] == [{"Locked": False}]
    road.car.state.locked = road.car.state.sentry_mode = True
    await road.tick(1)
    assert road.receiver.values()[2].keys() == {"Locked", "SentryMode"}


async def test_what_is_delivered_is_billed(road: Road) -> None:
    """Signal by signal."""
    road.configure(fields=LOCKED | {"SentryMode": {"interval_seconds": 1}})
    await road.tick()
    road.car.state.locked = False
    await road.tick(1)
    assert road.world.ledger.signals == {JUNIPER: 3}
    assert road.world.ledger.cost == pytest.approx(3 / 150_000)
    assert road.kept.records == {"V": 2}


async def test_what_is_refused_is_not_billed(road: Road) -> None:
    """An error is no ack."""
    road.receiver.refuses = True
    road.configure(fields=LOCKED)
    await road.tick()
    assert road.receiver.values() == [{"Locked": True}]
    assert road.world.ledger.signals == {}


async def test_a_new_configuration_tells_everything_once_more(road: Road) -> None:
    """Also what did not change."""
    road.configure(fields=LOCKED)
    await road.tick()
    road.configure(fields=LOCKED | {"Soc": {"interval_seconds": 1}})
    await road.tick()
    assert [values.keys() for values in road.receiver.values()] == [{"Locked"}, {"Locked", "Soc"}]


async def test_latest_keeps_what_was_missed(road: Road) -> None:
    """The newest value of each field, marked as sent again; no history."""
    road.configure(
        fields=LOCKED | {"SentryMode": {"interval_seconds": 1}}, delivery_policy="latest"
    )
    await road.tick()
    road.world.streaming.circumstances(JUNIPER).link = False
    await road.tick(1)
    assert not road.is_connected()
    for locked in (False, True, False):
        road.car.state.locked = locked
        await road.tick(1)
    road.world.streaming.circumstances(JUNIPER).link = True
    await road.tick(1)
    assert road.receiver.values()[1:] == [{"Locked": False}]
    assert [payload.is_resend for payload in road.receiver.data()] == [False, True]
    await road.ticks(30, RESEND_SECONDS)
    assert len(road.receiver.data()) == 2


async def test_without_latest_it_is_lost(road: Road) -> None:
    """The next change arrives."""
    road.configure(fields=LOCKED | {"SentryMode": {"interval_seconds": 1}})
    await road.tick()
    road.world.streaming.circumstances(JUNIPER).link = False
    await road.tick(1)
    road.car.state.locked = False
    await road.tick(1)
    road.world.streaming.circumstances(JUNIPER).link = True
    road.car.state.sentry_mode = True
    await road.tick(1)
    assert [values.keys() for values in road.receiver.values()[1:]] == [{"SentryMode"}]


async def test_latest_sends_again_what_nobody_acknowledged(road: Road) -> None:
    """After a while, until somebody does."""
    road.receiver.acks = False
    road.configure(fields=LOCKED, delivery_policy="latest")
    await road.tick()
    await road.tick(RESEND_SECONDS / 2)
    await road.tick(RESEND_SECONDS / 2)
    await road.tick(RESEND_SECONDS)
    road.receiver.acks = True
    await road.tick(RESEND_SECONDS)
    await road.tick(RESEND_SECONDS)
    resent = [payload.is_resend for payload in road.receiver.data()]
    assert resent == [False, True, True, True]
    assert road.world.ledger.signals == {JUNIPER: 1}


async def test_a_lost_receiver_is_called_again(road: Road) -> None:
    """Soon at first, then ever later; nothing that was owed is lost."""
    road.configure(fields=LOCKED, delivery_policy="latest")
    await road.tick()
    port = road.receiver.port
    await road.receiver.stop()
    while road.is_connected():
        await road.tick(0.5)
    road.car.state.locked = False
    await road.ticks(10, 1)
    (report,) = road.world.streaming.reports
    assert report.error == f"dial tcp {HOST}:{port}: connect: connection refused"
    assert (report.hostname, report.port) == (HOST, port)
    await road.receiver.start(port)
    await road.tick(10)
    assert road.receiver.values()[-1] == {"Locked": False}
    assert road.receiver.data()[-1].is_resend
    (told,) = road.receiver.errors()
    assert [error.body for error in told.errors] == [report.error]


async def test_a_car_that_sleeps_hangs_up(road: Road) -> None:
    """With a last word for what nobody watches any more, and tells everything when it wakes."""
    road.configure(
        fields=LOCKED
        | {"ChargePortLatch": {"interval_seconds": 1}, "DestinationName": {"interval_seconds": 1}}
    )
    await road.tick()
    road.car.fall_asleep()
    await road.tick(1)
    assert road.is_connected()
    await road.tick(0.5)
    assert not road.is_connected()
    await road.tick(1)
    (datum,) = road.receiver.data()[1].data
    assert datum.value.invalid
    assert road.receiver.values()[1].keys() == {"ChargePortLatch"}
    road.car.wake_now()
    await road.tick(1)
    assert road.receiver.values()[2].keys() == {"Locked", "ChargePortLatch", "DestinationName"}
    assert road.car.availability == "online"
    assert road.world.ledger.signals == {JUNIPER: 7}


async def test_a_sleeping_car_without_last_words_is_gone_at_once(road: Road) -> None:
    """Where none of its fields ends with sleep."""
    road.configure(fields=LOCKED)
    await road.tick()
    road.car.fall_asleep()
    await road.tick(0.5)
    assert not road.is_connected()
    assert len(road.receiver.records) == 1


async def test_streaming_keeps_no_car_awake(road: Road) -> None:
    """It falls asleep as ever, and no configuration wakes it."""
    road.configure(fields=LOCKED)
    await road.ticks(20, 60)
    assert road.car.availability == "asleep"
    road.configure(fields=LOCKED)
    await road.ticks(3, 60)
    assert road.car.availability == "asleep"


async def test_a_car_out_of_reach_is_gone_without_a_word(road: Road) -> None:
    """And comes back with everything."""
    road.configure(fields=LOCKED | {"ChargePortLatch": {"interval_seconds": 1}})
    await road.tick()
    road.car.go_offline()
    await road.tick(1)
    assert not road.is_connected()
    road.car.wake_now()
    await road.tick(1)
    assert [len(values) for values in road.receiver.values()] == [2, 2]


async def test_nothing_is_streamed_while_software_is_installed(road: Road) -> None:
    """The link is down for so long."""
    road.configure(fields=LOCKED)
    await road.tick()
    road.car.state.update.status = "installing"
    await road.tick(1)
    assert not road.is_connected()
    road.car.state.update.status = ""
    await road.tick(1)
    assert road.is_connected()


async def test_a_deleted_configuration_ends_the_stream(road: Road) -> None:
    """With an empty list of errors, as real cars were seen to do."""
    road.configure(fields=LOCKED)
    await road.tick()
    road.world.streaming.delete(JUNIPER, APP)
    await road.tick(4)
    assert road.is_connected()
    await road.tick(1)
    assert not road.is_connected()
    assert [list(message.errors) for message in road.receiver.errors()] == [[]]


async def test_a_removed_key_ends_the_stream_in_silence(road: Road) -> None:
    """Until it is back."""
    road.configure(fields=LOCKED)
    await road.tick()
    road.car.unpair(point_of(KEY))
    await road.tick(1)
    assert not road.is_connected()
    assert road.world.streaming.reports == []
    road.car.pair(point_of(KEY))
    await road.tick(1)
    assert road.is_connected()


async def test_a_withdrawn_consent_ends_the_stream(road: Road) -> None:
    """Whatever the car was told."""
    road.configure(fields=LOCKED)
    await road.tick()
    road.world.authority.revoke(OWNER, APP)
    await road.tick(1)
    assert not road.is_connected()


async def test_the_place_needs_its_own_consent(road: Road) -> None:
    """Without it, it simply does not arrive."""
    fields = {name: {"interval_seconds": 1} for name in ("Location", "GpsHeading")}
    road.configure(fields=fields)
    await road.tick()
    road.world.authority.revoke(OWNER, APP)
    road.world.authority.sign_in(
        client_id=APP,
        account=OWNER,
        region=road.world.accounts[OWNER].region,
        scopes=["vehicle_device_data"],
    )
    road.configure(fields=fields)
    await road.tick()
    assert [set(values) for values in road.receiver.values()] == [set(fields), {"GpsHeading"}]


async def test_alerts_are_told_to_whom_they_are_for(road: Road) -> None:
    """When they begin and when they end; each counts as a signal."""
    alerts = road.world.streaming.circumstances(JUNIPER).alerts
    now = road.world.clock.now()
    alerts["VCFRONT_a180"] = Alert(
        name="VCFRONT_a180", audiences=frozenset({"service"}), started_at=now
    )
    alerts["APP_w222"] = Alert(name="APP_w222", audiences=frozenset({"customer"}), started_at=now)
    road.configure(fields=LOCKED, alert_types=["service"])
    await road.ticks(2, 1)
    alerts["VCFRONT_a180"] = Alert(
        name="VCFRONT_a180", audiences=frozenset({"service"}), started_at=now, ended_at=now + 60
    )
    await road.ticks(2, 1)
    begun, ended = (message.alerts[0] for message in road.receiver.alerts())
    assert (begun.name, list(begun.audiences)) == ("VCFRONT_a180", [Audience.Service])
    assert (begun.HasField("ended_at"), ended.HasField("ended_at")) == (False, True)
    assert road.world.ledger.signals == {JUNIPER: 3}


async def test_a_port_that_is_no_integer_is_never_called(road: Road) -> None:
    """And nobody hears of it."""
    road.configure(fields=LOCKED, port=str(road.receiver.port))
    await road.ticks(3, 60)
    assert road.receiver.headers == []
    assert road.world.streaming.reports == []
    assert road.kept.synced


async def test_a_receiver_that_compresses_is_left(road: Road) -> None:
    """Though the car offered it."""
    road.receiver.compress = True
    road.configure(fields=LOCKED)
    await road.tick()
    assert not road.is_connected()
    assert road.receiver.records == []
    assert [report.error for report in road.world.streaming.reports] == [
        "websocket: unexpected extension permessage-deflate"
    ]


async def test_only_loopback_and_known_ways_are_called(road: Road) -> None:
    """A host name that is neither of the test world nor told leads nowhere."""
    road.configure(fields=LOCKED, hostname="home.example.com")
    await road.tick()
    assert (
        road.world.streaming.reports[-1].error == "dial tcp: lookup home.example.com: no such host"
    )
    road.world.streaming.routes[HOST] = "127.0.0.1"
    road.world.streaming.routes[f"{HOST}:443"] = f"127.0.0.1:{road.receiver.port}"
    road.configure(fields=LOCKED, port=None)
    await road.tick()
    assert road.receiver.headers[0]["Host"] == f"{HOST}:443"


async def _certified(road: Road, passport: Passport, **changes: Any) -> str:
    """What the car reports of a receiver with this certificate."""
    receiver = Receiver(cars=road.world.streaming.authorities, passport=passport)
    await receiver.start()
    try:
        road.configure(fields=LOCKED, port=receiver.port, **changes)
        await road.tick()
    finally:
        await receiver.stop()
    assert receiver.records == []
    return road.world.streaming.reports[-1].error


async def test_a_receiver_is_verified(road: Road) -> None:
    """By the configured authority alone, and by its name."""
    start = "tls: failed to verify certificate: x509: "
    assert await _certified(road, house(authority=CarAuthorities())) == (
        f"{start}certificate signed by unknown authority"
    )
    assert await _certified(road, house(host="other.example.test")) == (
        f"{start}certificate is valid for other names, not {HOST}"
    )


async def test_a_bare_self_signed_certificate_is_refused(road: Road) -> None:
    """Even if it is the configured authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = name_of(HOST, organization="Home")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2050, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    passport = Passport(key=key, chain=(certificate,))
    error = await _certified(road, passport, ca=passport.certificate_pem.decode())
    assert error.endswith("certificate signed by unknown authority")


@pytest.mark.parametrize("variant", [Variant.EXPIRED, Variant.OTHER_AUTHORITY])
async def test_a_receiver_can_refuse_the_car(road: Road, variant: Variant) -> None:
    """Which says so, waits, and says it once. Python's servers hang up without a word."""
    road.world.streaming.circumstances(JUNIPER).variant = variant
    road.configure(fields=LOCKED)
    await road.ticks(20, 1)
    assert [report.error for report in road.world.streaming.reports] == ["EOF"]
    assert road.receiver.headers == []


async def test_old_software_writes_text(road: Road) -> None:
    """And says that it is old."""
    road.car.model = replace(road.car.model, firmware="2025.2.6")
    fields = {name: {"interval_seconds": 1} for name in ("Soc", "DoorState", "DetailedChargeState")}
    road.configure(fields=fields)
    await road.tick()
    road.configure(fields=fields, prefer_typed=True)
    await road.tick()
    assert road.receiver.headers[0]["Version"] == "1.0.0"
    old, typed = road.receiver.values()
    assert (old["Soc"], old["DoorState"], old["DetailedChargeState"]) == ("64.000", "", 1)
    assert typed["Soc"] == pytest.approx(64)


async def test_a_configuration_that_ran_out_ends_the_stream(road: Road) -> None:
    """To the second."""
    road.configure(fields=LOCKED, exp=int(road.world.clock.now()) + 60)
    await road.tick()
    await road.tick(54)
    assert road.is_connected()
    await road.tick(1)
    assert not road.is_connected()


async def test_a_link_that_returns_is_used_at_once(road: Road) -> None:
    """However long the car would have waited otherwise."""
    road.configure(fields=LOCKED)
    port = road.receiver.port
    await road.receiver.stop()
    await road.ticks(50, 10)
    await road.receiver.start(port)
    await road.tick(0.5)
    assert not road.is_connected()
    road.world.streaming.circumstances(JUNIPER).link = False
    await road.tick(0.5)
    road.world.streaming.circumstances(JUNIPER).link = True
    await road.tick(0.5)
    assert road.is_connected()


@pytest.mark.parametrize("reason", ["text", "no websocket"])
async def test_what_is_no_receiver_is_left(road: Road, reason: str) -> None:
    """It is tried again, less and less often."""
    if reason == "text":
        road.receiver.greeting = "hello"
    else:
        road.receiver.status = 404
    road.receiver.acks = False
    road.configure(fields=LOCKED)
    await road.fleet.tick()
    await road.fleet.drained()
    assert not road.is_connected()
    errors = [report.error for report in road.world.streaming.reports]
    assert errors == ([] if reason == "text" else ["websocket: bad handshake"])


async def test_nonsense_from_a_receiver_is_overheard(road: Road) -> None:
    """The ack after it counts."""
    road.receiver.answers = [b"", b"nonsense"]
    road.configure(fields=LOCKED)
    await road.tick()
    assert road.world.ledger.signals == {JUNIPER: 1}
