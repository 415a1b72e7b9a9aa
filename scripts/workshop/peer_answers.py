"""What no rule can derive of the peers' entities: what we have instead, or why nothing."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

type PeerName = tuple[str, str, str]

BY_HAND: Final[Mapping[PeerName, str]] = {
    ("tesla_custom", "sensor", "data_last_update_time"): "sensor.last_update",
    ("tesla_custom", "select", "powerwall_mode"): "select.operation_mode",
    ("tesla_custom", "button", "force_data_update"): "button.refresh",
    ("tesla_custom", "sensor", "time_charge_complete"): "sensor.minutes_to_full_charge",
    ("teslemetry", "cover", "tonneau"): "cover.tonneau",
}
"""Platform and key of ours."""

WITHOUT: Final[Mapping[PeerName, str]] = {
    ("teslemetry", "binary_sensor", "cellular"): "only the car's telemetry server sees its network",
    ("teslemetry", "binary_sensor", "wifi"): "only the car's telemetry server sees its network",
    ("teslemetry", "sensor", "credit_balance"): "money with a service that is not needed here",
    ("teslemetry", "sensor", "credit_quota"): "money with a service that is not needed here",
    ("tesla_custom", "sensor", "polling_interval"): "the next question depends on the car's state",
    (
        "tesla_custom",
        "switch",
        "polling",
    ): "an option of every entry in Home Assistant itself",
    ("tesla_custom", "text", "teslamate_id"): "TeslaMate is not needed for anything here",
}
"""Why there is nothing."""
