"""Configurations for the tests."""

from typing import Any

from simulator.telemetry.certificates import CarAuthorities

HOST = "home.example.test"
HOME = CarAuthorities()
"""The authority of somebody's home; it does not matter that it has Tesla's names."""
CA = HOME.bundle.decode()


def claims(*, fields: Any = None, **changes: Any) -> dict[str, Any]:
    """A configuration that is good unless changed; None leaves a key out."""
    told = {
        "hostname": HOST,
        "port": 4443,
        "ca": CA,
        "fields": {"Soc": {"interval_seconds": 1}} if fields is None else fields,
        **changes,
    }
    return {key: value for key, value in told.items() if value is not None}
