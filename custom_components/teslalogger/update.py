"""The car's software: what is installed, what is to come, and installing it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.update import (
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityDescription,
    UpdateEntityFeature as Feature,
)

from .entity import CarEntity, CarRow, async_add_cars, once_seen
from .errors import needs_login, request_failed
from .tesla.errors import TeslaError

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from .coordinator import CarCoordinator
    from .data import TeslaLoggerConfigEntry
    from .tesla.reads import Objects

# Every car keeps its own commands in order; nobody has to wait until another car has woken up.
PARALLEL_UPDATES = 0

_VERSION: Final = "car_version"
_STATUS: Final = "software_update_status"
_AVAILABLE: Final = "software_update_available"
_NEW_VERSION: Final = "software_update_version"
_RUNNING: Final = "software_update_in_progress"
_DOWNLOAD: Final = "software_update_download"
_INSTALLATION: Final = "software_update_installation"
# The car has it and waits: for somebody to say when, or for the time that somebody said.
_INSTALLABLE: Final = frozenset({"available", "scheduled"})


@dataclass(frozen=True, kw_only=True)
class CarUpdateDescription(UpdateEntityDescription, CarRow):
    """An update; the first of `commands` installs it."""


UPDATES: Final = (
    CarUpdateDescription(
        key="software",
        device_class=UpdateDeviceClass.FIRMWARE,
        topics=(
            _VERSION,
            _STATUS,
            _AVAILABLE,
            _NEW_VERSION,
            _RUNNING,
            _DOWNLOAD,
            _INSTALLATION,
        ),
        commands=("schedule_software_update",),
        readable=True,
        has_fn=once_seen(_VERSION),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: TeslaLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the software of the cars that have told theirs."""
    async_add_cars(entry, async_add_entities, UPDATES, CarUpdate)


class CarUpdate(CarEntity, UpdateEntity):
    """The software. Its notes are asked for when somebody looks, and once for each version."""

    entity_description: CarUpdateDescription

    def __init__(self, coordinator: CarCoordinator, description: CarRow) -> None:
        super().__init__(coordinator, description)
        self._notes: dict[str, str] = {}

    @property
    @override
    def supported_features(self) -> Feature:
        """Installing is offered when the car has something to install."""
        features = Feature.PROGRESS | Feature.RELEASE_NOTES
        may_install = self.coordinator.allows(self.entity_description.commands)
        if may_install and self._value(_STATUS) in _INSTALLABLE:
            features |= Feature.INSTALL
        return features

    @property
    @override
    def installed_version(self) -> str | None:
        """As the car shows it."""
        return self.coordinator.software_version

    @property
    @override
    def latest_version(self) -> str | None:
        """The one to come; the installed one if none is."""
        match self._value(_AVAILABLE):
            case True:
                version = self._value(_NEW_VERSION)
                return version if isinstance(version, str) else None
            case False:
                return self.installed_version
            case _:
                return None

    @property
    @override
    def in_progress(self) -> bool:
        """Whether it is being downloaded or installed."""
        return self._value(_STATUS) == "downloading" or self._is_installing

    @property
    @override
    def update_percentage(self) -> int | None:
        """How much of the download is done, later of the installation."""
        percent = self._value(_INSTALLATION if self._is_installing else _DOWNLOAD)
        return round(percent) if isinstance(percent, int | float) else None

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        """Have it installed now.

        Raises:
            HomeAssistantError: It was not ordered, or nobody can tell.
        """
        await self.coordinator.commander.async_send(
            self.entity_description.commands[0], offset_sec=0
        )

    @override
    async def async_release_notes(self) -> str | None:
        """Tesla's notes on the version to come, else on the installed one, in Markdown.

        Raises:
            HomeAssistantError: Tesla did not tell them.
        """
        version = self.latest_version
        if version is None:
            return None
        if version not in self._notes:
            notes = await self._async_ask(staged=version != self.installed_version)
            if not notes:
                return None
            self._notes = {version: notes}
        return self._notes[version]

    @property
    def _is_installing(self) -> bool:
        return self._value(_RUNNING) is True

    async def _async_ask(self, *, staged: bool) -> str:
        car = self.coordinator
        entry = car.config_entry
        try:
            notes = await entry.runtime_data.require_fleet().reads.release_notes(
                car.vin, staged=staged
            )
        except TeslaError as err:
            if needs_login(err):
                entry.async_start_reauth(self.hass)
            raise request_failed(err) from err
        return _markdown(notes)


def _markdown(notes: Objects) -> str:
    """A chapter for each note."""
    chapters = []
    for note in notes:
        title, subtitle, text = (
            _words(note.get(part)) for part in ("title", "subtitle", "description")
        )
        lines = [f"## {title}" if title else "", f"**{subtitle}**" if subtitle else "", text]
        chapters.append("\n\n".join(line for line in lines if line))
    return "\n\n".join(chapter for chapter in chapters if chapter)


def _words(raw: object) -> str:
    return raw.strip() if isinstance(raw, str) else ""
