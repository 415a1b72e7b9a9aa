"""Which way a car's commands go, and why we believe so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
import time
from typing import Any, Final, Self

from .outcome import Route
from .vin import signing_by_vin


class Reason(StrEnum):
    """Why a way is believed to be right, best reason first."""

    OVERRIDE = "override"
    LEARNT = "learnt"
    PRODUCT = "product"
    FLEET_STATUS = "fleet_status"
    VIN = "vin"
    GUESS = "guess"


@dataclass(frozen=True, kw_only=True, slots=True)
class RouteBelief:
    """A way, the reason, and since when (seconds since 1970)."""

    route: Route
    reason: Reason
    since: float


# Tesla's `command_signing`. "allowed" takes both; the unsigned way needs no key in the car.
_PRODUCT_ROUTES: Final = {
    "required": Route.SIGNED,
    "allowed": Route.UNSIGNED,
    "off": Route.UNSIGNED,
}
_REMEMBERED: Final = (Reason.OVERRIDE, Reason.LEARNT, Reason.PRODUCT, Reason.FLEET_STATUS)


class RouteBeliefs:
    """Everything known about one car's way, in order of belief."""

    def __init__(self, vin: str, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._firmware: str | None = None
        self._beliefs: dict[Reason, RouteBelief] = {}
        self._vin_signs = signing_by_vin(vin)
        if self._vin_signs is not None:
            self._believe(_route(signs=self._vin_signs), Reason.VIN)

    @property
    def current(self) -> RouteBelief:
        """The best founded belief; without any, signed, which a car that cannot refuses clearly."""
        for reason in Reason:
            if belief := self._beliefs.get(reason):
                return belief
        return RouteBelief(route=Route.SIGNED, reason=Reason.GUESS, since=self._clock())

    @property
    def all(self) -> tuple[RouteBelief, ...]:
        """Every belief held, best first."""
        return tuple(self._beliefs[reason] for reason in Reason if reason in self._beliefs)

    def override(self, route: Route | None) -> None:
        """The user's own word, or None to take it back."""
        self._believe(route, Reason.OVERRIDE)

    def learn(self, route: Route) -> None:
        """What the car or Tesla answered to a command."""
        self._believe(route, Reason.LEARNT)

    def note_product(self, command_signing: str | None) -> None:
        """What the product list says of this car."""
        self._believe(_PRODUCT_ROUTES.get(command_signing or ""), Reason.PRODUCT)

    def note_fleet_status(self, *, protocol_required: bool | None) -> None:
        """What `fleet_status` says; it has wrongly said no for cars whose VIN says yes."""
        if protocol_required is None or (not protocol_required and self._vin_signs):
            self._believe(None, Reason.FLEET_STATUS)
        else:
            self._believe(_route(signs=protocol_required), Reason.FLEET_STATUS)

    def note_firmware(self, version: str | None) -> bool:
        """New firmware can change a car's way: forget what was learnt. Whether it was new."""
        if not version or version == self._firmware:
            return False
        is_update = self._firmware is not None
        self._firmware = version
        if is_update:
            self._believe(None, Reason.LEARNT)
        return True

    def _believe(self, route: Route | None, reason: Reason) -> None:
        held = self._beliefs.get(reason)
        if route is None:
            self._beliefs.pop(reason, None)
        elif held is None or held.route is not route:
            self._beliefs[reason] = RouteBelief(route=route, reason=reason, since=self._clock())

    def to_dict(self) -> dict[str, Any]:
        """For JSON: what cannot be worked out again from the VIN."""
        return {
            "firmware": self._firmware,
            "beliefs": {
                reason.value: [belief.route.value, belief.since]
                for reason, belief in self._beliefs.items()
                if reason in _REMEMBERED
            },
        }

    @classmethod
    def from_dict(
        cls, vin: str, stored: Mapping[str, Any], *, clock: Callable[[], float] = time.time
    ) -> Self:
        """The inverse of `to_dict`; what cannot be read is left out."""
        beliefs = cls(vin, clock=clock)
        firmware = stored.get("firmware")
        beliefs._firmware = firmware if isinstance(firmware, str) else None
        held = stored.get("beliefs")
        for reason in _REMEMBERED:
            match held.get(reason.value) if isinstance(held, Mapping) else None:
                case ["signed" | "unsigned" as route, int() | float() as since]:
                    beliefs._beliefs[reason] = RouteBelief(
                        route=Route(route), reason=reason, since=since
                    )
        return beliefs


def _route(*, signs: bool) -> Route:
    return Route.SIGNED if signs else Route.UNSIGNED
