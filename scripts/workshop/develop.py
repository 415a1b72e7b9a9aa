"""scripts/develop: everything running, the cars there, ready to press."""

import argparse
from contextlib import ExitStack
import signal
import time
from typing import TYPE_CHECKING, Any, Final

from . import board, streaming, walk
from .home_assistant import HomeAssistantApi, start_home_assistant
from .household import PASSWORD, USERNAME, Household
from .loopback import HOST, free_port
from .places import CACHE, DOMAIN, PUBLIC_DOMAIN
from .problem import Problem, report
from .simulator import CLIENT_ID, CLIENT_SECRET, start_simulator

if TYPE_CHECKING:
    from .program import Program

FOLDER: Final = CACHE / "develop"
CARS: Final = 6
"""Standard cars of the simulator that the owner sees."""
APPEAR: Final = 60.0
"""Seconds in which the cars' entities have to be there."""
STREAM: Final = 60.0
"""Seconds in which the first car has to stream."""
RECEIVER_PORT: Final = 4443


def main() -> int:
    """Run until Ctrl-C; the answer is the exit status."""
    options = _options()
    household = Household(folder=FOLDER / "config")
    if options.reset:
        household.wipe()
    signal.signal(signal.SIGTERM, _interrupt)
    with ExitStack() as stack:
        try:
            programs = _start(stack, household, options)
            if not options.exit_when_ready:
                _stay(programs)
        except Problem as problem:
            return report(problem)
        except KeyboardInterrupt:
            print("\nstopping")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/develop",
        description="A simulated Tesla cloud and a real Home Assistant with the integration in it.",
    )
    parser.add_argument("--empty", action="store_true", help="without an entry: walk the set-up")
    parser.add_argument("--reset", action="store_true", help="forget everything first")
    parser.add_argument("--port", type=int, default=8123, help="Home Assistant's (%(default)s)")
    parser.add_argument(
        "--simulator-port", type=int, default=8765, help="the simulator's (%(default)s)"
    )
    parser.add_argument(
        "--receiver-port",
        type=int,
        default=RECEIVER_PORT,
        help="the one that cars stream to (%(default)s)",
    )
    parser.add_argument(
        "--exit-when-ready", action="store_true", help="stop once the cars have been seen"
    )
    return parser.parse_args()


def _start(stack: ExitStack, household: Household, options: argparse.Namespace) -> list[Program]:
    """Start both programs, set the integration up and say where things are."""
    port = _port("Home Assistant", options.port)
    home_assistant_url = f"http://{HOST}:{port}"
    simulator, simulator_url = start_simulator(
        port=_port("the simulator", options.simulator_port),
        home_assistant_url=home_assistant_url,
        log=FOLDER / "simulator.log",
    )
    stack.enter_context(simulator)
    program, api = start_home_assistant(
        household,
        port=port,
        simulator_url=simulator_url,
        log=FOLDER / "home-assistant.log",
    )
    stack.enter_context(program)
    # The simulated Tesla forgets its logins when it stops; entity ids and history survive this.
    walk.remove(api)
    if not options.empty:
        entry_id = walk.set_up(api)
        _wait_for_cars(api)
        streaming.turn_on(api, entry_id, port=_port("the receiver", options.receiver_port))
        _wait_for_streams(simulator_url)
        board.put_up(api)
    _greet(api, simulator_url, empty=options.empty)
    return [simulator, program]


def _port(name: str, preferred: int) -> int:
    port = free_port(preferred)
    if port != preferred:
        print(f"port {preferred} is taken, so {name} listens on {port}")
    return port


def _wait_for_cars(api: HomeAssistantApi) -> None:
    deadline = time.monotonic() + APPEAR
    while len(seen := _switches(api)) < CARS:
        if time.monotonic() > deadline:
            message = f"only {len(seen)} of {CARS} cars have a sentry mode switch"
            raise Problem(message, next_step=f"read {FOLDER / 'home-assistant.log'}")
        time.sleep(0.5)


def _wait_for_streams(simulator_url: str) -> None:
    deadline = time.monotonic() + STREAM
    while not streaming.connected(simulator_url):
        if time.monotonic() > deadline:
            message = "no car streams"
            raise Problem(message, next_step=f"read {FOLDER / 'home-assistant.log'}")
        time.sleep(0.5)


def _switches(api: HomeAssistantApi) -> list[dict[str, Any]]:
    return [
        entity
        for entity in api.command("config/entity_registry/list")
        if entity["platform"] == DOMAIN
        and entity["unique_id"].endswith("sentry_mode")
        and entity["entity_id"].startswith("switch.")
    ]


def _greet(api: HomeAssistantApi, simulator_url: str, *, empty: bool) -> None:
    print(f"\nHome Assistant  {api.url}   login {USERNAME} / {PASSWORD}")
    print(f"the simulator   {simulator_url}")
    print(f"logs            {FOLDER}/*.log")
    if empty:
        print(
            f"\nSettings > Devices & services > Add integration > TeslaLogger, with\n"
            f"  client id {CLIENT_ID}, client secret {CLIENT_SECRET}, domain {PUBLIC_DOMAIN}"
        )
    else:
        streams = len(streaming.connected(simulator_url))
        print(f"\nready: {len(_switches(api))} cars, {streams} streaming")
        print(f"their dashboard {api.url}/{board.PATH}")
    print("Ctrl-C stops both", flush=True)


def _stay(programs: list[Program]) -> None:
    while True:
        for program in programs:
            program.check()
        time.sleep(1)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
