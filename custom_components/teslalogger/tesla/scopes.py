"""What a user can allow a third party's application to do."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Scope(StrEnum):
    """Tesla's OAuth scopes, by Tesla's own names."""

    OPENID = "openid"
    OFFLINE_ACCESS = "offline_access"
    USER_DATA = "user_data"
    VEHICLE_DEVICE_DATA = "vehicle_device_data"
    VEHICLE_LOCATION = "vehicle_location"
    VEHICLE_CMDS = "vehicle_cmds"
    VEHICLE_CHARGING_CMDS = "vehicle_charging_cmds"
    ENERGY_DEVICE_DATA = "energy_device_data"
    ENERGY_CMDS = "energy_cmds"


def known_scopes(names: Iterable[object]) -> frozenset[Scope]:
    """Those of the names that are scopes we know."""
    return frozenset(scope for scope in Scope if scope in set(map(str, names)))
