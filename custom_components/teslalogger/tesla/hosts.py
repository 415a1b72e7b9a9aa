"""Tesla's hosts, by region."""

from dataclasses import dataclass
from enum import StrEnum
import os
from typing import Final
from urllib.parse import urlsplit, urlunsplit

SIMULATOR_VARIABLE: Final = "TESLALOGGER_SIMULATOR"
AUTHORITIES_VARIABLE: Final = "TESLALOGGER_SIMULATOR_AUTHORITIES"


class Region(StrEnum):
    """Tesla's Fleet API clusters; Asia outside China and Oceania belong to NA."""

    NA = "na"
    EU = "eu"
    CN = "cn"  # untested: needs a developer application of Tesla's separate Chinese portal


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionHosts:
    """Where one region answers; `fleet_url` is also the audience of its tokens."""

    fleet_url: str
    authorize_url: str
    token_url: str
    revoke_url: str
    owner_url: str
    owner_token_url: str


def _world(fleet_url: str) -> RegionHosts:
    return RegionHosts(
        fleet_url=fleet_url,
        authorize_url="https://auth.tesla.com/oauth2/v3/authorize",
        token_url="https://fleet-auth.prd.vn.cloud.tesla.com/oauth2/v3/token",  # noqa: S106 - an address
        revoke_url="https://auth.tesla.com/user/revoke/consent",
        owner_url="https://owner-api.teslamotors.com",
        owner_token_url="https://auth.tesla.com/oauth2/v3/token",  # noqa: S106 - an address
    )


_HOSTS: Final[dict[Region, RegionHosts]] = {
    Region.NA: _world("https://fleet-api.prd.na.vn.cloud.tesla.com"),
    Region.EU: _world("https://fleet-api.prd.eu.vn.cloud.tesla.com"),
    Region.CN: RegionHosts(
        fleet_url="https://fleet-api.prd.cn.vn.cloud.tesla.cn",
        authorize_url="https://auth.tesla.cn/oauth2/v3/authorize",
        token_url="https://auth.tesla.cn/oauth2/v3/token",  # noqa: S106 - an address
        revoke_url="https://auth.tesla.cn/user/revoke/consent",
        owner_url="https://owner-api.vn.cloud.tesla.cn",
        owner_token_url="https://auth.tesla.cn/oauth2/v3/token",  # noqa: S106 - an address
    ),
}
_REGION_BY_FLEET_HOST: Final[dict[str | None, Region]] = {
    urlsplit(hosts.fleet_url).hostname: region for region, hosts in _HOSTS.items()
}


def hosts(region: Region) -> RegionHosts:
    """The real addresses of a region."""
    return _HOSTS[region]


def region_of_url(base_url: str) -> Region | None:
    """The region whose Fleet API this is; None for every other address, whoever names it."""
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "https" or port not in {None, 443} or "@" in parts.netloc:
        return None
    return _REGION_BY_FLEET_HOST.get(parts.hostname)


def resolve(url: str) -> str:
    """The address to ask: the simulator's with the host as first segment, if there is one."""
    simulator = os.environ.get(SIMULATOR_VARIABLE)
    if not simulator:
        return url
    parts = urlsplit(url)
    path = urlunsplit(("", "", parts.path, parts.query, ""))
    return f"{simulator.rstrip('/')}/{parts.netloc}{path}"


def simulated_authorities() -> frozenset[str]:
    """Fingerprints of the certificate authorities of the simulator's cars, if there is one."""
    if not os.environ.get(SIMULATOR_VARIABLE):
        return frozenset()
    return frozenset(os.environ.get(AUTHORITIES_VARIABLE, "").split())
