"""Tesla as the integration's running side sees it: a FleetClient without a network."""

from collections import Counter
from dataclasses import dataclass, field
import time
from typing import TYPE_CHECKING, Any, Final

from custom_components.teslalogger.tesla import (
    ENDPOINTS,
    Availability,
    CommandAnswer,
    FleetStatus,
    NotFound,
    Product,
    Products,
    Region,
    RequestRecord,
    TeslaError,
    VehicleInfo,
    VehicleReads,
    VehicleUnavailable,
)

from .energy_cloud import FakeEnergy, FakeSite
from .telemetry_cloud import FakeTelemetry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MODEL_X: Final = "5YJXCDE22JF012345"
MODEL_3: Final = "5YJ3E7EB8MF012346"
MODEL_Y: Final = "XP7YGCEK6SB012348"


def vehicle_data(**changes: Any) -> dict[str, Any]:
    """What a parked, plugged-in car tells now; `changes` are "sub_state__name" to value."""
    now = int(time.time() * 1000)
    data: dict[str, Any] = {
        "state": "online",
        "charge_state": {
            "battery_level": 72,
            "usable_battery_level": 71,
            "battery_range": 210.5,
            "est_battery_range": 190.2,
            "ideal_battery_range": 210.5,
            "charge_limit_soc": 80,
            "charge_energy_added": 12.3,
            "charger_power": 0,
            "charger_voltage": 2,
            "charger_actual_current": 0,
            "charge_current_request": 16,
            "charge_current_request_max": 16,
            "charge_rate": 0.0,
            "charger_phases": None,
            "minutes_to_full_charge": 0,
            "charging_state": "Stopped",
            "charge_port_latch": "Engaged",
            "charge_port_door_open": True,
            "conn_charge_cable": "IEC",
            "fast_charger_type": "<invalid>",
            "fast_charger_present": False,
            "scheduled_charging_mode": "Off",
            "scheduled_charging_pending": False,
            "preconditioning_enabled": False,
            "trip_charging": False,
            "battery_heater_on": False,
        },
        "climate_state": {
            "inside_temp": 21.4,
            "outside_temp": 8.5,
            "driver_temp_setting": 20.5,
            "passenger_temp_setting": 20.5,
            "is_climate_on": False,
            "is_preconditioning": False,
            "is_front_defroster_on": False,
            "is_rear_defroster_on": False,
            "defrost_mode": 0,
            "climate_keeper_mode": "off",
            "cabin_overheat_protection": "On",
            "cop_activation_temperature": "High",
            "cabin_overheat_protection_actively_cooling": False,
            "steering_wheel_heater": False,
            "bioweapon_mode": False,
        },
        "drive_state": {
            "latitude": 52.52,
            "longitude": 13.405,
            "heading": 90,
            "speed": None,
            "shift_state": None,
            "power": 0,
        },
        "vehicle_state": {
            "odometer": 23456.7,
            "locked": True,
            "sentry_mode": False,
            "sentry_mode_available": True,
            "valet_mode": False,
            "guest_mode": {"GuestModeActive": False},
            "is_user_present": False,
            "df": 0,
            "dr": 0,
            "pf": 0,
            "pr": 0,
            "ft": 0,
            "rt": 0,
            "fd_window": 0,
            "fp_window": 0,
            "rd_window": 0,
            "rp_window": 0,
            "tpms_pressure_fl": 2.9,
            "tpms_soft_warning_fl": False,
            "dashcam_state": "Available",
            "car_version": "2026.32.5 abcdef",
        },
        "vehicle_config": {"car_type": "model3", "rhd": False},
    }
    for change, value in changes.items():
        part, name = change.split("__")
        data.setdefault(part, {})[name] = value
    for part in data.values():
        if isinstance(part, dict):
            part["timestamp"] = now
    return data


