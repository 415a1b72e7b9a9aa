"""What Tesla's reference implementation was seen to compute."""

import json
from pathlib import Path
from typing import Any, Final

_DATA: Final = Path(__file__).parents[3] / "data"

PROTOCOL: Final[dict[str, Any]] = json.loads(
    (_DATA / "vehicle-command-protocol.json").read_text("utf-8")
)
MESSAGES: Final[dict[str, Any]] = json.loads(
    (_DATA / "vehicle-command-vectors.json").read_text("utf-8")
)
KEYS: Final[dict[str, str]] = PROTOCOL["keys"]
CONVERSATION: Final[dict[str, Any]] = PROTOCOL["conversation"]


def data(text: str) -> bytes:
    """Bytes that are written in hexadecimal."""
    return bytes.fromhex(text)
