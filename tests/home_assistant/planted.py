"""Secrets that are planted on purpose, and the places where they must not come up."""

import base64
from dataclasses import asdict, dataclass
import gc
import logging
import re
import traceback
from typing import TYPE_CHECKING, Final

from homeassistant.helpers import device_registry as dr, entity_registry as er, issue_registry as ir
from homeassistant.helpers.json import json_dumps

from custom_components.teslalogger.const import DOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant
    import pytest

    from custom_components.teslalogger.vehicle_command import CommandKey

OURS: Final = "custom_components.teslalogger"
# Home Assistant's own debug log repeats whatever is called and every state; that is its business.
_EVENT_BUS: Final = "homeassistant.core"
# The simulated Tesla notes who asked it for what.
_NOT_THE_PRODUCT: Final = ("aiohttp.access", "simulator", "pytest_homeassistant_custom_component")

# What Home Assistant is told or tells itself: a PIN in a call, a place in a state, a title.
PRIVATE: Final = frozenset({"PIN", "wrong PIN", "place", "e-mail"})
_PLACE: Final = frozenset({"place"})
_TITLE: Final = frozenset({"e-mail"})


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that came up; shows where, and never the secret."""

    name: str
    where: str


class Planted:
    """Secrets by name, each with what it looks like in a text.

    Objects that are there before it are other tests' and do not count: make it first.
    """

    def __init__(self) -> None:
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._strangers = {id(found): found for found in living_objects()}

    def plant(self, name: str, *needles: str) -> None:
        """Look for this too, in any case of letters."""
        assert all(needles), name
        self._patterns[name] = re.compile("|".join(map(re.escape, needles)), re.IGNORECASE)

    def plant_number(self, name: str, number: str) -> None:
        """Look for this where it is not part of a longer number, word or fraction."""
        self._patterns[name] = re.compile(rf"(?<![\w.]){re.escape(number)}(?!\w|\.\d)")

    def plant_key(self, key: CommandKey) -> None:
        """Look for a private key in every form that a careless line could give it."""
        body = key.to_pem().decode().splitlines()[1:-1]
        scalar = key.scalar.to_bytes(32)
        self.plant("private key as PEM", "PRIVATE KEY-----", *body)
        self.plant("private key as hex", scalar.hex())
        self.plant("private key as a number", str(key.scalar))
        self.plant(
            "private key as base64",
            base64.b64encode(scalar).decode().rstrip("="),
            base64.urlsafe_b64encode(scalar).decode().rstrip("="),
        )
        self.plant("private key as bytes", repr(scalar)[2:-1])

    def in_text(
        self, text: str, where: str, *, but: frozenset[str] = frozenset()
    ) -> Iterator[Leak]:
        """The secrets in a text, except those that may stand there."""
        for name, pattern in self._patterns.items():
            if name not in but and pattern.search(text):
                yield Leak(name, where)

    def in_log(self, caplog: pytest.LogCaptureFixture) -> Iterator[Leak]:
        """In any line of the log with its traceback."""
        formatter = logging.Formatter("%(name)s %(message)s")
        for record in caplog.records:
            if record.name.startswith(_NOT_THE_PRODUCT):
                continue
            but = frozenset() if record.name.startswith(f"{OURS}.") else _TITLE
            if record.name == _EVENT_BUS:
                but = PRIVATE
            yield from self.in_text(formatter.format(record), f"log of {record.name}", but=but)

    def in_states(self, hass: HomeAssistant) -> Iterator[Leak]:
        """In states and attributes; where the car is, is what a device tracker is for."""
        for state in hass.states.async_all():
            but = _PLACE if state.domain == "device_tracker" else frozenset()
            yield from self.in_text(json_dumps(state.as_dict()), state.entity_id, but=but)

    def in_issues(self, hass: HomeAssistant) -> Iterator[Leak]:
        """In repairs as they are shown and stored."""
        issues = ir.async_get(hass).issues.values()
        ours = [(asdict(issue), issue.to_json()) for issue in issues if issue.domain == DOMAIN]
        yield from self.in_text(json_dumps(ours), "repairs")

    def in_registries(self, hass: HomeAssistant, entry_id: str) -> Iterator[Leak]:
        """In what is kept of devices and entities, apart from identifiers and serial numbers."""
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry_id):
            kept = {**device.dict_repr, "identifiers": None, "serial_number": None}
            yield from self.in_text(repr(kept), "device registry")
        for entity in er.async_entries_for_config_entry(er.async_get(hass), entry_id):
            kept = {**entity.extended_dict, "unique_id": None}
            yield from self.in_text(repr(kept), "entity registry")

    def in_error(self, error: BaseException) -> Iterator[Leak]:
        """In an error, in all that led to it, and in its traceback."""
        for link in chain(error):
            where = type(link).__name__
            yield from self.in_text(f"{link!s}\n{link!r}\n{link.args!r}", where)
        trace = "".join(traceback.format_exception(error))
        yield from self.in_text(trace, f"traceback of {type(error).__name__}")

    def in_objects(self) -> Iterator[Leak]:
        """In the repr of everything of ours that is alive."""
        for found in living_objects():
            if id(found) in self._strangers:
                continue
            where = f"repr of {type(found).__qualname__}"
            yield from self.in_text(repr(found), where, but=_PLACE)


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error, its causes and its contexts, also those that Python would not print."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [other for other in (link.__cause__, link.__context__) if other]


def living_objects() -> list[object]:
    """Every object whose class is the integration's."""
    gc.collect()
    return [
        found
        for found in gc.get_objects()
        if (type(found).__module__ or "").startswith(OURS) and not isinstance(found, type)
    ]


def names(leaks: Iterator[Leak]) -> set[str]:
    """What leaked, for a readable assertion."""
    return {f"{leak.name} in {leak.where}" for leak in leaks}
