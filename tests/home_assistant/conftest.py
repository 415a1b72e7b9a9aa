"""Fixtures for the tests that run in Home Assistant."""

import pytest

# Imported before Home Assistant looks for custom components: its test plugin ships its own folder.
import custom_components.teslalogger  # noqa: F401

from .dialog import dialog, web_host  # noqa: F401 - fixtures
from .live import live, simulator_url, start_live, world  # noqa: F401 - fixtures
from .running import (  # noqa: F401 - fixtures
    cloud,
    entry,
    everything_enabled,
    loaded,
    now,
    platforms,
    scopes,
    snapshot,
    start,
)


@pytest.fixture(autouse=True)
def _custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant find the integration."""


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A folder of its own for each test: the vault is a real file."""
    return hass_tmp_config_dir
