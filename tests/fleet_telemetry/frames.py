"""The frames that Tesla's own server was asked about, and what it made of them."""

from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any, Final, Self

from custom_components.teslalogger.fleet_telemetry.identity import ClientType, Identity

_DATA: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "fleet-telemetry-frames.json").read_text()
)
CAR: Final = Identity(client_type=ClientType.VEHICLE_DEVICE, device_id=_DATA["vin"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One message, and the reference server's answers, dispatched record and MQTT messages."""

    name: str
    content: bytes
    envelope: dict[str, Any]
    answers: tuple[bytes, ...]
    dispatched: dict[str, Any] | None
    mqtt: dict[str, Any]

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """A row of the file; MQTT topics without base and VIN."""
        reference = row["reference"]
        prefix = f"telemetry/{CAR.device_id}/"
        return cls(
            name=row["file"],
            content=bytes.fromhex(row["hex"]),
            envelope=row["envelope"],
            answers=tuple(bytes.fromhex(answer["hex"]) for answer in reference["responses"]),
            dispatched=reference.get("dispatched", {}).get("protojson"),
            mqtt={
                topic.removeprefix(prefix): content
                for topic, content in reference.get("mqtt", {}).items()
            },
        )

    def __str__(self) -> str:
        return self.name


FRAMES: Final = tuple(Frame.of(row) for row in _DATA["frames"])


def with_payload(frame: bytes, payload: bytes) -> bytes:
    """The frame with another payload: the offset that leads to it leads behind the frame."""
    stream = int.from_bytes(frame[0x1C:0x20], "little") + 0x1C
    vtable = stream - int.from_bytes(frame[stream : stream + 4], "little", signed=True)
    place = stream + int.from_bytes(frame[vtable + 8 : vtable + 10], "little")
    offset = len(frame) - place
    pointed = frame[:place] + offset.to_bytes(4, "little") + frame[place + 4 :]
    return pointed + len(payload).to_bytes(4, "little") + payload
