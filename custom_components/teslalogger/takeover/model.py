"""What a takeover is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from homeassistant.helpers.entity_registry import RegistryEntry

type Counterparts = Mapping[str, Mapping[str, str | None]]
"""By platform and key of theirs the key of ours, or "platform.key" where it is of another platform.

None: there is nothing like it.
"""


class TakeOverFailed(Exception):
    """It was not possible, and everything is as before; `translation_key` says why."""

    translation_key = "take_over_failed"


class NotOnDisk(TakeOverFailed):
    """What is needed to undo it could not be written."""

    translation_key = "take_over_not_saved"


class Source(StrEnum):
    """From whom entities are taken over; the values are their integrations' domains."""

    TESLA_FLEET = "tesla_fleet"
    TESLEMETRY = "teslemetry"
    TESLA_CUSTOM = "tesla_custom"
    MQTT = "mqtt"


class Thing(Enum):
    """What an entity belongs to."""

    CAR = auto()
    SITE = auto()
    CONNECTOR = auto()


class Reason(StrEnum):
    """Why an entity of theirs keeps its id."""

    NO_COUNTERPART = "no_counterpart"
    OTHER_PLATFORM = "other_platform"
    NOT_HERE = "not_here"
    SWITCHED_OFF = "switched_off"
    STATISTICS = "statistics"
    ALREADY_TAKEN = "already_taken"


class Statistics(StrEnum):
    """What becomes of the long-term statistics under an id that ours takes."""

    NONE = "none"
    CONTINUED = "continued"
    CONVERTED = "converted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """An entity of ours that takes the id and the settings of one of theirs."""

    theirs: RegistryEntry
    ours: RegistryEntry
    statistics: Statistics


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """An entity of theirs that keeps its id, and the "platform.key" of ours that comes close."""

    theirs: RegistryEntry
    reason: Reason
    ours: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What becomes of each of their entities.

    `entries` are their config entries that are switched off: those that serve nothing but what we
    have too. Elsewhere, as with MQTT, only the entities are switched off whose ids are taken.
    """

    source: Source
    moves: tuple[Move, ...]
    kept: tuple[Kept, ...]
    entries: frozenset[str]
