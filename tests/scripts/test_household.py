"""The prepared configuration folder."""

import base64
import json
from typing import TYPE_CHECKING, Any

import bcrypt
import jwt
import pytest

from scripts.workshop.household import PASSWORD, Household
from scripts.workshop.places import INTEGRATION

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def household(tmp_path: Path) -> Household:
    """A folder that nobody has used yet."""
    household = Household(folder=tmp_path / "config")
    household.prepare(port=8123)
    return household


def _data(household: Household, key: str) -> dict[str, Any]:
    store: dict[str, Any] = json.loads((household.folder / ".storage" / key).read_text())
    assert store["key"] == key
    data: dict[str, Any] = store["data"]
    return data


def test_home_assistant_listens_on_this_machine_only(household: Household) -> None:
    """And not on trial, after which it would restart itself."""
    http = _data(household, "http")
    assert http["stable"]["server_host"] == ["127.0.0.1"]
    assert http["stable"]["server_port"] == 8123
    assert http["pending"] is None
    assert http["yaml_migration_done"] is True


def test_the_stores_are_readable_by_their_owner_only(household: Household) -> None:
    """They hold a login."""
    modes = {path.stat().st_mode & 0o777 for path in (household.folder / ".storage").iterdir()}
    assert modes == {0o600}


def test_the_login_works(household: Household) -> None:
    """The password is stored as Home Assistant expects it."""
    (user,) = _data(household, "auth_provider.homeassistant")["users"]
    assert bcrypt.checkpw(PASSWORD.encode(), base64.b64decode(user["password"]))


def test_the_token_belongs_to_the_stored_one(household: Household) -> None:
    """It is signed with its key and names it."""
    (stored,) = _data(household, "auth")["refresh_tokens"]
    claims = jwt.decode(household.access_token(), stored["jwt_key"], algorithms=["HS256"])
    assert claims["iss"] == stored["id"]


def test_the_integration_is_the_one_of_this_repository(household: Household) -> None:
    """A change shows at the next start."""
    assert (household.folder / "custom_components" / "teslalogger").resolve() == INTEGRATION


def test_a_second_time_only_moves_the_port(household: Household) -> None:
    """Login and everything else stay as they were."""
    before = _data(household, "auth")
    household.prepare(port=9000)
    assert _data(household, "auth") == before
    assert _data(household, "http")["stable"]["server_port"] == 9000
    assert _data(household, "core.config")["internal_url"] == "http://127.0.0.1:9000"


def test_wiping_leaves_nothing(household: Household) -> None:
    """The next start is a first start."""
    household.wipe()
    assert not household.folder.exists()
    assert INTEGRATION.exists()
