"""Who a certificate makes of its bearer."""

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
import pytest

from custom_components.teslalogger.fleet_telemetry.errors import NotACar
from custom_components.teslalogger.fleet_telemetry.identity import (
    ClientType,
    Identity,
    identify,
    vin_of,
)
from custom_components.teslalogger.fleet_telemetry.pki import OwnAuthority

from .passports import CLIENT_AUTH, VEHICLE, VIN, Office

TESLA = "1.3.6.1.4.1.49279.2"
ISSUERS = (
    "Tesla Motors Product Issuing CA",
    "Tesla Motors Product RSA Issuing CA",
    "Tesla Motors GF3 Product Issuing CA",
    "Tesla Motors GF3 Product RSA Issuing CA",
    "Tesla Motors GF0 Product Issuing CA",
    "Tesla Motors GF Austin Product Issuing CA",
    "Tesla Motors GF Berlin Product Issuing CA",
    "Tesla Energy Product Issuing CA",
    "Tesla Energy GF0 Product Issuing CA",
    "Tesla Product Access Issuing CA",
    "Tesla China Product Access Issuing CA",
    "Tesla GF0 Product Access Issuing CA",
    "Tesla GF3 Product Access Issuing CA",
    "Tesla GF Austin Product Access Issuing CA",
    "Tesla GF Berlin Product Access Issuing CA",
)
USAGES = {
    "1": ClientType.VEHICLE_DEVICE,
    "2": ClientType.ENERGY_DEVICE,
    "11": ClientType.VEHICLE_BOARD_DEVICE,
    "12": ClientType.DAS_DEVICE,
    "14": ClientType.VEHICLE_SERVICE,
    "15": ClientType.DAS_SERVICE,
    "16": ClientType.ENERGY_SERVICE,
    "28": ClientType.ROBOTICS_DEVICE,
}


@pytest.mark.parametrize("issuer", ISSUERS)
@pytest.mark.parametrize("line", ["4", "5"], ids=["engineering", "production"])
def test_every_issuer_of_tesla_may_name_a_car(issuer: str, line: str) -> None:
    """Of both lines."""
    passport = Office(name=issuer).issue(usages=(CLIENT_AUTH, f"{TESLA}.{line}.1"))
    assert vin_of(identify(passport.der)) == VIN


@pytest.mark.parametrize("issuer", ["TeslaMotors", "Tesla Issuing CA", "Tesla Motors Products CA"])
def test_old_issuers_need_no_usage(issuer: str) -> None:
    """They are from before."""
    assert vin_of(identify(Office(name=issuer).issue(usages=()).der)) == VIN


@pytest.mark.parametrize(("number", "client_type"), USAGES.items())
def test_usage_says_what_it_is(number: str, client_type: ClientType) -> None:
    """A car, a part of one, something at a house, a robot."""
    passport = Office().issue(usages=(CLIENT_AUTH, f"{TESLA}.5.{number}"))
    identity = identify(passport.der)
    assert identity.client_type is client_type
    if client_type is not ClientType.VEHICLE_DEVICE:
        with pytest.raises(NotACar, match=client_type.value):
            vin_of(identity)


@pytest.mark.parametrize(
    ("issuer", "usages", "unit"),
    [
        ("Somebody Issuing CA", (CLIENT_AUTH, VEHICLE), None),
        ("tesla motors product issuing ca", (CLIENT_AUTH, VEHICLE), None),
        ("Tesla Motors Product Issuing CA", (), None),
        ("Tesla Motors Product Issuing CA", (CLIENT_AUTH,), None),
        ("Tesla Motors Product Issuing CA", (CLIENT_AUTH, f"{TESLA}.5.99"), None),
        ("Tesla Motors Product Issuing CA", (CLIENT_AUTH, f"{TESLA}.6.1"), None),
        ("Tesla Motors Product Issuing CA", (CLIENT_AUTH, f"{TESLA}.5.1.2"), None),
        # The certificate of the car's Wi-Fi, whatever else it is for.
        ("Tesla Motors Product Issuing CA", (f"{TESLA}.5.1.1", VEHICLE), None),
    ],
)
def test_others_are_refused(issuer: str, usages: tuple[str, ...], unit: str | None) -> None:
    """Even if their certificate is genuine."""
    passport = Office(name=issuer).issue(usages=usages, unit=unit)
    with pytest.raises(NotACar):
        identify(passport.der)


@pytest.mark.parametrize(
    ("issuer", "unit", "client_type"),
    [
        ("Tesla Motors Products CA", "Tesla Motors SN", ClientType.VEHICLE_BOARD_DEVICE),
        (
            "Tesla Energy Product Issuing CA",
            "Gen3 Wall Connector",
            ClientType.WALL_CONNECTOR_DEVICE,
        ),
        ("Tesla Energy Product Issuing CA", "Solar Inverter", ClientType.SOLAR_INVERTER_DEVICE),
    ],
)
def test_unit_tells_more(issuer: str, unit: str, client_type: ClientType) -> None:
    """Of boards, wall connectors and inverters, which are not let in."""
    passport = Office(name=issuer).issue(usages=(CLIENT_AUTH, f"{TESLA}.5.2"), unit=unit)
    assert identify(passport.der).client_type is client_type


@pytest.mark.parametrize(
    "name", ["5YJ3E1EA7KF00000", "5YJ3E1EA7KF0000011", "5YJ3E1EA7KF00000O", "car", "*"]
)
def test_car_is_named_by_its_vin(name: str) -> None:
    """Anything else is no name of a car."""
    with pytest.raises(NotACar, match="VIN"):
        vin_of(identify(Office().issue(name).der))


def test_dots_in_a_name_become_dashes() -> None:
    """As Tesla's server writes them."""
    identity = identify(Office().issue("5YJ3E1EA.KF000001").der)
    assert identity.device_id == "5YJ3E1EA-KF000001"
    assert identity.names == (b"vehicle_device.5YJ3E1EA-KF000001", b"5YJ3E1EA-KF000001")


def test_what_is_no_certificate_is_refused() -> None:
    """Nothing but a refusal."""
    with pytest.raises(NotACar):
        identify(b"no certificate")


@pytest.mark.parametrize(
    ("old", "new"),
    [("0603551d0f", "0603551d13"), ("a003020102", "a003020105")],
    ids=["an extension twice", "a version that does not exist"],
)
def test_certificate_that_breaks_the_rules_is_refused(old: str, new: str) -> None:
    """OpenSSL takes some that cannot be read here."""
    pem = OwnAuthority.create(datetime.now(UTC)).certificate
    content = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    with pytest.raises(NotACar, match="authorities"):
        identify(content)
    with pytest.raises(NotACar, match="unreadable"):
        identify(content.replace(bytes.fromhex(old), bytes.fromhex(new), 1))


def test_names_of_a_car() -> None:
    """How it may call itself on topics that nobody knows."""
    car = Identity(client_type=ClientType.VEHICLE_DEVICE, device_id=VIN)
    assert car.names == (f"vehicle_device.{VIN}".encode(), VIN.encode())
