"""A session as it is kept on disk."""

import base64
from dataclasses import dataclass
import math
from typing import TYPE_CHECKING, Final, Self

from .errors import DamagedSession
from .keys import POINT_SIZE

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH_SIZE: Final = 16
MAX_COUNTER: Final = 0xFFFFFFFF


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSession:
    """What must survive a restart; holds no secret.

    `zero_wall` is the wall-clock time (Unix seconds) at which the car's clock showed zero, and
    `counter` the highest one that may have been used.
    """

    public_key: bytes
    epoch: bytes
    zero_wall: float
    counter: int
    encrypts: bool

    def __post_init__(self) -> None:
        if len(self.public_key) != POINT_SIZE or len(self.epoch) != EPOCH_SIZE:
            message = "a stored key or epoch has the wrong size"
            raise DamagedSession(message)
        if not (0 <= self.counter <= MAX_COUNTER and math.isfinite(self.zero_wall)):
            message = "a stored counter or clock is out of range"
            raise DamagedSession(message)

    def to_dict(self) -> dict[str, str | float | int | bool]:
        """As JSON can hold it."""
        return {
            "public_key": base64.b64encode(self.public_key).decode(),
            "epoch": base64.b64encode(self.epoch).decode(),
            "zero_wall": self.zero_wall,
            "counter": self.counter,
            "encrypts": self.encrypts,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> Self:
        """The inverse of `to_dict`. Raises DamagedSession."""
        match stored:
            case {
                "public_key": str(public_key),
                "epoch": str(epoch),
                "zero_wall": float() | int() as zero_wall,
                "counter": int(counter),
                "encrypts": bool(encrypts),
            }:
                try:
                    return cls(
                        public_key=base64.b64decode(public_key, validate=True),
                        epoch=base64.b64decode(epoch, validate=True),
                        zero_wall=zero_wall,
                        counter=counter,
                        encrypts=encrypts,
                    )
                except ValueError as err:
                    message = "a stored key or epoch is not base64"
                    raise DamagedSession(message) from err
        message = "a stored session lacks a part"
        raise DamagedSession(message)
