"""What must hold of a configuration before it is signed; the car would refuse it, or be silent."""

from enum import StrEnum
import ipaddress
import math
import re
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from .errors import FleetTelemetryError
from .fields import OFFERED

if TYPE_CHECKING:
    from .field import Field
    from .presets import FieldChoice

MAX_PORT: Final = 65_535
MAX_SECONDS: Final = 31 * 24 * 3600
MAX_SHOWN: Final = 64

_HOSTNAME: Final = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
# Names that a car on the road cannot look up.
_LOCAL: Final = ("local", "localhost", "localdomain", "internal", "lan", "home.arpa")


class Problem(StrEnum):
    """What is wrong; the value is the translation key."""

    HOSTNAME_IS_ADDRESS = "telemetry_hostname_is_address"
    HOSTNAME_NOT_PUBLIC = "telemetry_hostname_not_public"
    HOSTNAME_MALFORMED = "telemetry_hostname_malformed"
    PORT_INVALID = "telemetry_port_invalid"
    CA_HAS_PRIVATE_KEY = "telemetry_ca_has_private_key"
    CA_NOT_PEM = "telemetry_ca_not_pem"
    CA_NOT_AN_AUTHORITY = "telemetry_ca_not_an_authority"
    NO_FIELDS = "telemetry_no_fields"
    FIELD_UNKNOWN = "telemetry_field_unknown"
    INTERVAL_INVALID = "telemetry_interval_invalid"
    RESEND_TOO_OFTEN = "telemetry_resend_too_often"
    DELTA_NOT_POSSIBLE = "telemetry_delta_not_possible"
    DELTA_INVALID = "telemetry_delta_invalid"
    DELTA_TOO_SMALL = "telemetry_delta_too_small"
    INCLUDE_INVALID = "telemetry_include_invalid"


class InvalidConfiguration(FleetTelemetryError):
    """What was chosen cannot be streamed."""

    def __init__(self, problem: Problem, **placeholders: object) -> None:
        super().__init__(
            problem.name.lower().replace("_", " "),
            placeholders={name: str(value)[:MAX_SHOWN] for name, value in placeholders.items()},
        )
        self.problem = problem
        self.translation_key = problem.value


def read_hostname(text: str) -> str:
    """The public name under which cars find the receiver. Raises InvalidConfiguration."""
    name = text.strip().lower().removesuffix(".")
    if _is_address(name):
        raise InvalidConfiguration(Problem.HOSTNAME_IS_ADDRESS, hostname=name)
    if any(name == zone or name.endswith(f".{zone}") for zone in _LOCAL):
        raise InvalidConfiguration(Problem.HOSTNAME_NOT_PUBLIC, hostname=name)
    if not _HOSTNAME.fullmatch(name):
        raise InvalidConfiguration(Problem.HOSTNAME_MALFORMED, hostname=name)
    return name


def check_port(port: object) -> int:
    """The port, which must be a number: a car that is given text is silent."""
    if isinstance(port, int) and not isinstance(port, bool) and 0 < port <= MAX_PORT:
        return port
    raise InvalidConfiguration(Problem.PORT_INVALID, port=port)


def read_authorities(pem: str) -> str:
    """The certificates that the car shall trust, without anything that stood around them.

    Raises InvalidConfiguration, also where a private key is among them.
    """
    if "PRIVATE KEY" in pem:
        raise InvalidConfiguration(Problem.CA_HAS_PRIVATE_KEY)
    try:
        certificates = x509.load_pem_x509_certificates(pem.encode())
    except ValueError as err:
        raise InvalidConfiguration(Problem.CA_NOT_PEM) from err
    if not all(map(_is_authority, certificates)):
        raise InvalidConfiguration(Problem.CA_NOT_AN_AUTHORITY)
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in certificates)


def check_choice(name: str, wanted: FieldChoice) -> None:
    """Raises InvalidConfiguration if the field is not offered or cannot be streamed like this."""
    field = OFFERED.get(name)
    if field is None:
        raise InvalidConfiguration(Problem.FIELD_UNKNOWN, field=name)
    for seconds in (wanted.interval, wanted.resend):
        if seconds is not None and not _is_interval(seconds):
            raise InvalidConfiguration(
                Problem.INTERVAL_INVALID, field=name, interval=seconds, most=MAX_SECONDS
            )
    if wanted.resend is not None and wanted.resend < wanted.interval:
        raise InvalidConfiguration(
            Problem.RESEND_TOO_OFTEN, field=name, resend=wanted.resend, interval=wanted.interval
        )
    if wanted.minimum_delta is not None:
        _check_delta(field, wanted.minimum_delta)
    for other in wanted.include:
        if other not in OFFERED or other == name or field.partner not in {None, other}:
            raise InvalidConfiguration(Problem.INCLUDE_INVALID, field=name, include=other)


def _check_delta(field: Field, delta: float) -> None:
    if not field.takes_delta:
        raise InvalidConfiguration(Problem.DELTA_NOT_POSSIBLE, field=field.name)
    # A truth value is a number, too, and infinity is one that nothing ever changes by.
    if isinstance(delta, bool) or not math.isfinite(delta) or delta <= 0:
        raise InvalidConfiguration(Problem.DELTA_INVALID, field=field.name, delta=delta)
    if field.least_delta is not None and delta < field.least_delta:
        raise InvalidConfiguration(
            Problem.DELTA_TOO_SMALL, field=field.name, delta=delta, least=field.least_delta
        )


def _is_interval(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_SECONDS


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound, x509.DuplicateExtension, ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
