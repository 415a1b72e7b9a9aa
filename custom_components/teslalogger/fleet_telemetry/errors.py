"""What can go wrong with telemetry, one class per thing a caller does differently."""


class FleetTelemetryError(Exception):
    """Root of this room's errors; `placeholders` fill the sentence behind `translation_key`."""

    translation_key: str = "fleet_telemetry_failed"

    def __init__(self, message: str = "", *, placeholders: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.placeholders = placeholders or {}


class MalformedRecord(FleetTelemetryError):
    """Bytes that are not a record; the car is told so and may send it again."""

    translation_key = "malformed_record"


class NotACar(FleetTelemetryError):
    """A client whose certificate is genuine, but does not make it a vehicle."""

    translation_key = "telemetry_client_not_a_car"


class NoAuthorities(FleetTelemetryError):
    """A bundle without one certificate of Tesla's that is known here."""

    translation_key = "no_telemetry_authorities"


class AuthoritiesUnreachable(FleetTelemetryError):
    """Tesla's authorities could not be fetched; it may work later."""

    translation_key = "telemetry_authorities_unreachable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, placeholders={"reason": reason})


class UselessFile(FleetTelemetryError):
    """The file in which a person has put Tesla's authorities has none, or cannot be read."""

    translation_key = "telemetry_authorities_file_useless"


class DamagedAuthority(FleetTelemetryError):
    """A stored authority that cannot be read, or whose key is another's."""

    translation_key = "telemetry_authority_damaged"
