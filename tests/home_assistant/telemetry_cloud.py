"""Tesla's side of streaming: what it holds for cars, and what they told it."""

import base64
import json
from typing import TYPE_CHECKING, Any

from custom_components.teslalogger.tesla import StoredTelemetryConfig, TelemetryConfigAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class FakeTelemetry:
    """Stands for TelemetryApi.

    `held` are the claims by VIN, `synced` the cars that have fetched theirs; `skips` are reasons
    for not giving any, `full` cars with too many applications, `unpaired` those without the key in
    Tesla's eyes, and `rows` what cars complain of.
    """

    def __init__(self, ask: Callable[..., None]) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.synced: set[str] = set()
        self.skips: dict[str, str] = {}
        self.full: set[str] = set()
        self.unpaired: set[str] = set()
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.created: list[Sequence[str]] = []
        self._ask = ask

    async def create(self, vins: Sequence[str], token: str) -> TelemetryConfigAnswer:
        """Hold the token's claims for these cars, but for those that are skipped."""
        self._ask("create_telemetry")
        self.created.append(list(vins))
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        skips = dict.fromkeys(self.full, "max_configs") | self.skips
        given = [vin for vin in vins if vin not in skips]
        self.held |= dict.fromkeys(given, claims)
        self.synced -= set(given)
        skipped = {vin: reason for vin, reason in skips.items() if vin in vins}
        return TelemetryConfigAnswer(updated=len(given), skipped=skipped)

    async def get(self, vin: str) -> StoredTelemetryConfig:
        """What is held."""
        self._ask("telemetry", vin)
        return StoredTelemetryConfig(
            synced=vin in self.synced,
            config=self.held.get(vin),
            limit_reached=vin in self.full,
            key_paired=vin not in self.unpaired,
        )

    async def delete(self, vin: str) -> int:
        """Hold it no more."""
        self._ask("delete_telemetry", vin)
        return int(self.held.pop(vin, None) is not None)

    async def errors(self, vin: str, *, partner: None = None) -> list[dict[str, Any]]:
        """What the car told."""
        assert partner is None
        self._ask("telemetry_errors", vin)
        return self.rows.get(vin, [])
