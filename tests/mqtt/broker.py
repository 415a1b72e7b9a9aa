"""Debian's mosquitto on loopback, and somebody who publishes there as Tesla's server does."""

import asyncio
from contextlib import closing
from dataclasses import dataclass
import getpass
import json
import os
import shutil
import socket
from typing import TYPE_CHECKING, Any, Final

from paho.mqtt import publish

from scripts.workshop.loopback import HOST
from scripts.workshop.places import CACHE
from scripts.workshop.program import Program

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_START: Final = 20.0
# By itself it throws away what a slow machine did not take in time.
_CONFIGURATION: Final = """\
listener {port} {host}
allow_anonymous true
max_queued_messages 0
user {user}
"""


def mosquitto() -> str:
    """Where the broker is. Raises FileNotFoundError."""
    named = os.environ.get("TESLALOGGER_MOSQUITTO", "mosquitto")
    for candidate in (named, "/usr/sbin/mosquitto", CACHE / "mosquitto" / "mosquitto"):
        if (found := shutil.which(candidate)) is not None:
            return found
    message = "there is no mosquitto: scripts/setup --broker brings it"
    raise FileNotFoundError(message)


@dataclass(kw_only=True)
class Broker:
    """A broker that keeps its port, however often it dies."""

    folder: Path
    port: int
    _program: Program | None = None

    def start(self) -> None:
        """Return once it listens."""
        file = self.folder / "mosquitto.conf"
        file.write_text(_CONFIGURATION.format(port=self.port, host=HOST, user=getpass.getuser()))
        self._program = Program(
            "mosquitto", [mosquitto(), "-c", str(file)], log=self.folder / "mosquitto.log"
        )
        self._program.wait_until(self._listens, seconds=_START)

    def _listens(self) -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def kill(self) -> None:
        """End it without a word to anybody."""
        assert self._program is not None
        self._program._process.kill()
        self._program._process.wait()

    def stop(self) -> None:
        """End it in order, if it lives."""
        if self._program is not None:
            self._program.stop()

    async def publish(
        self, messages: Mapping[str, Any], *, retained: bool = False, raw: bool = False
    ) -> None:
        """Publish JSON by topic, and return once the broker has everything."""
        await self.publish_all(list(messages.items()), retained=retained, raw=raw)

    async def publish_all(
        self, messages: list[tuple[str, Any]], *, retained: bool = False, raw: bool = False
    ) -> None:
        """The same for topics that come more than once, in order."""
        await asyncio.to_thread(
            publish.multiple,
            [
                {
                    "topic": topic,
                    "payload": content if raw else json.dumps(content),
                    "qos": 1,
                    "retain": retained,
                }
                for topic, content in messages
            ],
            hostname=HOST,
            port=self.port,
        )
