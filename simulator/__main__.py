"""Runs the simulator on its own: `python -m simulator --help`."""

import argparse
import logging
from typing import TYPE_CHECKING, Final

from aiohttp import web

from simulator.clock import Clock
from simulator.cloud.app import create_app
from simulator.garage import standard_world

if TYPE_CHECKING:
    from collections.abc import Sequence

PORT: Final = 8765


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulator", description="A Tesla cloud with cars in it.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on (%(default)s)")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="simulated seconds in a real one (%(default)s)"
    )
    parser.add_argument(
        "--internet",
        action="append",
        default=[],
        metavar="DOMAIN=URL",
        type=_domain,
        help="the server that stands behind a domain; may be given again",
    )
    parser.add_argument(
        "--telemetry-route",
        action="append",
        default=[],
        metavar="HOST[:PORT]=ADDRESS[:PORT]",
        type=_route,
        help="where cars find a telemetry receiver; HOSTs that end in .test are this machine",
    )
    return parser.parse_args(argv)


def _domain(text: str) -> tuple[str, str]:
    domain, separator, url = text.partition("=")
    if not (domain and separator and url.startswith(("http://", "https://"))):
        msg = f"{text!r} is not DOMAIN=URL"
        raise argparse.ArgumentTypeError(msg)
    return domain, url


def _route(text: str) -> tuple[str, str]:
    host, separator, address = text.partition("=")
    if not (host and separator and address):
        msg = f"{text!r} is not HOST[:PORT]=ADDRESS[:PORT]"
        raise argparse.ArgumentTypeError(msg)
    return host, address


def main(argv: Sequence[str] | None = None) -> None:
    """Serve the standard world until interrupted."""
    chosen = _arguments(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    world = standard_world(clock=Clock(chosen.speed), internet=dict(chosen.internet))
    world.streaming.routes.update(chosen.telemetry_route)
    app = create_app(world, streaming=True)
    web.run_app(app, host=chosen.host, port=chosen.port, access_log=None)


if __name__ == "__main__":
    main()
