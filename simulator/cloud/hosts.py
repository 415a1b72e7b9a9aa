"""Tesla's host names and the regions behind them.

Source: https://developer.tesla.com/docs/fleet-api (regions, third-party tokens).
"""

from enum import StrEnum
from typing import Final


class Region(StrEnum):
    """A part of Tesla's cloud; an account lives in exactly one."""

    NA = "na"
    EU = "eu"
    CN = "cn"


class Service(StrEnum):
    """What answers behind a host name."""

    FLEET = "fleet"
    AUTH = "auth"
    OWNER = "owner"
    WEBSITE = "website"
    ACCOUNTS = "accounts"
    REPOSITORY = "repository"


FLEET_HOSTS: Final[dict[str, Region]] = {
    "fleet-api.prd.na.vn.cloud.tesla.com": Region.NA,
    "fleet-api.prd.eu.vn.cloud.tesla.com": Region.EU,
    "fleet-api.prd.cn.vn.cloud.tesla.cn": Region.CN,
}
FLEET_URLS: Final[dict[Region, str]] = {
    region: f"https://{host}" for host, region in FLEET_HOSTS.items()
}
OWNER_HOSTS: Final[dict[Region, str]] = {
    Region.NA: "owner-api.teslamotors.com",
    Region.EU: "owner-api.teslamotors.com",
    Region.CN: "owner-api.vn.cloud.tesla.cn",
}
SERVICES: Final[dict[str, Service]] = {
    **dict.fromkeys(FLEET_HOSTS, Service.FLEET),
    "auth.tesla.com": Service.AUTH,
    "auth.tesla.cn": Service.AUTH,
    "fleet-auth.prd.vn.cloud.tesla.com": Service.AUTH,
    **dict.fromkeys(OWNER_HOSTS.values(), Service.OWNER),
    "www.tesla.com": Service.WEBSITE,
    "tesla.com": Service.WEBSITE,
    "accounts.tesla.com": Service.ACCOUNTS,
    "raw.githubusercontent.com": Service.REPOSITORY,
}
USERINFO_AUDIENCE: Final = "https://auth.tesla.com/oauth2/v3/userinfo"


def audiences(region: Region) -> tuple[str, ...]:
    """Where a token of a user in `region` may be shown; China's cloud stands apart."""
    if region is Region.CN:
        return (FLEET_URLS[Region.CN],)
    return (FLEET_URLS[Region.NA], FLEET_URLS[Region.EU], USERINFO_AUDIENCE)


def owner_audiences(region: Region) -> tuple[str, ...]:
    """Where a token of the owner API may be shown; never at the Fleet API."""
    return (f"https://{OWNER_HOSTS[region]}/", USERINFO_AUDIENCE)
