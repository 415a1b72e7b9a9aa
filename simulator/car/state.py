"""Everything about a car that changes, in the units of its display's data: km, kWh, °C, bar."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from simulator.car.road import Moment

if TYPE_CHECKING:
    from simulator.car.road import Road

type Cable = Literal["ac", "dc"] | None

THIRD_ROW = ("third_row_left", "third_row_right")
SEATS = (
    "front_left",
    "front_right",
    "rear_left",
    "rear_left_back",
    "rear_center",
    "rear_right",
    "rear_right_back",
    *THIRD_ROW,
)
DAYS = ("SUN", "MON", "TUES", "WED", "THURS", "FRI", "SAT")
WINDOWS = ("fd", "fp", "rd", "rp")
WHEELS = ("fl", "fr", "rl", "rr")
KEEPER_MODES = ("off", "on", "dog", "camp")
OVERHEAT_LEVELS = ("Low", "Medium", "High")
PARENTAL_SETTINGS = (
    "SpeedLimit",
    "Acceleration",
    "SafetyFeatures",
    "Curfew",
    "BrowserBlocked",
    "TheaterBlocked",
    "ArcadeBlocked",
)

MIN_LIMIT: Final = 50
STANDARD_LIMIT: Final = 80
MAX_LIMIT: Final = 100
MIN_TEMPERATURE: Final = 15.0
MAX_TEMPERATURE: Final = 28.0
MIN_SPEED_LIMIT: Final = 50
MAX_SPEED_LIMIT: Final = 120
REMOTE_START_SECONDS: Final = 120.0
RECOMMENDED_PRESSURE: Final = 2.9
NEAR: Final = 0.01
"""Degrees within which two places count as one."""


@dataclass(kw_only=True, slots=True)
class Charge:
    """Battery and cable. `energy` is what the battery holds in kWh.

    `managed_in` are the seconds until the utility lets a car charge that is in its programme.
    """

    energy: float
    limit: int = STANDARD_LIMIT
    amps: int = 16
    cable: Cable = None
    wanted: bool = True
    added: float = 0.0
    port_open: bool = False
    scheduled: int | None = None
    managed_in: float | None = None
    departure: dict[str, Any] = field(default_factory=dict)
    schedules: dict[int, dict[str, Any]] = field(default_factory=dict)
    precondition_schedules: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class Climate:
    """The cabin, in °C."""

    inside: float = 19.0
    outside: float = 12.0
    on: bool = False
    driver: float = 21.0
    passenger: float = 21.0
    defrost: bool = False
    bioweapon: bool = False
    keeper: int = 0
    overheat: bool = False
    overheat_fan_only: bool = False
    overheat_level: int = 2
    steering_wheel: bool = False
    steering_wheel_level: int = 3
    steering_wheel_auto: bool = False
    seat_heaters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEATS, 0))
    seat_coolers: dict[int, int] = field(default_factory=lambda: {1: 0, 2: 0})
    auto_seats: dict[int, bool] = field(default_factory=lambda: {1: True, 2: True})

    def switch_off(self) -> None:
        """Off, and everything with it that only runs while the climate does."""
        self.on = self.defrost = self.bioweapon = self.steering_wheel = False
        self.keeper = 0
        self.seat_heaters = dict.fromkeys(self.seat_heaters, 0)
        self.seat_coolers = dict.fromkeys(self.seat_coolers, 0)


@dataclass(kw_only=True, slots=True)
class Trip:
    """A drive under way: how long it is in km, and how long it has taken in seconds.

    Without a `road` the car goes at even speeds.
    """

    length: float
    seconds: float = 0.0
    road: Road | None = None

    @property
    def moment(self) -> Moment:
        """What the road is like where the car is; even and straight if it has none."""
        return Moment() if self.road is None else self.road.moment(self.seconds)


@dataclass(kw_only=True, slots=True)
class Motion:
    """Where the car is and how it moves; degrees, km, km/h, kW."""

    latitude: float = 52.5219
    longitude: float = 13.4132
    heading: int = 90
    odometer: float = 24_500.0
    speed: float = 0.0
    power: float = 0.0
    trip: Trip | None = None

    def stop(self) -> None:
        """Stand still."""
        self.trip = None
        self.speed = self.power = 0.0


@dataclass(kw_only=True, slots=True)
class Pins:
    """PIN-protected modes; a PIN is kept from the first use until it is cleared."""

    valet: str | None = None
    drive: str | None = None
    speed_limit: str | None = None
    parental: str | None = None


@dataclass(kw_only=True, slots=True)
class Update:
    """The software that is to come, in Tesla's words; both numbers are percent."""

    status: Literal["", "available", "downloading", "downloading_wifi_wait", "installing"] = ""
    version: str = " "
    download: int = 0
    installation: int = 1


@dataclass(kw_only=True, slots=True)
class CarState:
    """The car as it is now; `remote_start` and `update_in` are seconds that are left.

    `extras` are what Tesla's app alone sets, by command. `tires_silent` are the seconds since the
    wheels' sensors were heard.
    """

    name: str
    charge: Charge
    climate: Climate = field(default_factory=Climate)
    motion: Motion = field(default_factory=Motion)
    pins: Pins = field(default_factory=Pins)
    locked: bool = True
    sentry_mode: bool = False
    valet_mode: bool = False
    guest_mode: bool = False
    pin_to_drive: bool = False
    speed_limit_active: bool = False
    speed_limit_mph: float = 75.0
    parental_active: bool = False
    parental_settings: dict[str, bool] = field(default_factory=dict)
    parental_limit_mph: float = 75.0
    remote_start: float = 0.0
    user_present: bool = False
    low_power: bool = False
    accessory_power: bool = False
    streaming_allowed: bool = False
    volume: float = 3.0
    playing: bool = False
    track: int = 0
    favourite: int = 0
    tonneau: Literal["closed", "open", "stopped"] = "closed"
    sun_roof: int = 0
    update: Update = field(default_factory=Update)
    update_in: float | None = None
    open_doors: set[str] = field(default_factory=set)
    open_trunks: set[str] = field(default_factory=set)
    open_windows: set[str] = field(default_factory=set)
    tires: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(WHEELS, RECOMMENDED_PRESSURE)
    )
    tires_silent: float = 3_600.0
    stops: list[str] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """One more of something that leaves no other trace, like a flash of the lights."""
        self.counts[what] = self.counts.get(what, 0) + 1
