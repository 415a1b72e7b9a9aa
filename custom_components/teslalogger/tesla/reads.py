"""What Tesla tells of a car only on request: Superchargers, alerts, people, papers.

Objects are Tesla's own, in Tesla's names; only what holds them is checked.
"""

from typing import TYPE_CHECKING, Any, Final, Protocol

from . import reading
from .errors import UnexpectedAnswer
from .query import query

if TYPE_CHECKING:
    from datetime import datetime

    from .reading import Objects

_PDF: Final = b"%PDF-"


class Ask(Protocol):
    """Asks Tesla once; raises a TeslaError."""

    async def __call__(
        self, name: str, *, vin: str | None = None, item: str = "", query: str = ""
    ) -> Any:
        """The `response` of the endpoint of this name, or the bytes of a file."""
        ...


class VehicleReads:
    """The questions; every method raises a TeslaError."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def nearby_charging_sites(
        self, vin: str, *, count: int | None = None, radius: int | None = None
    ) -> dict[str, Any]:
        """`superchargers` and `destination_charging` around an awake car; `radius` in miles."""
        where = query(count=count, radius=radius)
        sites = reading.mapping(await self._ask("nearby_charging_sites", vin=vin, query=where))
        return {
            kind: reading.objects(sites.get(kind))
            for kind in ("superchargers", "destination_charging")
        }

    async def release_notes(self, vin: str, *, staged: bool = False) -> Objects:
        """Notes of the installed software, or of the one that waits to be installed."""
        response = await self._ask("release_notes", vin=vin, query=query(staged=staged or None))
        notes = reading.mapping(response)
        inner = notes.get("response")  # Tesla wraps this one twice
        return reading.objects((inner if isinstance(inner, dict) else notes).get("release_notes"))

    async def recent_alerts(self, vin: str) -> Objects:
        """What the car has warned of."""
        alerts = reading.mapping(await self._ask("recent_alerts", vin=vin))
        return reading.objects(alerts.get("recent_alerts"))

    async def service_data(self, vin: str) -> dict[str, Any]:
        """The visit to a service centre; empty if there is none."""
        return reading.mapping(await self._ask("service_data", vin=vin))

    async def drivers(self, vin: str) -> Objects:
        """Who else may drive the car; for its owner only."""
        return reading.objects(await self._ask("drivers", vin=vin))

    async def remove_driver(self, vin: str, share_user_id: str) -> None:
        """Take the car away from a driver."""
        await self._ask("remove_driver", vin=vin, query=query(share_user_id=share_user_id))

    async def invitations(self, vin: str) -> Objects:
        """The invitations to drive the car that are open."""
        return reading.objects(await self._ask("invitations", vin=vin))

    async def create_invitation(self, vin: str) -> dict[str, Any]:
        """Invite somebody; whoever has the answer's `share_link` can accept."""
        return reading.mapping(await self._ask("create_invitation", vin=vin))

    async def revoke_invitation(self, vin: str, invitation_id: str) -> None:
        """Take an invitation back."""
        await self._ask("revoke_invitation", vin=vin, item=invitation_id)

    async def options(self, vin: str) -> Objects:
        """The option codes that the car was ordered with."""
        options = reading.mapping(await self._ask("options", vin=vin, query=query(vin=vin)))
        return reading.objects(options.get("codes"))

    async def warranty(self, vin: str) -> dict[str, Objects]:
        """What is under warranty, was, and will be."""
        papers = reading.mapping(await self._ask("warranty", vin=vin, query=query(vin=vin)))
        kinds = {"active": "activeWarranty", "upcoming": "upcomingWarranty"}
        kinds["expired"] = "expiredWarranty"
        return {kind: reading.objects(papers.get(name)) for kind, name in kinds.items()}

    async def charging_history(
        self,
        vin: str,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        page: int | None = None,
        page_size: int | None = None,
    ) -> Objects:
        """What the account charged with this car at Tesla's chargers, the newest first."""
        sessions = query(
            vin=vin,
            startTime=start and start.isoformat(),
            endTime=end and end.isoformat(),
            pageNo=page,
            pageSize=page_size,
        )
        history = reading.mapping(await self._ask("charging_history", vin=vin, query=sessions))
        return reading.objects(history.get("data"))

    async def charging_invoice(self, vin: str, content_id: str) -> bytes:
        """An invoice as PDF; `content_id` is in the charging history."""
        body: bytes = await self._ask("charging_invoice", vin=vin, item=content_id)
        if not body.startswith(_PDF):
            msg = "the invoice is no PDF"
            raise UnexpectedAnswer(msg)
        return body
