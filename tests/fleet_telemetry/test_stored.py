"""A configuration counts as followed only if Tesla's whole answer says so."""

import copy
from typing import Any, Final

import pytest

from custom_components.teslalogger.fleet_telemetry.stored import Status, read_status, same

PUSHED: Final[dict[str, Any]] = {
    "hostname": "car.example.org",
    "port": 443,
    "ca": "-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n",
    "fields": {
        "Locked": {"interval_seconds": 1, "resend_interval_seconds": 300},
        "Odometer": {
            "interval_seconds": 60,
            "minimum_delta": 1,
            "include_fields": ["Soc", "BatteryLevel"],
        },
    },
    "alert_types": ["service"],
    "delivery_policy": "latest",
    "exp": 1_800_000_000,
}


def _changed(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(PUSHED) | changes


def _fields(name: str, entry: Any) -> dict[str, Any]:
    return _changed(fields=PUSHED["fields"] | {name: entry})


LOCKED: Final = PUSHED["fields"]["Locked"]
ODOMETER: Final = PUSHED["fields"]["Odometer"]


@pytest.mark.parametrize(
    "returned",
    [
        PUSHED,
        _changed(iss="BASE64", aud="com.tesla.fleet.TelemetryClient"),
        _changed(exp=1_900_000_000, prefer_typed=True),
        _changed(hostname="CAR.example.org.", port="443"),
        _changed(ca=PUSHED["ca"].replace("\n", "\r\n").strip()),
        _changed(min_delay=0, topics=[], extra=None),
        _fields("Locked", LOCKED | {"minimum_delta": 0, "include_fields": []}),
        _fields("Locked", LOCKED | {"minimum_delta": None}),
        _fields("Odometer", ODOMETER | {"minimum_delta": 1.0}),
        _fields("Odometer", ODOMETER | {"include_fields": ["BatteryLevel", "Soc"]}),
    ],
)
def test_tesla_may_write_the_same_down_in_other_ways(returned: dict[str, Any]) -> None:
    """What is signed, when it ends, and what is empty make no difference."""
    assert same(PUSHED, returned)
    assert same(returned, PUSHED)


@pytest.mark.parametrize(
    "returned",
    [
        {},
        _changed(hostname="other.example.org"),
        _changed(port=8443),
        _changed(ca="-----BEGIN CERTIFICATE-----\nCCCC\n-----END CERTIFICATE-----\n"),
        _changed(alert_types=[]),
        _changed(alert_types="service"),
        _changed(delivery_policy=None),
        _changed(fields={"Locked": LOCKED}),
        _changed(fields="all"),
        _fields("Soc", {"interval_seconds": 1}),
        _fields("Locked", {"interval_seconds": 2, "resend_interval_seconds": 300}),
        _fields("Locked", {"interval_seconds": 1}),
        _fields("Locked", 1),
        _fields("Odometer", ODOMETER | {"minimum_delta": 2}),
        _fields("Odometer", ODOMETER | {"include_fields": ["Soc"]}),
    ],
)
def test_whatever_changes_what_the_car_does_is_another_configuration(
    returned: dict[str, Any],
) -> None:
    """Also if it is not of the form that it should have."""
    assert not same(PUSHED, returned)
    assert not same(returned, PUSHED)


def test_the_usual_port_may_go_without_saying() -> None:
    """It is 443."""
    without = {name: value for name, value in PUSHED.items() if name != "port"}
    assert same(PUSHED, without)
    assert read_status(PUSHED, synced=True, config=without) is Status.ACTIVE


OURS: Final = _changed(iss="BASE64", aud="x")
OLDER: Final = _changed(fields={"Locked": LOCKED})
THEIRS: Final = _changed(hostname="telemetry.example.com")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"synced": True, "config": OURS, "limit_reached": False, "key_paired": True}, "active"),
        ({"synced": True, "config": OURS}, "active"),
        ({"synced": False, "config": OURS, "key_paired": True}, "pending"),
        ({"synced": True, "config": OLDER}, "outdated"),
        ({"synced": False, "config": OLDER}, "outdated"),
        # https://github.com/teslamotors/fleet-telemetry/issues/294 and 313
        ({"synced": True, "config": None, "limit_reached": False, "key_paired": True}, "refused"),
        ({"synced": True, "config": None, "limit_reached": True}, "limit_reached"),
        ({"synced": False, "config": None}, "none"),
        ({"synced": True, "config": OURS, "limit_reached": True}, "limit_reached"),
        ({"synced": False, "config": OURS, "key_paired": False}, "key_missing"),
        ({"synced": True, "config": None, "key_paired": False}, "key_missing"),
        ({"synced": True, "config": THEIRS, "key_paired": True}, "other_server"),
        ({"synced": True, "config": THEIRS, "limit_reached": True}, "other_server"),
        ({"synced": True, "config": _changed(port=8443)}, "other_server"),
    ],
)
def test_synced_alone_is_no_success(answer: dict[str, Any], status: str) -> None:
    """A car that refused is in step with Tesla, too."""
    assert read_status(PUSHED, **answer) is Status(status)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"synced": True, "config": None}, Status.NONE),
        ({"synced": True, "config": None, "key_paired": False}, Status.NONE),
        ({"synced": True, "config": OURS}, Status.OTHER_SERVER),
        ({"synced": False, "config": None, "limit_reached": True}, Status.LIMIT_REACHED),
    ],
)
def test_a_car_that_was_given_nothing_refused_nothing(
    answer: dict[str, Any], status: Status
) -> None:
    """What it has is then somebody else's."""
    assert read_status(None, **answer) is status


def test_old_cars_need_no_key() -> None:
    """Model S and X before 2021 have none."""
    answer: dict[str, Any] = {"synced": True, "config": OURS, "key_paired": False}
    assert read_status(PUSHED, **answer, needs_key=False) is Status.ACTIVE
