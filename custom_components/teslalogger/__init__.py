"""Tesla for Home Assistant, with the user's own developer application: wiring only."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, cast

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2Implementation,
    LocalOAuth2Implementation,
    async_get_config_entry_implementation,
)

from . import issues
from .account import AccountCoordinator
from .const import (
    CONF_ACCOUNT_ID,
    CONF_DOMAIN,
    CONF_KEY_HOSTING,
    CONF_REGION,
    DOMAIN,
    HOSTED_BY_HOME_ASSISTANT,
)
from .data import TeslaLoggerData
from .energy_account import SITES, EnergySites
from .energy_site.state import SiteState
from .errors import not_ready
from .meter import RequestMeter
from .public_key_view import (
    async_register_public_key_view,
    async_serve_entrys_key,
    async_stop_serving_entrys_key,
)
from .services import async_setup_services
from .state_store import StateStore
from .telemetry import EntryTelemetry, async_delete_streamed
from .telemetry_file import TelemetryFile, async_take_back
from .tesla.errors import TeslaError
from .tesla.fleet import FleetClient
from .tesla.hosts import Region
from .tesla.oauth import OAuthClient
from .tesla.tokens import TokenKeeper
from .vault import async_delete_vault, async_open_vault
from .vehicle.state import VehicleState

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.device_registry import DeviceEntry
    from homeassistant.helpers.typing import ConfigType

    from .data import TeslaLoggerConfigEntry
    from .vault import Vault

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

# In this order Home Assistant shows them where it arranges entities by itself.
PLATFORMS: Final = (
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.SELECT,
    Platform.NUMBER,
    Platform.BUTTON,
    Platform.BINARY_SENSOR,
    Platform.CLIMATE,
    Platform.LOCK,
    Platform.COVER,
    Platform.MEDIA_PLAYER,
    Platform.TEXT,
    Platform.TIME,
    Platform.CALENDAR,
    Platform.UPDATE,
    Platform.DEVICE_TRACKER,
    Platform.EVENT,
    Platform.IMAGE,
)


_LAST_WORDS: Final = 10.0
"""Seconds that the removal of an account waits for Tesla."""


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Offer what does not depend on an entry: the public key's address and the actions."""
    async_register_public_key_view(hass)
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> bool:
    """Set up an account: Tesla is asked which cars there are, and no car is asked anything."""
    data = entry.runtime_data = await _async_open(hass, entry)
    await data.account.async_config_entry_first_refresh()
    data.account.async_sync_products()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    data.account.async_start()
    await data.telemetry.async_start()
    entry.async_on_unload(data.states.async_close)
    entry.async_on_unload(data.energy.states.async_close)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> bool:
    """Unload an account; what is known of its cars is written down."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    async_stop_serving_entrys_key(hass, entry.entry_id)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """Delete what was kept: tokens, key, sessions, states."""
    async_stop_serving_entrys_key(hass, entry.entry_id)
    issues.async_clear_all(hass, entry)
    await _async_take_back_configurations(hass, entry)
    await StateStore(hass, entry.entry_id, VehicleState).async_remove()
    await StateStore(hass, entry.entry_id, SiteState, name=SITES).async_remove()
    await async_delete_streamed(hass, entry.entry_id)
    await async_delete_vault(hass, entry.data[CONF_ACCOUNT_ID])


async def _async_take_back_configurations(
    hass: HomeAssistant, entry: TeslaLoggerConfigEntry
) -> None:
    """Have the cars stream to us no more, if Tesla can be told so at once."""
    file = TelemetryFile(hass, entry.entry_id)
    await file.async_load()
    if not file.given:
        return
    with suppress(TimeoutError, HomeAssistantError, ValueError):
        async with asyncio.timeout(_LAST_WORDS):
            implementation = await async_get_config_entry_implementation(hass, entry)
            vault = await async_open_vault(hass, entry.data[CONF_ACCOUNT_ID])
            keeper = _keeper(hass, entry, implementation, vault)
            client = FleetClient(
                async_get_clientsession(hass), tokens=keeper, region=Region(entry.data[CONF_REGION])
            )
            try:
                for vin, given in file.given.items():
                    with suppress(TeslaError):
                        await async_take_back(client, vin, given)
            finally:
                await keeper.settle()


async def async_remove_config_entry_device(
    _hass: HomeAssistant, entry: TeslaLoggerConfigEntry, device: DeviceEntry
) -> bool:
    """Let go of every device that is not in the account any more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False  # nobody knows what there is
    data = entry.runtime_data
    present = data.cars.keys() | data.energy.listed
    return not any(domain == DOMAIN and name in present for domain, name in device.identifiers)


async def _async_open(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> TeslaLoggerData:
    """Everything that serves an account.

    Raises:
        ConfigEntryAuthFailed: Only a new login helps.
        ConfigEntryNotReady: Tesla cannot be asked at the moment.
    """
    session = async_get_clientsession(hass)
    implementation = await async_get_config_entry_implementation(hass, entry)
    vault = await async_open_vault(hass, entry.data[CONF_ACCOUNT_ID])
    async_stop_serving_entrys_key(hass, entry.entry_id)
    if vault.key is not None and entry.data[CONF_KEY_HOSTING] == HOSTED_BY_HOME_ASSISTANT:
        # Before anything can fail: Tesla may want the key at any time.
        async_serve_entrys_key(
            hass, entry.entry_id, entry.data[CONF_DOMAIN], vault.key.public_pem()
        )
    states = StateStore(hass, entry.entry_id, VehicleState)
    await states.async_load()
    telemetry = EntryTelemetry(hass, entry, states)
    await telemetry.async_load()
    sites = StateStore(hass, entry.entry_id, SiteState, name=SITES)
    await sites.async_load()
    region = Region(entry.data[CONF_REGION])
    keeper = _keeper(hass, entry, implementation, vault)
    entry.async_on_unload(keeper.settle)
    try:
        claims = await keeper.claims()
    except TeslaError as err:
        raise not_ready(err) from err

    async def keep_region(region: Region) -> None:
        hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_REGION: region})

    meter = RequestMeter()
    client = FleetClient(
        session, tokens=keeper, region=region, on_region=keep_region, on_request=meter.on_request
    )
    return TeslaLoggerData(
        client=client,
        vault=vault,
        states=states,
        meter=meter,
        scopes=claims.scopes,
        account=AccountCoordinator(hass, entry, client),
        energy=EnergySites(hass, entry, sites),
        telemetry=telemetry,
    )


def _keeper(
    hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    implementation: AbstractOAuth2Implementation,
    vault: Vault,
) -> TokenKeeper:
    client_id = cast("LocalOAuth2Implementation", implementation).client_id
    oauth = OAuthClient(
        async_get_clientsession(hass), client_id=client_id, region=Region(entry.data[CONF_REGION])
    )
    return TokenKeeper(store=vault.tokens, oauth=oauth)
