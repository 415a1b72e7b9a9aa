"""The simulator as fixtures."""

from tests.simulator_fixtures import simulator_url, world  # noqa: F401 - fixtures
