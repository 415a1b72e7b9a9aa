"""Values on their way out: typed as new software sends them, or as text like the old."""

from dataclasses import dataclass
import math
import struct
from typing import Any, Final

from tesla_protocol.telemetry.vehicle_data_pb2 import Value

REAL: Final = "double_value"
INTEGER: Final = "int_value"
BOOLEAN: Final = "boolean_value"
TEXT: Final = "string_value"
PLACE: Final = "location_value"
DOORS: Final = "door_value"
TIRES: Final = "tire_location_value"
TIME: Final = "time_value"

_ROUNDING: Final = 1e-9  # a tenth more is a tenth, also where 64.1 - 64.0 is not
_EARTH: Final = 6_371_000.0
_INVALID: Final = "<invalid>"
_MEMBERS: Final = {member.name: member for member in Value.DESCRIPTOR.fields}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A value of a field at a moment.

    Args:
        kind: the member of Tesla's `Value` that it travels in.
        content: a number, text, the short name of an enum's value, a (latitude, longitude),
            minutes of the day, or a frozenset of what is open or low; None where the car has
            nothing to say.
    """

    kind: str
    content: Any

    def typed(self) -> Value:
        """As new software sends it."""
        if self.content is None:
            return Value(invalid=True)
        value = Value()
        member = _MEMBERS[self.kind]
        if member.enum_type is not None:
            name = _prefix(member.enum_type) + self.content
            setattr(value, self.kind, member.enum_type.values_by_name[name].number)
        elif self.kind == REAL:
            value.double_value = _single(self.content)
        elif self.kind == PLACE:
            # Set as a message even where both are zero.
            value.location_value.SetInParent()
            value.location_value.latitude, value.location_value.longitude = self.content
        elif self.kind == TIME:
            value.time_value.SetInParent()
            value.time_value.hour, value.time_value.minute = divmod(self.content, 60)
        elif member.message_type is not None:
            flags = getattr(value, self.kind)
            flags.SetInParent()
            for name in self.content:
                setattr(flags, name, True)
        else:
            setattr(value, self.kind, self.content)
        return value

    def text(self) -> Value:
        """As old software sends it."""
        return Value(string_value=_INVALID if self.content is None else self._words())

    def differs(self, former: Sample, delta: float | None) -> bool:
        """Whether it is another value, and further away than `delta`, where that is a distance."""
        if self == former:
            return False
        if delta is None or self.content is None or former.content is None:
            return True
        match self.kind:
            case "double_value" | "int_value":
                return bool(abs(self.content - former.content) >= delta - _ROUNDING)
            case "location_value":
                return metres(self.content, former.content) >= delta
            case _:
                return True

    def _words(self) -> str:
        match self.kind:
            case "double_value":
                return f"{self.content:.3f}"
            case "boolean_value":
                return "true" if self.content else "false"
            case "door_value" | "tire_location_value":
                return "|".join(sorted(self.content))
            case "time_value":
                return "{:02}:{:02}:00".format(*divmod(self.content, 60))
            case "location_value":
                latitude, longitude = self.content
                return (
                    f"({abs(latitude):.6f} {'N' if latitude >= 0 else 'S'}, "
                    f"{abs(longitude):.6f} {'E' if longitude >= 0 else 'W'})"
                )
            case _:
                return str(self.content)


def _prefix(enum: Any) -> str:
    return str(enum.values_by_number[0].name.removesuffix("Unknown"))


def _single(number: float) -> float:
    """With the noise of the narrower type that the car computes in."""
    return float(struct.unpack("<f", struct.pack("<f", number))[0])


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two places are from each other, on a ground that is flat enough."""
    north = math.radians(one[0] - other[0])
    east = math.radians(one[1] - other[1]) * math.cos(math.radians(one[0]))
    return _EARTH * math.hypot(north, east)
