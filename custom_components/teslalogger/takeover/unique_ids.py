"""Whose entity it is, read from the unique ids of ours and of the peers."""

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from .model import Source, Thing

if TYPE_CHECKING:
    from homeassistant.helpers.entity_registry import RegistryEntry

_VIN: Final = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


class Subject(NamedTuple):
    """A car, site or wall connector by VIN, site id or DIN, and the key of one thing of it."""

    thing: Thing
    number: str
    key: str


def read_theirs(source: Source, unique_id: str) -> Subject | None:
    """What an entity of theirs is about; None: about no car, site or wall connector."""
    if source in {Source.TESLA_FLEET, Source.TESLEMETRY}:
        owner, _, key = unique_id.rpartition("-")
        number, _, din = owner.partition("-")
    else:
        number, _, key = unique_id.partition("_")
        din = ""
    number = number.upper()
    if _VIN.fullmatch(number):
        return Subject(Thing.CAR, number, key)
    if not number.isdecimal() or source is Source.MQTT:
        return None
    return Subject(Thing.CONNECTOR, din, key) if din else Subject(Thing.SITE, number, key)


def read_ours(entry: RegistryEntry) -> tuple[str, str]:
    """The number of the car, site or wall connector, and the "platform.key"."""
    _account, _, rest = entry.unique_id.partition("_")
    number, _, key = rest.partition("_")
    return number, f"{entry.domain}.{key}"


def under_account(unique_id: str, account_id: str) -> str:
    """The unique id that one of our entities has, or would have, under an account."""
    return f"{account_id}_{unique_id.partition('_')[2]}"