@dataclass(kw_only=True, slots=True)
class FakeCar:
    """A car as Tesla's cloud shows it. Its answers to commands are by command name."""

    vin: str
    name: str
    availability: Availability = Availability.ONLINE
    access_type: str = "OWNER"
    command_signing: str = "off"
    paired: bool = False
    info: VehicleInfo = field(
        default_factory=lambda: VehicleInfo(vehicle_command_protocol_required=True)
    )
    changes: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)

    @property
    def product(self) -> Product:
        """Its line in the product list."""
        return Product(
            vin=self.vin,
            id=1,
            name=self.name,
            availability=self.availability,
            access_type=self.access_type,
            command_signing=self.command_signing,
            raw={},
        )


class FakeCloud:
    """Stands for FleetClient; `failures` are errors by endpoint name, raised while they are in."""

    def __init__(self, *cars: FakeCar) -> None:
        self.cars = {car.vin: car for car in cars}
        self.sites: dict[str, FakeSite] = {}
        self.energy = FakeEnergy(self.sites, self._ask)
        self.failures: dict[str, TeslaError] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.commands: list[tuple[str, Mapping[str, Any]]] = []
        self.asked_for: list[Sequence[str]] = []
        self.region = Region.EU
        self.answers: dict[str, Any] = {}
        self.questions: list[tuple[str, str, str]] = []
        self.reads = VehicleReads(self._read)
        self.telemetry = FakeTelemetry(self._ask)
        self.options: dict[str, Any] = {}

    def connect(self, _session: object, **options: Any) -> FakeCloud:
        """Take the place of the FleetClient's constructor."""
        self.options = options
        return self

    @property
    def counts(self) -> Counter[str]:
        """How often each endpoint was asked."""
        return Counter(endpoint for endpoint, _ in self.requests)

    def _ask(self, endpoint: str, vin: str | None = None) -> None:
        self.requests.append((endpoint, vin))
        error = self.failures.get(endpoint)
        on_request = self.options.get("on_request")
        if on_request is not None:
            on_request(
                RequestRecord(
                    endpoint=endpoint,
                    vin=vin,
                    status=error.status if error else 200,
                    price_class=ENDPOINTS[endpoint].price,
                    duration=0.1,
                )
            )
        if error:
            raise error

    def _car(self, vin: str) -> FakeCar:
        if vin not in self.cars:
            raise NotFound(status=404)
        return self.cars[vin]

    async def products(self) -> Products:
        """The product list."""
        self._ask("products")
        return Products(
            cars=[car.product for car in self.cars.values()],
            sites=[site.product for site in self.sites.values()],
        )

    async def vehicle(self, vin: str) -> Availability:
        """The free state check."""
        self._ask("vehicle", vin)
        return self._car(vin).availability

    async def vehicle_data(self, vin: str, endpoints: Sequence[str]) -> dict[str, Any]:
        """The data; a sleeping car gives none."""
        self.asked_for.append(endpoints)
        self._ask("vehicle_data", vin)
        if self._car(vin).availability is not Availability.ONLINE:
            raise VehicleUnavailable(status=408)
        return vehicle_data(**self.cars[vin].changes)

    async def fleet_status(self, vins: Sequence[str]) -> FleetStatus:
        """Which cars have the key."""
        self._ask("fleet_status")
        paired = frozenset(vin for vin in vins if self.cars[vin].paired)
        return FleetStatus(
            paired=paired,
            unpaired=frozenset(vins) - paired,
            info={vin: self.cars[vin].info for vin in vins},
        )

    async def wake_up(self, vin: str) -> Availability:
        """Wake at once."""
        self._ask("wake_up", vin)
        self.cars[vin].availability = Availability.ONLINE
        return Availability.ONLINE

    async def command(self, vin: str, name: str, body: Mapping[str, Any]) -> CommandAnswer:
        """Obey, or refuse with the car's reason."""
        self._ask("command", vin)
        self.commands.append((name, body))
        reason = self.cars[vin].refusals.get(name, "")
        return CommandAnswer(result=not reason, reason=reason)

    async def _read(
        self, name: str, *, vin: str | None = None, item: str = "", query: str = ""
    ) -> Any:
        """What `answers` has for the endpoint."""
        self._ask(name, vin)
        self.questions.append((name, item, query))
        return self.answers[name]
