"""Tesla's Fleet API for one account."""

import base64
import binascii
from functools import cached_property
from typing import TYPE_CHECKING, override

from . import reading
from .client import TeslaClient
from .energy import EnergyApi
from .errors import UnexpectedAnswer
from .hosts import Region, hosts, region_of_url
from .reads import VehicleReads
from .telemetry import TelemetryApi

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .endpoints import Endpoint
    from .models import FleetStatus
    from .prices import PriceClass


class FleetClient(TeslaClient):
    """The API that Tesla documents: everything about every car, and each answer has its price."""

    @cached_property
    def reads(self) -> VehicleReads:
        """What is asked of a car only when somebody wants to know."""
        return VehicleReads(self._ask)

    @cached_property
    def energy(self) -> EnergyApi:
        """The account's energy sites."""
        return EnergyApi(self._ask)

    @cached_property
    def telemetry(self) -> TelemetryApi:
        """What cars are told to stream."""
        return TelemetryApi(self._ask)

    async def user_region(self) -> Region:
        """The region that Tesla says serves this account."""
        response = await self._ask("user_region")
        url = response.get("fleet_api_base_url") if isinstance(response, dict) else None
        region = region_of_url(url) if isinstance(url, str) else None
        if region is None:
            msg = "no region that is known"
            raise UnexpectedAnswer(msg)
        return region

    async def user_name(self) -> str | None:
        """The account's e-mail address, else its holder's name; None if Tesla tells neither."""
        user = reading.mapping(await self._ask("user"))
        names = (user.get("email"), user.get("full_name"))
        return next((name for name in names if isinstance(name, str) and name), None)

    async def fleet_status(self, vins: Sequence[str]) -> FleetStatus:
        """Which of the cars have our key."""
        return reading.fleet_status(await self._ask("fleet_status", body={"vins": list(vins)}))

    async def signed_command(self, vin: str, message: bytes) -> bytes:
        """Carry a signed message to the car and its answer back."""
        body = {"routable_message": base64.b64encode(message).decode()}
        response = await self._ask("signed_command", vin=vin, body=body)
        try:
            return base64.b64decode(response, validate=True)
        except (TypeError, ValueError, binascii.Error) as err:
            msg = "the car's answer is not base64"
            raise UnexpectedAnswer(msg) from err

    @override
    def _base_url(self, region: Region) -> str:
        return hosts(region).fleet_url

    @override
    def _price(self, endpoint: Endpoint) -> PriceClass:
        return endpoint.price
