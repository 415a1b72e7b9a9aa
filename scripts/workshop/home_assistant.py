"""Home Assistant as a program, and its API as the frontend uses it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
import sys
from typing import TYPE_CHECKING, Any, Final

import aiohttp
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificates

from .loopback import HOST, Answer, NoAnswer, ask
from .program import Program

if TYPE_CHECKING:
    from .household import Household

START: Final = 120.0
"""Seconds; five on a quiet machine."""


class Refused(Exception):  # says what happened
    """Home Assistant answered, but not what was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HomeAssistantApi:
    """REST and websocket, with a token."""

    url: str
    token: str

    def request(self, method: str, path: str, body: Any = None) -> Answer:
        """One REST call; `HA-Frontend-Base` is what an OAuth flow takes its redirect URI from."""
        return ask(
            self.url + path,
            method=method,
            json_body=body,
            headers={"Authorization": f"Bearer {self.token}", "HA-Frontend-Base": self.url},
        )

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """One REST call that has to succeed.

        Raises:
            Refused: any status but 2xx.
        """
        answer = self.request(method, path, body)
        if answer.status // 100 != 2:  # noqa: PLR2004  # the class of a status
            message = f"{method} {path}: {answer.status} {answer.text[:500]}"
            raise Refused(message)
        return answer.json()

    def command(self, message_type: str, **fields: Any) -> Any:
        """One websocket command.

        Raises:
            Refused: Home Assistant reported an error.
        """
        message = {"id": 1, "type": message_type, **fields}
        # In a thread of its own, because the caller's may have a loop running (Playwright's does).
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(lambda: asyncio.run(self._command(message))).result()

    async def _command(self, message: dict[str, Any]) -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(self.url + "/api/websocket") as socket,
        ):
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            await socket.receive_json()
            await socket.send_json(message)
            answer = await socket.receive_json()
        if not answer.get("success"):
            text = f"{message['type']}: {answer.get('error', answer)}"
            raise Refused(text)
        return answer["result"]

    def running(self) -> bool:
        """Whether everything has been loaded."""
        try:
            answer = self.request("GET", "/api/config")
        except NoAnswer:
            return False
        return answer.status == 200 and answer.json()["state"] == "RUNNING"  # noqa: PLR2004


def authorities(simulator_url: str) -> list[str]:
    """Fingerprints of whoever makes the simulated cars' certificates; new ones at each start."""
    pem = ask(f"{simulator_url}/_simulator/telemetry/ca.pem").text
    return [
        certificate.fingerprint(SHA256()).hex()
        for certificate in load_pem_x509_certificates(pem.encode())
    ]


def start_home_assistant(
    household: Household, *, port: int, simulator_url: str, log: Path
) -> tuple[Program, HomeAssistantApi]:
    """Start Home Assistant on this folder and return once it runs.

    Raises:
        Problem: it did not come up.
    """
    household.prepare(port=port)
    program = Program(
        "Home Assistant",
        [
            str(Path(sys.executable).with_name("hass")),
            "--skip-pip",
            "--config",
            str(household.folder),
        ],
        log=log,
        environment={
            "TESLALOGGER_SIMULATOR": simulator_url,
            "TESLALOGGER_SIMULATOR_AUTHORITIES": " ".join(authorities(simulator_url)),
        },
    )
    api = HomeAssistantApi(url=f"http://{HOST}:{port}", token=household.access_token())
    try:
        program.wait_until(api.running, seconds=START)
    except BaseException:
        program.stop()
        raise
    return program, api
