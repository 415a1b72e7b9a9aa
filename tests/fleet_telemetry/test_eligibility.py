"""The doctor names every reason why a car does not stream, and what mends it."""

from dataclasses import replace
from typing import Any, Final

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.fleet_telemetry.eligibility import (
    CHECKS,
    Contact,
    Evidence,
    Finding,
    Severity,
    Step,
    diagnose,
)
from custom_components.teslalogger.fleet_telemetry.remote_errors import RemoteErrorKind
from custom_components.teslalogger.fleet_telemetry.stored import Status

SCOPES: Final = ("vehicle_device_data", "vehicle_location")
# A 2022 Model 3 to which nothing is missing.
WELL: Final = Evidence(
    access_type="OWNER",
    scopes=SCOPES,
    wants_location=True,
    old_design=False,
    discounted=False,
    firmware="2026.32.1 0123abcd",
    key_paired=True,
    keys=8,
    status=Status.ACTIVE,
    contact=Contact.STREAMING,
)
# A Model S of 2018 with Intel's computer, which has no key.
OLD: Final = replace(WELL, old_design=True, key_paired=False, toggle=True, firmware="2025.20.3")
NEW: Final = replace(WELL, contact=Contact.NONE, status=Status.PENDING)
OLD_NEW: Final = replace(OLD, contact=Contact.NONE, status=Status.PENDING)

WAITING: Final = [Finding.WAITING_FOR_CAR]
KEY: Final = [Finding.KEY_MISSING, Finding.LEASED_OR_COMPANY_CAR]


def _found(car: Evidence) -> list[Finding]:
    return [check.finding for check in diagnose(car)]


# What is different from the car above it, and what is found.
MATRIX: Final[list[tuple[Evidence, dict[str, Any], list[Finding]]]] = [
    (WELL, {}, []),
    (OLD, {}, []),
    (NEW, {}, WAITING),
    (OLD_NEW, {}, WAITING),
    (NEW, {"scopes": ("openid",)}, [Finding.SCOPE_MISSING, *WAITING, Finding.LOCATION_NOT_ALLOWED]),
    (NEW, {"scopes": None}, WAITING),
    # Hardware: the first computer never, the second since 2025.20
    (NEW, {"skipped": "unsupported_hardware"}, [Finding.UNSUPPORTED_HARDWARE]),
    (OLD_NEW, {"discounted": True, "firmware": "2022.8"}, [Finding.UNSUPPORTED_HARDWARE]),
    (OLD_NEW, {"skipped": "unsupported_hardware"}, [Finding.UNSUPPORTED_HARDWARE]),
    (
        OLD_NEW,
        {"skipped": "unsupported_hardware", "firmware": "2025.14.1", "status": Status.NONE},
        [Finding.UNSUPPORTED_FIRMWARE],
    ),
    (OLD_NEW, {"toggle": False}, [Finding.TOGGLE_OFF, *WAITING]),
    (OLD_NEW, {"toggle": None}, [Finding.TOGGLE_UNKNOWN, *WAITING]),
    (OLD_NEW, {"toggle": None, "firmware": None}, WAITING),
    # Software
    (NEW, {"firmware": "2024.20.9"}, [Finding.UNSUPPORTED_FIRMWARE, *WAITING]),
    (NEW, {"firmware": "2024.26.1"}, WAITING),
    (NEW, {"firmware": "unknown"}, WAITING),
    (
        NEW,
        {"skipped": "unsupported_firmware", "status": Status.NONE},
        [Finding.UNSUPPORTED_FIRMWARE],
    ),
    # Key
    (NEW, {"key_paired": False}, [*KEY, *WAITING]),
    (NEW, {"key_paired": False, "keys": 20}, [Finding.NO_ROOM_FOR_KEY, *KEY, *WAITING]),
    (NEW, {"key_paired": False, "keys": None}, [*KEY, *WAITING]),
    (NEW, {"skipped": "missing_key", "status": Status.NONE}, KEY),
    (NEW, {"key_paired": None, "status": Status.KEY_MISSING}, KEY),
    (NEW, {"status": Status.KEY_MISSING}, [Finding.KEY_DOUBTFUL]),
    (
        NEW,
        {"key_paired": False, "access_type": "DRIVER"},
        [Finding.KEY_MISSING, Finding.DRIVER_NOT_OWNER, *WAITING],
    ),
    (NEW, {"access_type": "DRIVER"}, [Finding.DRIVER_NOT_OWNER, *WAITING]),
    # Too many applications, in each of Tesla's three ways to say so
    (NEW, {"skipped": "max_configs", "status": Status.NONE}, [Finding.TOO_MANY_APPS]),
    (NEW, {"status": Status.LIMIT_REACHED}, [Finding.TOO_MANY_APPS]),
    (NEW, {"status": Status.REFUSED}, [Finding.TOO_MANY_APPS]),
    # The configuration
    (NEW, {"skipped": "bad_weather", "status": Status.NONE}, [Finding.SKIPPED]),
    (NEW, {"status": Status.OTHER_SERVER}, [Finding.OTHER_SERVER]),
    (NEW, {"status": Status.NONE}, [Finding.NOT_CONFIGURED]),
    (NEW, {"status": Status.OUTDATED}, [Finding.OUTDATED]),
    (NEW, {"status": None}, []),
    # The way to the receiver
    (NEW, {"status": Status.ACTIVE, "contact": Contact.TURNED_AWAY}, [Finding.TURNED_AWAY]),
    (NEW, {"status": Status.ACTIVE}, [Finding.NOT_REACHED]),
    (
        NEW,
        {"status": Status.ACTIVE, "contact": Contact.REFUSED},
        [Finding.CERTIFICATE_REFUSED],
    ),
    (
        NEW,
        {"status": Status.ACTIVE, "remote": RemoteErrorKind.UNKNOWN_AUTHORITY},
        [Finding.CERTIFICATE_REFUSED],
    ),
    (
        NEW,
        {"status": Status.ACTIVE, "remote": RemoteErrorKind.NAME_NOT_FOUND},
        [Finding.UNREACHABLE],
    ),
    (NEW, {"status": Status.ACTIVE, "remote": RemoteErrorKind.WRONG_KEY}, [Finding.WRONG_KEY]),
    (WELL, {"remote": RemoteErrorKind.WRONG_KEY}, [Finding.WRONG_KEY]),
    (WELL, {"remote": RemoteErrorKind.NAME_NOT_FOUND}, []),
    (NEW, {"remote": RemoteErrorKind.UNKNOWN}, WAITING),
    # A car that streams refutes Tesla's flags, but not what it was last asked for.
    (WELL, {"key_paired": False, "toggle": False, "access_type": "DRIVER"}, []),
    (WELL, {"status": Status.KEY_MISSING, "discounted": True, "firmware": "2022.8"}, []),
    (WELL, {"scopes": SCOPES[:1]}, [Finding.LOCATION_NOT_ALLOWED]),
    (WELL, {"scopes": SCOPES[:1], "wants_location": False}, []),
    (WELL, {"status": Status.REFUSED}, [Finding.TOO_MANY_APPS]),
    (WELL, {"status": Status.OTHER_SERVER}, [Finding.OTHER_SERVER]),
    (WELL, {"status": Status.PENDING}, WAITING),
]


