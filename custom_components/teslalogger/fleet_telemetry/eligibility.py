"""Why a car does not stream, as far as it can be known, and what would mend it.

Tesla's flags are hints: they have been seen to be wrong while a car streamed. So a car that
streams has no finding that says it cannot.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from .configuration import LOCATION_SCOPE
from .firmware import CONFIGURABLE, OLD_DESIGN, Firmware, read_firmware
from .remote_errors import RemoteErrorKind
from .stored import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

STREAMING_SCOPE: Final = "vehicle_device_data"
MAX_KEYS: Final = 20
"""Keys that a car has room for."""

_DRIVER: Final = "DRIVER"
_KEY: Final = "missing_key"
_HARDWARE: Final = "unsupported_hardware"
_FIRMWARE: Final = "unsupported_firmware"
_APPS: Final = "max_configs"
_CERTIFICATES: Final = frozenset(
    {
        RemoteErrorKind.CAR_REFUSED,
        RemoteErrorKind.UNKNOWN_AUTHORITY,
        RemoteErrorKind.WRONG_HOSTNAME,
        RemoteErrorKind.CERTIFICATE_EXPIRED,
        RemoteErrorKind.BAD_CERTIFICATE,
    }
)
_WAY: Final = frozenset(
    {
        RemoteErrorKind.NAME_NOT_FOUND,
        RemoteErrorKind.CONNECTION_REFUSED,
        RemoteErrorKind.UNREACHABLE,
        RemoteErrorKind.NO_TLS,
        RemoteErrorKind.NOT_A_RECEIVER,
    }
)
_REASONS: Final = frozenset({_KEY, _HARDWARE, _FIRMWARE, _APPS})


class Contact(StrEnum):
    """How far the car has come towards the receiver."""

    NONE = "none"
    REFUSED = "refused"  # somebody dialled our name and did not take our certificate
    TURNED_AWAY = "turned_away"  # somebody dialled our name, and we did not take theirs
    STREAMING = "streaming"


class Severity(StrEnum):
    """What a finding means for the stream."""

    BLOCKS = "blocks"
    WAITS = "waits"  # it may come about by itself
    HINT = "hint"


class Step(StrEnum):
    """What mends it."""

    NONE = "none"  # nothing does
    SIGN_IN = "sign_in"  # and allow what is missing
    UPDATE_CAR = "update_car"
    ALLOW_IN_CAR = "allow_in_car"  # Controls > Safety > Allow Third-Party App Data Streaming
    ADD_KEY = "add_key"
    REMOVE_KEY = "remove_key"
    ASK_OWNER = "ask_owner"
    REMOVE_APP = "remove_app"  # then configure again: a slot that is free brings nothing back
    CONFIGURE = "configure"
    WAKE_CAR = "wake_car"
    CHECK_CERTIFICATE = "check_certificate"
    OPEN_PORT = "open_port"


class Finding(StrEnum):
    """What was found; in the order in which it should be mended."""

    SCOPE_MISSING = "scope_missing"
    UNSUPPORTED_HARDWARE = "unsupported_hardware"
    UNSUPPORTED_FIRMWARE = "unsupported_firmware"
    TOGGLE_OFF = "toggle_off"
    TOGGLE_UNKNOWN = "toggle_unknown"
    NO_ROOM_FOR_KEY = "no_room_for_key"
    KEY_MISSING = "key_missing"
    KEY_DOUBTFUL = "key_doubtful"
    LEASED_OR_COMPANY_CAR = "leased_or_company_car"
    DRIVER_NOT_OWNER = "driver_not_owner"
    TOO_MANY_APPS = "too_many_apps"
    SKIPPED = "skipped"
    OTHER_SERVER = "other_server"
    NOT_CONFIGURED = "not_configured"
    OUTDATED = "outdated"
    WAITING_FOR_CAR = "waiting_for_car"
    WRONG_KEY = "wrong_key"
    CERTIFICATE_REFUSED = "certificate_refused"
    UNREACHABLE = "unreachable"
    TURNED_AWAY = "turned_away"
    NOT_REACHED = "not_reached"
    LOCATION_NOT_ALLOWED = "location_not_allowed"

    @property
    def translation_key(self) -> str:
        """The key of the sentence that says it."""
        return f"telemetry_{self.value}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What is known of a car; None is what nobody asked or Tesla did not say.

    `access_type` is of the product list; `firmware`, `toggle`, `keys`, `key_paired` and
    `discounted` of `fleet_status`; `skipped` of the answer to the last configuration;
    `status` of what Tesla holds, and `remote` of the last error that the car has reported since it
    was given its configuration. `old_design` is whether it is a Model S or X before 2021.
    """

    access_type: str | None = None
    scopes: Collection[str] | None = None
    wants_location: bool = False
    old_design: bool | None = None
    discounted: bool | None = None
    firmware: str | None = None
    toggle: bool | None = None
    key_paired: bool | None = None
    keys: int | None = None
    skipped: str | None = None
    status: Status | None = None
    remote: RemoteErrorKind | None = None
    contact: Contact = Contact.NONE

    @property
    def version(self) -> Firmware | None:
        """The firmware as numbers."""
        return read_firmware(self.firmware)

    @property
    def lacks_key(self) -> bool:
        """The old design has no room for one and needs none."""
        told = self.skipped == _KEY or self.key_paired is False
        return not self.old_design and (
            told or (self.status is Status.KEY_MISSING and self.key_paired is None)
        )

    @property
    def too_old(self) -> bool:
        """Tesla counts the old design's old software among unsupported hardware."""
        least = OLD_DESIGN if self.old_design else CONFIGURABLE
        return self.skipped == _FIRMWARE or (self.version is not None and self.version < least)


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One row of the doctor's table; a `moot` one is not asked of a car that streams."""

    finding: Finding
    severity: Severity
    step: Step
    holds: Callable[[Evidence], bool]
    moot: bool = True


