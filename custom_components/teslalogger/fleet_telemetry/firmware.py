"""Versions of the cars' software, and from which on they understand what."""

import re
from typing import Final

type Firmware = tuple[int, ...]

_VERSION: Final = re.compile(r"\s*(20\d\d(?:\.\d+)+)(?![\d.])")

CONFIGURABLE: Final[Firmware] = (2024, 26)
"""Signed configurations are accepted; nothing older can stream to us."""
DELTAS: Final[Firmware] = (2024, 44, 32)
"""`minimum_delta` and `resend_interval_seconds`."""
DELIVERY: Final[Firmware] = (2025, 2, 6)
"""`delivery_policy`: what was not acknowledged is sent again."""
OLD_DESIGN: Final[Firmware] = (2025, 20)
"""Model S and X before 2021 with Intel's computer stream, if their owner allows it in the car."""
INCLUDES: Final[Firmware] = (2026, 26, 6)
"""`include_fields`."""


def read_firmware(text: str | None) -> Firmware | None:
    """The numbers of a version such as "2025.44.25.5 6d6f1d0"; None if it is none."""
    match = _VERSION.match(text or "")
    return tuple(map(int, match[1].split("."))) if match else None


def show_firmware(firmware: Firmware) -> str:
    """As Tesla writes it."""
    return ".".join(map(str, firmware))
