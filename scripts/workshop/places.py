"""Where things lie."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
CACHE: Final = ROOT / ".cache"
INTEGRATION: Final = ROOT / "custom_components" / "teslalogger"
DOMAIN: Final = "teslalogger"
PUBLIC_DOMAIN: Final = "home.example.test"
"""The name under which the simulated internet reaches this Home Assistant."""
