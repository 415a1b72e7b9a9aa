"""An account's logins, and the clients that use them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    LocalOAuth2Implementation,
    async_get_config_entry_implementation,
)
from homeassistant.util.hass_dict import HassKey

from .const import API_OWNER, CONF_ACCOUNT_ID, CONF_API, CONF_LAST_RESORT, CONF_REGION, DOMAIN
from .tesla.client import Restraint
from .tesla.fleet import FleetClient
from .tesla.hosts import Region
from .tesla.oauth import OAuthClient
from .tesla.owner import SCOPES, OwnerClient, OwnerLogin
from .tesla.tokens import TokenKeeper

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from homeassistant.config_entries import ConfigEntry
    from homeassistant.core import HomeAssistant

    from .tesla.client import TeslaClient
    from .tesla.request_record import RequestRecord
    from .tesla.scopes import Scope
    from .vault import Vault

type OnRequest = Callable[[RequestRecord], None]

# An entry whose set-up fails is set up again and again: that must not look like a first question.
_RESTRAINTS: Final[HassKey[dict[str, Restraint]]] = HassKey(f"{DOMAIN}.restraints")


@dataclass(frozen=True, kw_only=True, slots=True)
class Logins:
    """Whom an account's cars are asked of (`client`), by which APIs it can be reached at all."""

    client: TeslaClient
    fleet: FleetClient | None
    owner: OwnerClient | None
    scopes: frozenset[Scope]


def is_of_owner_api(entry: ConfigEntry) -> bool:
    """Whether the entry has no login at the Fleet API."""
    return entry.data.get(CONF_API) == API_OWNER


async def async_log_in(
    hass: HomeAssistant, entry: ConfigEntry, vault: Vault, *, on_request: OnRequest
) -> Logins:
    """The clients of an entry, whose login is good; raises a TeslaError, or HomeAssistantError."""
    if is_of_owner_api(entry):
        keeper = owner_tokens(hass, vault, Region(entry.data[CONF_REGION]))
        entry.async_on_unload(keeper.settle)
        await keeper.access_token()
        only = _owner_client(hass, entry, keeper, on_request)
        return Logins(client=only, fleet=None, owner=only, scopes=SCOPES)
    keeper = await async_fleet_tokens(hass, entry, vault)
    entry.async_on_unload(keeper.settle)
    claims = await keeper.claims()

    async def keep_region(region: Region) -> None:
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_REGION: region})

    fleet = fleet_client(hass, entry, keeper, on_region=keep_region, on_request=on_request)
    owner: OwnerClient | None = None
    if entry.data.get(CONF_LAST_RESORT) and vault.owner_tokens.tokens is not None:
        last_resort = owner_tokens(hass, vault, Region(entry.data[CONF_REGION]))
        entry.async_on_unload(last_resort.settle)
        owner = _owner_client(hass, entry, last_resort, on_request)
    return Logins(client=fleet, fleet=fleet, owner=owner, scopes=claims.scopes)


async def async_fleet_tokens(hass: HomeAssistant, entry: ConfigEntry, vault: Vault) -> TokenKeeper:
    """Who renews the Fleet API's tokens; raises HomeAssistantError without its application."""
    implementation = await async_get_config_entry_implementation(hass, entry)
    oauth = OAuthClient(
        async_get_clientsession(hass),
        client_id=cast("LocalOAuth2Implementation", implementation).client_id,
        region=Region(entry.data[CONF_REGION]),
    )
    return TokenKeeper(store=vault.tokens, oauth=oauth)


def fleet_client(
    hass: HomeAssistant,
    entry: ConfigEntry,
    keeper: TokenKeeper,
    *,
    on_region: Callable[[Region], Awaitable[None]] | None = None,
    on_request: OnRequest | None = None,
) -> FleetClient:
    """A client of the Fleet API for an entry."""
    return FleetClient(
        async_get_clientsession(hass),
        tokens=keeper,
        region=Region(entry.data[CONF_REGION]),
        on_region=on_region,
        on_request=on_request,
        restraint=_restraint(hass, entry, "fleet"),
    )


def owner_tokens(hass: HomeAssistant, vault: Vault, region: Region) -> TokenKeeper:
    """Who renews the owner API's tokens."""
    login = OwnerLogin(async_get_clientsession(hass), region=region)
    return TokenKeeper(store=vault.owner_tokens, oauth=login)


def _owner_client(
    hass: HomeAssistant, entry: ConfigEntry, keeper: TokenKeeper, on_request: OnRequest
) -> OwnerClient:
    return OwnerClient(
        async_get_clientsession(hass),
        tokens=keeper,
        region=Region(entry.data[CONF_REGION]),
        on_request=on_request,
        restraint=_restraint(hass, entry, "owner"),
    )


@callback
def async_ask_owner_api_again(hass: HomeAssistant, account_id: str) -> None:
    """What it refused so far does not count: the login is another one, or it has answered."""
    restraint = hass.data.get(_RESTRAINTS, {}).get(f"owner_{account_id}")
    if restraint is not None:
        restraint.open()


def _restraint(hass: HomeAssistant, entry: ConfigEntry, host: str) -> Restraint:
    restraints = hass.data.setdefault(_RESTRAINTS, {})
    return restraints.setdefault(f"{host}_{entry.data[CONF_ACCOUNT_ID]}", Restraint())
