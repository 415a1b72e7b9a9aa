"""Tesla for Home Assistant, with the user's own developer application: wiring only."""

from contextlib import contextmanager, suppress
import logging
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from . import issues
from .account import AccountCoordinator
from .const import (
    CONF_ACCOUNT_ID,
    CONF_DOMAIN,
    CONF_KEY_HOSTING,
    CONF_LAST_RESORT,
    DOMAIN,
    HOSTED_BY_HOME_ASSISTANT,
)
from .data import TeslaLoggerData
from .energy.account import SITES, EnergySites
from .energy_site.state import SiteState
from .errors import not_ready
from .logins import async_log_in, is_of_owner_api
from .meter import RequestMeter
from .moving import async_drop_owner_login, async_follow_account
from .public_key_view import (
    async_register_public_key_view,
    async_serve_entrys_key,
    async_stop_serving_entrys_key,
)
from .services import async_setup_services
from .state_store import StateStore
from .streaming.entry import EntryTelemetry
from .takeover import async_see_given_back, async_undo_all
from .taking_back import async_delete_secrets, async_delete_states, async_take_back_streams
from .tesla.errors import TeslaError
from .vault import async_open_vault
from .vehicle.state import VehicleState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.device_registry import DeviceEntry
    from homeassistant.helpers.typing import ConfigType

    from .data import TeslaLoggerConfigEntry

_LOGGER = logging.getLogger(__name__)

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


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Offer what does not depend on an entry: the public key's address and the actions."""
    async_register_public_key_view(hass)
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> bool:
    """Set up an account: Tesla is asked which cars there are, and no car is asked anything."""
    await async_follow_account(hass, entry)
    await async_see_given_back(hass, entry)
    data = entry.runtime_data = await _async_open(hass, entry)
    await data.account.async_config_entry_first_refresh()
    data.account.async_sync_products()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    if (
        data.fleet
        and data.vault.key is None
        and any(car.commander.may_need_key for car in data.cars.values())
    ):
        issues.async_no_key(hass, entry)
    else:
        issues.async_clear_no_key(hass, entry)
    data.account.async_start()
    await data.telemetry.async_start()
    await async_drop_owner_login(hass, entry, data.vault)
    entry.async_on_unload(data.states.async_close)
    entry.async_on_unload(data.energy.states.async_close)
    return True


async def async_migrate_entry(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> bool:
    """Say of an entry that has an owner login besides that it is to be used."""
    with suppress(HomeAssistantError):  # the set-up says so, and it is tried again before the next
        vault = await async_open_vault(hass, entry.data[CONF_ACCOUNT_ID])
        is_used = vault.owner_tokens.tokens is not None and not is_of_owner_api(entry)
        data = {**entry.data, **({CONF_LAST_RESORT: True} if is_used else {})}
        hass.config_entries.async_update_entry(entry, data=data, minor_version=2)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> bool:
    """Unload an account; what is known of its cars is written down."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    async_stop_serving_entrys_key(hass, entry.entry_id)
    return True


async def async_remove_entry(hass: HomeAssistant, entry: TeslaLoggerConfigEntry) -> None:
    """Give back what was taken over, take back what Tesla keeps, delete the rest, say what is left.

    Tesla gets some seconds to answer. Whatever fails does not keep the rest from being done.
    """
    streaming: Collection[str] = ()
    async_stop_serving_entrys_key(hass, entry.entry_id)
    issues.async_clear_all(hass, entry)
    with _whatever_happens("what was taken over is not given back"):
        await async_undo_all(hass, entry)
    with _whatever_happens("cars may go on streaming here"):
        streaming = await async_take_back_streams(hass, entry)
    with _whatever_happens("secrets are still on the disk"):
        await async_delete_secrets(hass, entry)
    with _whatever_happens("what the cars told is still on the disk"):
        await async_delete_states(hass, entry)
    issues.async_left_behind(hass, entry, streaming)


@contextmanager
def _whatever_happens(consequence: str) -> Iterator[None]:
    """Log an error instead of letting it stop the removal."""
    try:
        yield
    except Exception:
        _LOGGER.exception("The account is removed, but %s", consequence)


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
    vault = await async_open_vault(hass, entry.data[CONF_ACCOUNT_ID])
    async_stop_serving_entrys_key(hass, entry.entry_id)
    if vault.key is not None and entry.data.get(CONF_KEY_HOSTING) == HOSTED_BY_HOME_ASSISTANT:
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
    meter = RequestMeter()
    try:
        logins = await async_log_in(hass, entry, vault, on_request=meter.on_request)
    except TeslaError as err:
        raise not_ready(err) from err
    return TeslaLoggerData(
        client=logins.client,
        fleet=logins.fleet,
        owner=logins.owner,
        vault=vault,
        states=states,
        meter=meter,
        scopes=logins.scopes,
        account=AccountCoordinator(hass, entry, logins.client),
        energy=EnergySites(hass, entry, sites),
        telemetry=telemetry,
    )
