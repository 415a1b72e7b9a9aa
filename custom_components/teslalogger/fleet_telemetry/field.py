"""What is known of a field before a car is asked to stream it."""

from dataclasses import dataclass
from enum import StrEnum
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .firmware import Firmware

_ASSIST_COMPUTER: Final = re.compile(r"\d+$")
_FIRST_HW4: Final = 4


class Group(StrEnum):
    """Tesla's own sections of its list of fields."""

    CHARGING = "charging"
    CLIMATE = "climate"
    DRIVING = "driving"
    LOCATION = "location"
    MEDIA = "media"
    POWERTRAIN = "powertrain"
    SAFETY = "safety"
    SERVICE = "service"
    USER_PREFERENCE = "user_preference"
    VEHICLE_CONFIGURATION = "vehicle_configuration"
    VEHICLE_STATE = "vehicle_state"


class Hardware(StrEnum):
    """What a car must have to know a field."""

    HW4 = "hw4"
    TRI_MOTOR = "tri_motor"
    CYBERTRUCK = "cybertruck"
    SEMI = "semi"


class Activity(StrEnum):
    """When a value moves, and how much: what its signals cost depends on nothing else.

    How often each one moves is the table of activity.py.
    """

    CONSTANT = "constant"
    SETTING = "setting"  # by its owner, now and then
    TRIP = "trip"  # once as a trip begins and once as it ends
    DOORS = "doors"  # several times as a trip begins and as it ends
    DRIVE_FAST = "drive_fast"  # all the time that the car moves
    DRIVE_SLOW = "drive_slow"  # drifts while the car moves
    DRIVE_EVENT = "drive_event"  # by the driver or the road, while the car moves
    LIGHTS = "lights"  # as the driver brakes and turns
    ALWAYS_FAST = "always_fast"  # all the time that the car is awake
    DRIFT = "drift"  # with the weather and the cabin, all the time that the car is awake
    LEVEL = "level"  # with the energy in the battery
    CHARGE_FAST = "charge_fast"  # all the time that the car charges
    SUPERCHARGE = "supercharge"  # all the time that the car charges with direct current
    CHARGE_SLOW = "charge_slow"  # drifts while the car charges
    CHARGE_EVENT = "charge_event"  # as the cable or the charger changes its state
    COMFORT = "comfort"  # by the climate system, or whoever sits in the car
    ROUTE = "route"  # counts down while navigating
    ROUTE_EVENT = "route_event"  # as navigation begins and ends
    TITLE = "title"  # with each piece that is played
    PLAYING = "playing"  # all the time that something is played
    UPDATE = "update"  # while new software comes
    SELDOM = "seldom"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One streamed field, by Tesla's number and name.

    `interval` and `resend` are seconds that suit most, `delta` is in the field's unit (metres for
    a position) and None if it takes none or is best without. Below `least_delta` the car is
    silent. `firmware` is the oldest that knows the field, `partner` the only field it may include,
    and `never` why it is not offered at all.
    """

    number: int
    name: str
    group: Group
    activity: Activity
    interval: int
    firmware: Firmware
    takes_delta: bool = False
    delta: float | None = None
    least_delta: float | None = None
    resend: int | None = None
    hardware: Hardware | None = None
    needs_location: bool = False
    partner: str | None = None
    never: str | None = None


def possible_hardware(model: str | None, driver_assist: str | None = None) -> frozenset[Hardware]:
    """What the car has, or may have as far as is known.

    `model` is the letter of the VIN, `driver_assist` the word of `vehicle_config` ("TeslaAP3").
    """
    computer = _ASSIST_COMPUTER.search(driver_assist or "")
    models = {
        Hardware.HW4: None,
        Hardware.TRI_MOTOR: "SXCR",
        Hardware.CYBERTRUCK: "C",
        Hardware.SEMI: "T",
    }
    return frozenset(
        hardware
        for hardware, letters in models.items()
        if (letters is None or model is None or model in letters)
        and not (hardware is Hardware.HW4 and computer and int(computer[0]) < _FIRST_HW4)
    )