def _check(
    finding: Finding,
    severity: Severity,
    step: Step,
    holds: Callable[[Evidence], bool],
    *,
    moot: bool = True,
) -> Check:
    return Check(finding=finding, severity=severity, step=step, holds=holds, moot=moot)


_F: Final = Finding
_BLOCKS: Final = Severity.BLOCKS
_WAITS: Final = Severity.WAITS
_HINT: Final = Severity.HINT

CHECKS: Final = (
    _check(
        _F.SCOPE_MISSING,
        _BLOCKS,
        Step.SIGN_IN,
        lambda car: car.scopes is not None and STREAMING_SCOPE not in car.scopes,
    ),
    _check(
        _F.UNSUPPORTED_HARDWARE,
        _BLOCKS,
        Step.NONE,
        # The discount on data is for cars with the first computer, which never stream.
        lambda car: car.discounted is True or (car.skipped == _HARDWARE and not car.too_old),
    ),
    _check(
        _F.UNSUPPORTED_FIRMWARE,
        _BLOCKS,
        Step.UPDATE_CAR,
        lambda car: car.too_old and not car.discounted,
    ),
    _check(_F.TOGGLE_OFF, _BLOCKS, Step.ALLOW_IN_CAR, lambda car: car.toggle is False),
    _check(
        _F.TOGGLE_UNKNOWN,
        _HINT,
        Step.ALLOW_IN_CAR,
        lambda car: car.old_design is True and car.version is not None and car.toggle is None,
    ),
    _check(
        _F.NO_ROOM_FOR_KEY,
        _BLOCKS,
        Step.REMOVE_KEY,
        lambda car: car.lacks_key and car.keys is not None and car.keys >= MAX_KEYS,
    ),
    _check(_F.KEY_MISSING, _BLOCKS, Step.ADD_KEY, lambda car: car.lacks_key),
    _check(
        _F.KEY_DOUBTFUL,
        _WAITS,
        Step.WAKE_CAR,
        # https://github.com/teslamotors/fleet-telemetry/issues/395
        lambda car: car.status is Status.KEY_MISSING and car.key_paired is True,
    ),
    _check(
        _F.LEASED_OR_COMPANY_CAR,
        _HINT,
        Step.ASK_OWNER,
        lambda car: car.lacks_key and car.access_type != _DRIVER,
    ),
    _check(_F.DRIVER_NOT_OWNER, _HINT, Step.ASK_OWNER, lambda car: car.access_type == _DRIVER),
    _check(
        _F.TOO_MANY_APPS,
        _BLOCKS,
        Step.REMOVE_APP,
        lambda car: car.skipped == _APPS or car.status in {Status.LIMIT_REACHED, Status.REFUSED},
        moot=False,
    ),
    _check(
        _F.SKIPPED,
        _BLOCKS,
        Step.CONFIGURE,
        lambda car: car.skipped is not None and car.skipped not in _REASONS,
    ),
    _check(
        _F.OTHER_SERVER,
        _BLOCKS,
        Step.CONFIGURE,
        lambda car: car.status is Status.OTHER_SERVER,
        moot=False,
    ),
    _check(
        _F.NOT_CONFIGURED,
        _BLOCKS,
        Step.CONFIGURE,
        lambda car: car.status is Status.NONE and car.skipped is None,
        moot=False,
    ),
    _check(
        _F.OUTDATED,
        _WAITS,
        Step.CONFIGURE,
        lambda car: car.status is Status.OUTDATED,
        moot=False,
    ),
    _check(
        _F.WAITING_FOR_CAR,
        _WAITS,
        Step.WAKE_CAR,
        lambda car: car.status is Status.PENDING,
        moot=False,
    ),
    _check(
        _F.WRONG_KEY,
        _BLOCKS,
        Step.CONFIGURE,
        # Tesla does not look at the signature; only the car does, and says no more than this.
        lambda car: car.remote is RemoteErrorKind.WRONG_KEY,
        moot=False,
    ),
    _check(
        _F.CERTIFICATE_REFUSED,
        _BLOCKS,
        Step.CHECK_CERTIFICATE,
        lambda car: car.contact is Contact.REFUSED or car.remote in _CERTIFICATES,
    ),
    _check(_F.UNREACHABLE, _BLOCKS, Step.OPEN_PORT, lambda car: car.remote in _WAY),
    _check(
        _F.TURNED_AWAY,
        _WAITS,
        Step.CHECK_CERTIFICATE,
        # Somebody else may have dialled our name; that the car does not come is known besides.
        lambda car: car.contact is Contact.TURNED_AWAY and car.remote is None,
    ),
    _check(
        _F.NOT_REACHED,
        _WAITS,
        Step.OPEN_PORT,
        lambda car: (
            car.status is Status.ACTIVE and car.contact is Contact.NONE and car.remote is None
        ),
    ),
    _check(
        _F.LOCATION_NOT_ALLOWED,
        _HINT,
        Step.SIGN_IN,
        lambda car: (
            car.wants_location and car.scopes is not None and LOCATION_SCOPE not in car.scopes
        ),
        moot=False,
    ),
)


def diagnose(car: Evidence) -> list[Check]:
    """The checks that found something, the first to be mended first."""
    streams = car.contact is Contact.STREAMING
    found = [check for check in CHECKS if not (streams and check.moot) and check.holds(car)]
    hopeless = [check for check in found if check.step is Step.NONE]
    return hopeless or found
