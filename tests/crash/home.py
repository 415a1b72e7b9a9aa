"""Home Assistant as a process that can be killed, with what it shows and what it leaves behind."""

import asyncio
from dataclasses import dataclass, field
import json
import multiprocessing
import os
from pathlib import Path
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import homeassistant

from custom_components.teslalogger.vehicle.state import KNOWN_ALERTS
from scripts.workshop import streaming, walk
from scripts.workshop.home_assistant import HomeAssistantApi, authorities
from scripts.workshop.household import Household
from scripts.workshop.loopback import HOST, free_port
from scripts.workshop.places import DOMAIN

from .life import live
from .signals import WATCHED
from .witness import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.context import ForkServerProcess

    from .signals import Told

START: Final = 120.0
"""Seconds."""
_LOOK: Final = 0.05
_WITNESS: Final = Path(__file__).parent / "witness"
_UNKNOWN: Final = frozenset({"unknown", "unavailable"})
_FLOWS: Final = streaming.FLOWS


class Dead(Exception):
    """Home Assistant ended, or did not come up, when nobody killed it."""


@dataclass(kw_only=True)
class Home:
    """A configuration folder, and the process that lives on it, if one does.

    `mutant` and `journal` are what `sabotage` breaks in forks.
    """

    folder: Path
    port: int = field(default_factory=lambda: free_port(0))
    entities: dict[tuple[str, str], str] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    mutant: str | None = None
    journal: int | None = None
    _environment: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | ForkServerProcess | None = None

    def __post_init__(self) -> None:
        self._household = Household(folder=self.folder / "config")
        self._household.prepare(port=self.port)
        (self._config / "custom_components" / "witness").symlink_to(_WITNESS)
        self.configure()
        url = f"http://{HOST}:{self.port}"
        self.api = HomeAssistantApi(url=url, token=self._household.access_token())

    @property
    def _config(self) -> Path:
        return self._household.folder

    @property
    def log(self) -> Path:
        """Of every life."""
        return self.folder / "home-assistant.log"

    def meet(self, simulator_url: str) -> None:
        """Take this simulator for Tesla."""
        self._environment = {
            "TESLALOGGER_SIMULATOR": simulator_url,
            "TESLALOGGER_SIMULATOR_AUTHORITIES": " ".join(authorities(simulator_url)),
        }

    def set_up(self, cars: Iterable[str]) -> None:
        """Walk the set-up."""
        self._entry = walk.set_up(self.api)
        self._cars = tuple(cars)

    def stream(self) -> None:
        """Walk the options; every watched field is streamed as often as once a second."""
        page = self.api.json("POST", _FLOWS, {"handler": self._entry})
        address = {"hostname": streaming.HOST, "port": free_port(0), "preset": "balanced"}
        fields = [
            answer
            for name in WATCHED
            for answer in ({"next_step_id": "field"}, {"field": name, "interval": 1})
        ]
        for answer in (
            {"next_step_id": "receiver"},
            address,
            {"next_step_id": "fields"},
            *fields,
            {"next_step_id": "costs"},
            {"next_step_id": "save"},
        ):
            page = self.api.json("POST", f"{_FLOWS}/{page['flow_id']}", answer)
            assert not page.get("errors"), page
        assert page["type"] == "create_entry", page

    def find_entities(self) -> bool:
        """Whether every car has the entities that are watched; they are from then on."""
        ids = {
            (entity["entity_id"].partition(".")[0], entity["unique_id"]): entity["entity_id"]
            for entity in self.api.command("config/entity_registry/list")
            if entity["platform"] == DOMAIN
        }
        self.entities = {
            (vin, name): entity
            for vin in self._cars
            for name, watched in WATCHED.items()
            for (domain, unique_id), entity in ids.items()
            if domain == watched.entity.partition(".")[0]
            and unique_id.endswith(f"_{vin}_{watched.entity.partition('.')[2]}")
        }
        self.alerts = sorted(
            entity
            for (domain, unique_id), entity in ids.items()
            if domain == "event"
            and unique_id.endswith(tuple(f"_{vin}_alert" for vin in self._cars))
        )
        self.configure()
        found = len(self.entities), len(self.alerts)
        return found == (len(self._cars) * len(WATCHED), len(self._cars))

    def configure(self) -> None:
        """Nothing but the integration and the witness, for the lives to come."""
        witness = {
            "entities": sorted(self.entities.values()),
            "alerts": self.alerts,
        }
        (self._config / "configuration.yaml").write_text(
            f"config:\nwitness: {json.dumps(witness)}\n"
        )

    # Life and death

    def begin(self, *, whole: bool = False) -> None:
        """Start it; `whole` is the program `hass`, else a fork of what it is after its imports."""
        if whole:
            hass = Path(sys.executable).with_name("hass")
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [hass, "--skip-pip", "--config", self._config],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **self._environment},
                    start_new_session=True,
                )
            return
        process = multiprocessing.get_context("forkserver").Process(
            target=live,
            args=(
                str(self._config),
                str(self.log),
                self._environment,
                self.mutant,
                self.journal,
            ),
        )
        process.start()
        self._process = process

    def prepare_forks(self) -> None:
        """Have everything that runs now imported before a fork is made."""
        components = Path(homeassistant.__file__).parent / "components"
        modules = []
        for component in sorted(self.api.json("GET", "/api/components")):
            platform, _, domain = component.rpartition(".")
            # "sensor.teslalogger" is the module teslalogger.sensor
            parts = component.split(".") if not platform else [domain, platform]
            if domain == DOMAIN:
                modules.append(".".join(("custom_components", *parts)))
            elif (path := components.joinpath(*parts)).is_dir() or path.with_suffix(".py").exists():
                modules.append(".".join(("homeassistant", "components", *parts)))
        multiprocessing.set_forkserver_preload(
            [live.__module__, "homeassistant.bootstrap", *modules]
        )

    async def wait(self) -> None:
        """Return once everything has been loaded. Raises Dead."""
        try:
            async with asyncio.timeout(START):
                while not await asyncio.to_thread(self.api.running):
                    self._check()
                    await asyncio.sleep(_LOOK)
        except TimeoutError as err:
            raise Dead(self._last_words()) from err

    async def stop(self) -> None:
        """Ask it to end, so that all that Home Assistant itself writes late is written."""
        assert isinstance(self._process, subprocess.Popen)
        self._process.send_signal(signal.SIGINT)
        await asyncio.to_thread(self._process.wait)
        self._process = None

    async def kill(self) -> None:
        """SIGKILL; return once it is gone. Raises Dead if it was not alive."""
        self._check()
        process, self._process = self._process, None
        assert process is not None
        process.kill()
        if isinstance(process, subprocess.Popen):
            await asyncio.to_thread(process.wait)
        else:
            await asyncio.to_thread(process.join)

    def end(self) -> None:
        """Leave nothing running."""
        if self._process is not None:
            self._process.kill()

    def _check(self) -> None:
        match self._process:
            case subprocess.Popen() as program:
                alive = program.poll() is None
            case None:
                alive = False
            case process:
                alive = process.is_alive()
        if not alive:
            raise Dead(self._last_words())

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])

    # What it shows, and what it leaves

    def shown(self) -> dict[tuple[str, str], Told | None]:
        """Every watched value as Home Assistant has it; None where it has none."""
        states = {
            state["entity_id"]: state["state"] for state in self.api.json("GET", "/api/states")
        }
        return {
            place: None
            if (state := states.get(entity, "unknown")) in _UNKNOWN
            else WATCHED[place[1]].shown(state)
            for place, entity in self.entities.items()
        }

    def lives(self) -> list[list[tuple[tuple[str, str], Told | None, Told | None]]]:
        """What the witness saw in each life: place, value before, value."""
        places = {entity: place for place, entity in self.entities.items()}
        lives: list[list[tuple[tuple[str, str], Told | None, Told | None]]] = []
        for line in (self._config / TOLD).read_text().splitlines():
            match json.loads(line):
                case None:
                    lives.append([])
                case [str() as entity, before, after]:
                    place = places[entity]
                    lives[-1].append((place, _value(place, before), _value(place, after)))
        return lives

    def raised(self) -> list[str]:
        """The alerts that the witness saw raised, in all lives."""
        lines = map(json.loads, (self._config / TOLD).read_text().splitlines())
        return [line for line in lines if isinstance(line, str)]

    def journal_lines(self) -> list[tuple[str, dict[str, Any]]]:
        """What the journal holds: VIN, and [value, time in the car, ...] by signal."""
        lines = []
        for path in (self._config / ".storage").glob(f"{DOMAIN}.*.stream"):
            for line in path.read_text(errors="replace").splitlines():
                try:
                    vin, told = json.loads(line)
                except ValueError:
                    continue  # half a line: its record was never acknowledged
                told.pop(KNOWN_ALERTS, None)
                lines.append((vin, told))
        return lines


def _value(place: tuple[str, str], state: str | None) -> Told | None:
    return None if state is None or state in _UNKNOWN else WATCHED[place[1]].shown(state)
