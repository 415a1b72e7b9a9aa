"""A configuration folder as if a person had been through Home Assistant's welcome.

The stores are those of Home Assistant 2026.10: with `http` in configuration.yaml instead of in
its store it would run on trial and restart itself after five minutes.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
import secrets
import shutil
import time
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import bcrypt
import jwt

from .loopback import HOST
from .places import DOMAIN, INTEGRATION, PUBLIC_DOMAIN

if TYPE_CHECKING:
    from pathlib import Path

USERNAME: Final = "developer"
PASSWORD: Final = "developer"  # noqa: S105  # of a Home Assistant that only this machine can reach
TOKEN_NAME: Final = "scripts"  # noqa: S105  # a name
TEN_YEARS: Final = timedelta(days=3650)

CONFIGURATION: Final = """\
# Written by scripts/develop. Nothing here looks for devices in the network.
config:
energy:
frontend:
history:
logbook:
recorder:
logger:
  default: warning
  logs:
    custom_components.teslalogger: debug
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Household:
    """A configuration folder of ours."""

    folder: Path

    def prepare(self, *, port: int) -> None:
        """Write what is missing, and the port each time."""
        storage = self.folder / ".storage"
        storage.mkdir(parents=True, exist_ok=True)
        (self.folder / "configuration.yaml").write_text(CONFIGURATION)
        components = self.folder / "custom_components"
        components.mkdir(exist_ok=True)
        link = components / DOMAIN
        if link.is_symlink() or not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(INTEGRATION, target_is_directory=True)
        for key, store in {**_first_stores(), **_auth_stores()}.items():
            if not (storage / key).exists():
                _write(storage / key, store)
        _write(storage / "http", _http_store(port))
        core = storage / "core.config"
        stored = json.loads(core.read_text())
        stored["data"]["internal_url"] = f"http://{HOST}:{port}"
        _write(core, stored)

    def access_token(self) -> str:
        """A token for Home Assistant's API, made from the long-lived one in the store."""
        stored = json.loads((self.folder / ".storage" / "auth").read_text())
        token = next(
            token
            for token in stored["data"]["refresh_tokens"]
            if token["client_name"] == TOKEN_NAME
        )
        now = int(time.time())
        return jwt.encode(
            {"iss": token["id"], "iat": now, "exp": now + int(TEN_YEARS.total_seconds())},
            token["jwt_key"],
            algorithm="HS256",
        )

    def wipe(self) -> None:
        """Forget everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _write(path: Path, store: dict[str, Any]) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(store, indent=2))


def _store(key: str, data: Any, *, version: int = 1, minor_version: int = 1) -> dict[str, Any]:
    return {"version": version, "minor_version": minor_version, "key": key, "data": data}


def _first_stores() -> dict[str, dict[str, Any]]:
    return {
        "onboarding": _store(
            "onboarding", {"done": ["user", "core_config", "analytics", "integration"]}, version=4
        ),
        "core.analytics": _store(
            "core.analytics", {"onboarded": True, "preferences": {}, "uuid": None}
        ),
        "core.config": _store(
            "core.config",
            {
                "latitude": 52.5170,
                "longitude": 13.3889,
                "elevation": 34,
                "unit_system_v2": "metric",
                "location_name": "Home",
                "time_zone": "Europe/Berlin",
                "external_url": f"https://{PUBLIC_DOMAIN}",
                "internal_url": None,
                "currency": "EUR",
                "country": "DE",
                "language": "en",
                "radius": 100,
            },
            minor_version=4,
        ),
    }


def _auth_stores() -> dict[str, dict[str, Any]]:
    user, credential = uuid4().hex, uuid4().hex
    password = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(rounds=4))
    return {
        "auth": _store(
            "auth",
            {
                "users": [
                    {
                        "id": user,
                        "group_ids": ["system-admin"],
                        "is_owner": True,
                        "is_active": True,
                        "name": "Developer",
                        "system_generated": False,
                        "local_only": False,
                    }
                ],
                "groups": [
                    {"id": "system-admin", "name": "Administrators"},
                    {"id": "system-users", "name": "Users"},
                    {"id": "system-read-only", "name": "Read Only"},
                ],
                "credentials": [
                    {
                        "id": credential,
                        "user_id": user,
                        "auth_provider_type": "homeassistant",
                        "auth_provider_id": None,
                        "data": {"username": USERNAME},
                    }
                ],
                "refresh_tokens": [_long_lived_token(user)],
            },
        ),
        "auth_provider.homeassistant": _store(
            "auth_provider.homeassistant",
            {"users": [{"username": USERNAME, "password": base64.b64encode(password).decode()}]},
        ),
    }


def _long_lived_token(user: str) -> dict[str, Any]:
    return {
        "id": uuid4().hex,
        "user_id": user,
        "client_id": None,
        "client_name": TOKEN_NAME,
        "client_icon": None,
        "token_type": "long_lived_access_token",
        "created_at": datetime.now(UTC).isoformat(),
        "access_token_expiration": TEN_YEARS.total_seconds(),
        "token": secrets.token_hex(64),
        "jwt_key": secrets.token_hex(64),
        "last_used_at": None,
        "last_used_ip": None,
        "expire_at": None,
        "credential_id": None,
        "version": None,
    }


def _http_store(port: int) -> dict[str, Any]:
    return _store(
        "http",
        {
            "stable": {
                "server_host": [HOST],
                "server_port": port,
                "cors_allowed_origins": [],
                "login_attempts_threshold": -1,
                "ip_ban_enabled": False,
                "ssl_profile": "modern",
                "use_x_frame_options": True,
                "created_at": datetime.now(UTC).isoformat(),
                "error": None,
                "error_message": None,
            },
            "pending": None,
            "yaml_migration_done": True,
        },
        version=2,
        minor_version=2,
    )
