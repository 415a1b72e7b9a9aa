"""Where requests go."""

import pytest

from custom_components.teslalogger.tesla.hosts import Region, hosts, region_of_url, resolve


@pytest.mark.parametrize("region", Region)
def test_a_region_is_known_by_its_address(region: Region) -> None:
    """The table is used both ways, and a trailing slash does not matter."""
    assert region_of_url(hosts(region).fleet_url) is region
    assert region_of_url(f"{hosts(region).fleet_url}:443/") is region


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example",
        "http://fleet-api.prd.eu.vn.cloud.tesla.com",
        "https://fleet-api.prd.eu.vn.cloud.tesla.com.evil.example",
        "https://fleet-api.prd.eu.vn.cloud.tesla.com@evil.example",
        "https://user@fleet-api.prd.eu.vn.cloud.tesla.com",
        "https://fleet-api.prd.eu.vn.cloud.tesla.com:8443",
        "https://fleet-api.prd.eu.vn.cloud.tesla.com:99999",
        "https://[",
    ],
)
def test_no_other_address_is_a_region(url: str) -> None:
    """An answer cannot send our tokens to a stranger."""
    assert region_of_url(url) is None


@pytest.mark.parametrize("region", Region)
def test_every_address_is_encrypted(region: Region) -> None:
    """Tokens travel over these."""
    there = hosts(region)
    for url in (
        there.fleet_url,
        there.authorize_url,
        there.token_url,
        there.revoke_url,
        there.owner_url,
    ):
        assert url.startswith("https://")


def test_addresses_are_real_without_a_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is changed."""
    monkeypatch.delenv("TESLALOGGER_SIMULATOR", raising=False)
    assert resolve("https://a.example/b?c=d") == "https://a.example/b?c=d"


def test_a_simulator_stands_for_every_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host becomes the first segment; the variable is read at each call."""
    monkeypatch.setenv("TESLALOGGER_SIMULATOR", "http://127.0.0.1:8765/")
    assert resolve("https://a.example/b?c=d") == "http://127.0.0.1:8765/a.example/b?c=d"
    assert resolve("https://a.example") == "http://127.0.0.1:8765/a.example"
