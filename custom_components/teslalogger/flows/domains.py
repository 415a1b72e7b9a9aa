"""The domain under which the world finds the public key."""

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from homeassistant.helpers.network import NoURLAvailableError, get_url
from yarl import URL

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

_NAME: Final = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?:[a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])"
)
# Names that mean something else to everybody, or nothing.
_LOCAL: Final = ("local", "localhost", "localdomain", "internal", "lan", "home.arpa")
_TESLA: Final = ("tesla.com", "tesla.cn", "teslamotors.com")

DOMAIN_IN_USE: Final = "domain_in_use"
_MALFORMED: Final = "domain_malformed"
_ADDRESS: Final = "domain_is_address"
_NOT_PUBLIC: Final = "domain_not_public"
_NOT_YOURS: Final = "domain_is_teslas"


class DomainRefused(ValueError):
    """Not a domain that can be registered; `translation_key` says why."""

    def __init__(self, translation_key: str) -> None:
        super().__init__(translation_key)
        self.translation_key = translation_key


def read_domain(text: str) -> str:
    """The domain in what somebody typed or pasted, as DNS writes it; raises DomainRefused."""
    text = text.strip()
    try:
        host = URL(text if "://" in text else f"https://{text}").raw_host
    except ValueError as err:
        raise DomainRefused(_MALFORMED) from err
    domain = (host or "").lower().removesuffix(".")
    if _is_address(domain):
        raise DomainRefused(_ADDRESS)
    if _is_within(domain, _LOCAL):
        raise DomainRefused(_NOT_PUBLIC)
    if _is_within(domain, _TESLA):
        raise DomainRefused(_NOT_YOURS)
    if not _NAME.fullmatch(domain):
        raise DomainRefused(_MALFORMED if "." in domain or not domain else _NOT_PUBLIC)
    return domain


def suggested_domain(hass: HomeAssistant) -> str | None:
    """The domain of Home Assistant's own public address; None if it has none that will do."""
    try:
        return read_domain(get_url(hass, allow_internal=False, allow_ip=False, require_ssl=True))
    except NoURLAvailableError, DomainRefused:
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_within(domain: str, zones: tuple[str, ...]) -> bool:
    return any(domain == zone or domain.endswith(f".{zone}") for zone in zones)