@pytest.mark.parametrize(("car", "difference", "findings"), MATRIX)
def test_a_car_has_these_findings(
    car: Evidence, difference: dict[str, Any], findings: list[Finding]
) -> None:
    """In the order in which they should be mended."""
    assert _found(replace(car, **difference)) == findings


def test_every_finding_is_in_the_matrix_and_has_one_check() -> None:
    """In the order of the enumeration."""
    assert {finding for _, _, findings in MATRIX for finding in findings} == set(Finding)
    assert [check.finding for check in CHECKS] == list(Finding)


def test_every_finding_has_a_step_but_the_hopeless_one() -> None:
    """And words of its own."""
    assert {check.finding for check in CHECKS if check.step is Step.NONE} == {
        Finding.UNSUPPORTED_HARDWARE
    }
    assert {check.step for check in CHECKS} == set(Step)
    assert {check.severity for check in CHECKS} == set(Severity)
    keys = {finding.translation_key for finding in Finding}
    assert len(keys) == len(Finding)
    assert "telemetry_key_missing" in keys


@pytest.mark.parametrize("access_type", ["OWNER", "DRIVER", None])
def test_a_driver_or_a_lease_is_a_hint_and_no_block(access_type: str | None) -> None:
    """Reports differ."""
    for check in diagnose(replace(NEW, key_paired=False, access_type=access_type)):
        if check.finding in {Finding.DRIVER_NOT_OWNER, Finding.LEASED_OR_COMPANY_CAR}:
            assert check.severity is Severity.HINT


def test_nothing_known_is_nothing_found() -> None:
    """No guess is made."""
    assert _found(Evidence()) == []


FLAGS: Final = st.sampled_from([None, True, False])


@given(
    st.builds(
        Evidence,
        access_type=st.sampled_from([None, "OWNER", "DRIVER", "odd"]),
        scopes=st.sampled_from([None, (), SCOPES[:1], SCOPES]),
        wants_location=st.booleans(),
        old_design=FLAGS,
        discounted=FLAGS,
        firmware=st.sampled_from([None, "unknown", "2022.8", "2024.26", "2025.20", "2026.32"]),
        toggle=FLAGS,
        key_paired=FLAGS,
        keys=st.sampled_from([None, 0, 19, 20, 25]),
        skipped=st.sampled_from(
            [None, "missing_key", "unsupported_hardware", "unsupported_firmware", "max_configs", ""]
        ),
        status=st.sampled_from([None, *Status]),
        remote=st.sampled_from([None, *RemoteErrorKind]),
        contact=st.sampled_from(Contact),
    )
)
def test_a_car_that_is_not_streaming_is_explained(car: Evidence) -> None:
    """As soon as Tesla's answer about its configuration is known."""
    found = diagnose(car)
    assert len({check.finding for check in found}) == len(found)
    explained = car.remote is None and car.status is not None
    if car.contact is not Contact.STREAMING and explained:
        assert found
    if any(check.step is Step.NONE for check in found):
        assert [check.finding for check in found] == [Finding.UNSUPPORTED_HARDWARE]
