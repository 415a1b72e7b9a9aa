"""Who a client is, from its certificate alone: the rules of Tesla's own server, and one more.

Tesla issues certificates to cars, to parts of cars, to wall connectors, to people. The issuer's
name and an extended key usage of Tesla's own tell which; here only vehicles are let in.
"""

from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from .errors import NotACar


class ClientType(StrEnum):
    """What Tesla issued the certificate to."""

    VEHICLE_DEVICE = "vehicle_device"
    ENERGY_DEVICE = "energy_device"
    VEHICLE_BOARD_DEVICE = "vehicle_board_device"
    DAS_DEVICE = "das_device"
    VEHICLE_SERVICE = "vehicle_service"
    DAS_SERVICE = "das_service"
    ENERGY_SERVICE = "energy_service"
    ROBOTICS_DEVICE = "robotics_device"
    SOLAR_INVERTER_DEVICE = "solar_inverter_device"
    WALL_CONNECTOR_DEVICE = "wall_connector_device"


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """A client as Tesla named it."""

    client_type: ClientType
    device_id: str

    @property
    def names(self) -> tuple[bytes, bytes]:
        """How it calls itself in its records."""
        return f"{self.client_type}.{self.device_id}".encode(), self.device_id.encode()


# Issuers from the time before the key usages.
_LEGACY: Final = frozenset({"TeslaMotors", "Tesla Issuing CA", "Tesla Motors Products CA"})
_BOARDS: Final = ("Tesla Motors Products CA", "Tesla Motors SN")
_ISSUERS: Final = frozenset(
    {
        *(
            f"Tesla Motors {line} Issuing CA"
            for line in (
                "Product",
                "Product RSA",
                "GF3 Product",
                "GF3 Product RSA",
                "GF0 Product",
                "GF Austin Product",
                "GF Berlin Product",
            )
        ),
        "Tesla Energy Product Issuing CA",
        "Tesla Energy GF0 Product Issuing CA",
        "Tesla Product Access Issuing CA",
        *(
            f"Tesla {site} Product Access Issuing CA"
            for site in ("China", "GF0", "GF3", "GF Austin", "GF Berlin")
        ),
    }
)
_UNITS: Final = {
    "Solar Inverter": ClientType.SOLAR_INVERTER_DEVICE,
    "Gen3 Wall Connector": ClientType.WALL_CONNECTOR_DEVICE,
}
# Tesla's key usages; the part before the last says whether engineering (4) or production (5).
_USAGE: Final = re.compile(r"1\.3\.6\.1\.4\.1\.49279\.2\.[45]\.(\d+)")
_USAGES: Final = {
    "1": ClientType.VEHICLE_DEVICE,
    "2": ClientType.ENERGY_DEVICE,
    "11": ClientType.VEHICLE_BOARD_DEVICE,
    "12": ClientType.DAS_DEVICE,
    "14": ClientType.VEHICLE_SERVICE,
    "15": ClientType.DAS_SERVICE,
    "16": ClientType.ENERGY_SERVICE,
    "28": ClientType.ROBOTICS_DEVICE,
}
_WIFI_ONLY: Final = "1.3.6.1.4.1.49279.2.5.1.1"
# What is raised of certificates that OpenSSL takes; not all of it is a ValueError.
_UNREADABLE: Final = (
    ValueError,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


def identify(certificate: bytes) -> Identity:
    """Who showed this certificate (DER), if Tesla's server would let them in. Raises NotACar.

    That it is genuine was TLS's to find out.
    """
    try:
        leaf = x509.load_der_x509_certificate(certificate)
        issuer = _first(leaf.issuer, NameOID.COMMON_NAME)
        name = _first(leaf.subject, NameOID.COMMON_NAME)
        unit = _first(leaf.subject, NameOID.ORGANIZATIONAL_UNIT_NAME)
        usages = _usages(leaf)
    except _UNREADABLE as err:
        message = "unreadable certificate"
        raise NotACar(message) from err
    return Identity(
        client_type=_client_type(issuer, unit, usages), device_id=name.replace(".", "-")
    )


def vin_of(identity: Identity) -> str:
    """The VIN, if it is a vehicle. Raises NotACar."""
    if identity.client_type is not ClientType.VEHICLE_DEVICE:
        message = f"a {identity.client_type}"
        raise NotACar(message)
    if not _VIN.fullmatch(identity.device_id):
        message = "not named by a VIN"
        raise NotACar(message)
    return identity.device_id


def _client_type(issuer: str, unit: str, usages: tuple[str, ...]) -> ClientType:
    if (issuer, unit) == _BOARDS:
        return ClientType.VEHICLE_BOARD_DEVICE
    if issuer in _LEGACY:
        return ClientType.VEHICLE_DEVICE
    if issuer not in _ISSUERS:
        message = "issued by none of Tesla's product authorities"
        raise NotACar(message)
    for usage in usages:
        if usage == _WIFI_ONLY:
            message = "a certificate for Wi-Fi"
            raise NotACar(message)
        found = _USAGE.fullmatch(usage)
        if found and found[1] in _USAGES:
            return _UNITS.get(unit, _USAGES[found[1]])
    message = "without a key usage of Tesla's"
    raise NotACar(message)


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    attributes = name.get_attributes_for_oid(oid)
    return str(attributes[0].value) if attributes else ""


def _usages(leaf: x509.Certificate) -> tuple[str, ...]:
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(oid.dotted_string for oid in usages)
