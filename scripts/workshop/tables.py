"""All rows of all platforms' tables, found by looking rather than listed."""

from dataclasses import dataclass
from importlib import import_module
import pkgutil
from typing import TYPE_CHECKING, Final

from homeassistant.helpers.entity import EntityDescription

import custom_components.teslalogger as integration
from custom_components.teslalogger import energy, schedules, sensors
from custom_components.teslalogger.energy_site import SETTINGS
from custom_components.teslalogger.entity import CarRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

_HOME_ASSISTANTS: Final = "homeassistant.components."


@dataclass(frozen=True, kw_only=True, slots=True)
class EntityRow:
    """An entity that the integration has: what it shows and what it sends.

    Signals of energy sites are named apart from those of cars, by a leading "site.". `subject` is
    the module that describes it.
    """

    platform: str
    key: str
    signals: frozenset[str]
    commands: frozenset[str]
    description: EntityDescription = EntityDescription(key="")  # noqa: RUF009 - it is frozen
    subject: str = ""

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.platform}.{self.key}"


def entity_rows() -> tuple[EntityRow, ...]:
    """Every row of every table, in the order of the platforms."""
    found: dict[tuple[str, str, frozenset[str]], EntityRow] = {}
    for module in _modules():
        for description in _descriptions(module):
            row = _row(description, module)
            found.setdefault((row.platform, row.key, row.signals), row)
    return tuple(sorted(found.values(), key=lambda row: (row.platform, row.key)))


def _modules() -> Iterator[ModuleType]:
    """The rows of the sensors first, by subject: the platform itself only gathers them."""
    for package in (sensors, integration, energy, schedules):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if not module.ispkg:
                yield import_module(module.name)


def _descriptions(module: ModuleType) -> Iterator[EntityDescription]:
    for value in vars(module).values():
        if isinstance(value, EntityDescription):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, EntityDescription))


def _row(description: EntityDescription, module: ModuleType) -> EntityRow:
    platform = _platform(description, module)
    signals: set[str] = set(
        getattr(description, "signals", ()) or getattr(description, "topics", ())
    )
    if isinstance(description, CarRow):
        return EntityRow(
            platform=platform,
            key=description.key,
            signals=frozenset(signals),
            commands=frozenset(description.commands),
            description=description,
            subject=module.__name__.rpartition(".")[2],
        )
    return EntityRow(
        platform=platform,
        key=description.key,
        signals=frozenset(f"site.{signal}" for signal in signals),
        commands=frozenset(
            SETTINGS[signal].endpoint
            for signal in signals
            if signal in SETTINGS and not platform.endswith("sensor")
        ),
        description=description,
        subject=module.__name__.rpartition(".")[2],
    )


def _platform(description: EntityDescription, module: ModuleType) -> str:
    """Of which platform the description is, or else the module."""
    for kind in type(description).__mro__:
        if kind.__module__.startswith(_HOME_ASSISTANTS):
            return kind.__module__.removeprefix(_HOME_ASSISTANTS).partition(".")[0]
    return module.__name__.rpartition(".")[2]
