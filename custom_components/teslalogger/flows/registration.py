"""Making the application and its public key known to Tesla."""

import logging
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.tesla.errors import TeslaError
from custom_components.teslalogger.tesla.hosts import Region
from custom_components.teslalogger.tesla.partner import PartnerClient
from custom_components.teslalogger.tesla.public_key import PublicKeyProblem

if TYPE_CHECKING:
    import aiohttp

    from custom_components.teslalogger.tesla.oauth import OAuthClient
    from custom_components.teslalogger.vehicle_command.keys import CommandKey

_LOGGER = logging.getLogger(__name__)

_WORLD: Final = (Region.NA, Region.EU)


class RegisteredKeyIsAnother(PublicKeyProblem):
    """Tesla has registered the domain with a key that is not ours."""

    translation_key = "registered_key_is_another"


async def async_register(
    session: aiohttp.ClientSession,
    oauth: OAuthClient,
    *,
    domain: str,
    key: CommandKey,
    region: Region | None,
) -> None:
    """Register domain and key in the account's region, else in all; raises a TeslaError.

    The other region is for cars that the account is lent from there: it may fail.
    """
    required = _WORLD if region is None else (region,)
    for place in required:
        await _async_register_in(PartnerClient(session, oauth, place), domain, key)
    if region is Region.CN:
        return  # China's developer applications are not known elsewhere
    for place in set(_WORLD) - set(required):
        try:
            await PartnerClient(session, oauth, place).register(domain)
        except TeslaError as err:
            _LOGGER.debug("Not registered in region %s: %s", place, err)


async def _async_register_in(client: PartnerClient, domain: str, key: CommandKey) -> None:
    await client.register(domain)
    try:
        point = await client.public_key(domain)
    except TeslaError as err:
        _LOGGER.debug("Tesla does not tell which key it has registered: %s", err)
        return
    if point not in {None, key.public_point}:
        msg = "Tesla has another public key for this domain"
        raise RegisteredKeyIsAnother(msg)
