"""A simulated car: body, sleep, and the two ways to tell it something."""

import random
from typing import TYPE_CHECKING, Any, Final

from simulator.car import data, decode, physics, replies
from simulator.car.effects import EFFECTS, SIGNED_ONLY, carry_out
from simulator.car.protocol import INFOTAINMENT, VEHICLE_SECURITY, Computers
from simulator.car.sleep import Wakefulness
from simulator.car.state import CarState, Charge
from simulator.telemetry import firmware
from simulator.vehicle import (
    CarUnavailable,
    Execution,
    MobileAccessDisabled,
    ProtocolUnsupported,
    UnknownCommand,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.car.model import CarModel
    from simulator.car.protocol import Mischief
    from simulator.car.road import Road
    from simulator.car.state import Cable
    from simulator.clock import Clock

OWN_KEYS: Final = 3
"""The phone and the two cards that come with every car."""


class Car:
    """A car of the garage.

    Everything is brought up to the clock when somebody looks, so nothing runs in the background.
    """

    def __init__(
        self,
        vin: str,
        name: str,
        *,
        model: CarModel,
        clock: Clock,
        owner: str,
        protocol: bool = True,
        level: float = 64.0,
    ) -> None:
        self.vin = vin
        self.owner = owner
        self.model = model
        self.protocol = protocol
        self.executions: list[Execution] = []
        self._state = CarState(
            name=name,
            charge=Charge(energy=model.pack * level / 100.0, amps=model.ac_amps),
        )
        self._clock = clock
        self._settled_at = clock.now()
        self._dice = random.Random(vin)
        self._id = self._dice.randrange(10**15, 10**16)
        self._sleep = Wakefulness(dice=self._dice, last_activity=clock.now())
        self._keys: set[bytes] = set()
        self.computers = Computers(
            vin=vin,
            clock=clock,
            whitelist=self._keys,
            execute={
                VEHICLE_SECURITY: self._execute_vehicle_security,
                INFOTAINMENT: self._execute_infotainment,
            },
        )

    @property
    def state(self) -> CarState:
        """The car as it is now."""
        self.settle()
        return self._state

    @property
    def display_name(self) -> str:
        """What the owner calls the car."""
        return self._state.name

    @property
    def availability(self) -> str:
        """The state as Tesla names it: online, asleep or offline."""
        self.settle()
        return self._sleep.availability

    @property
    def mobile_access(self) -> bool:
        """Whether the driver allows remote access."""
        return self.computers.faults.mobile_access

    @mobile_access.setter
    def mobile_access(self, allowed: bool) -> None:
        self.computers.faults.mobile_access = allowed

    @property
    def paired_keys(self) -> frozenset[bytes]:
        """The uncompressed points of the keys that the car obeys."""
        return frozenset(self._keys)

    def pair(self, point: bytes) -> None:
        """Obey this key from now on."""
        self._keys.add(point)

    def unpair(self, point: bytes) -> None:
        """Forget this key, as when it is deleted on the car's Locks screen."""
        self._keys.discard(point)

    def vehicle_data(self, endpoints: set[str], *, location: bool) -> dict[str, Any]:
        """The asked parts of the data; raises CarUnavailable unless online."""
        self._need_online()
        return data.parts(
            self._state,
            self.model,
            now=self._clock.now(),
            asked=endpoints,
            location=location,
        )

    def product(self, account: str) -> dict[str, Any]:
        """The car in the list of the products of `account`."""
        return {
            "id": self._id,
            "vehicle_id": self._id % 10**9,
            "vin": self.vin,
            "color": None,
            "access_type": "OWNER" if account == self.owner else "DRIVER",
            "display_name": self.display_name,
            "option_codes": None,
            "granular_access": {"hide_private": False},
            "tokens": ["4f993c5b9e2b937b", "7a3153b1bbb48a96"],
            "state": self.availability,
            "in_service": False,
            "id_s": str(self._id),
            "calendar_enabled": True,
            "api_version": 88,
            "backseat_token": None,
            "backseat_token_updated_at": None,
            "ble_autopair_enrolled": False,
            "command_signing": "required" if self.protocol else "off",
            "release_notes_supported": True,
        }

    def fleet_info(self) -> dict[str, Any]:
        """The car's row in fleet_status."""
        allowed = self._state.streaming_allowed
        toggle = {"safety_screen_streaming_toggle_enabled": allowed}
        return {
            "firmware_version": self.model.firmware.split(" ", maxsplit=1)[0],
            "vehicle_command_protocol_required": self.protocol,
            "discounted_device_data": False,
            "fleet_telemetry_version": firmware.client_of(self.model) or "unknown",
            "total_number_of_keys": len(self._keys) + OWN_KEYS,
            **(toggle if firmware.has_toggle(self.model) else {}),
        }

    def begin_wake(self) -> None:
        """Start to wake up; takes simulated time."""
        self.settle()
        self._sleep.begin_wake(self._clock.now())

    def execute_unsigned(self, name: str, body: Mapping[str, Any]) -> tuple[bool, str]:
        """Carry out a REST command: whether it worked, and why not.

        Raises CarUnavailable, or UnknownCommand.
        """
        if name not in EFFECTS or name in SIGNED_ONLY:
            raise UnknownCommand(name)
        self._need_online()
        reason = self._carry_out(name, body, "unsigned")
        return reason is None, reason or ""

    def signed(self, message: bytes) -> bytes:
        """Answer a RoutableMessage, also where the driver allows no remote access.

        Raises CarUnavailable, ProtocolUnsupported, MalformedMessage or ReplyLost.
        """
        if not self.protocol:
            raise ProtocolUnsupported
        self._need_reach()
        return self.computers.signed(message)

    def settle(self) -> None:
        """Catch up with the clock."""
        now = self._clock.now()
        while self._settled_at < now:
            step = min(physics.STEP, now - self._settled_at)
            physics.advance(self._state, self.model, step)
            # A rest too small for the clock's precision must not keep the loop going.
            self._settled_at = now if step < physics.STEP else self._settled_at + step
            self._sleep.settle(self._settled_at, busy=self._busy)

    def fall_asleep(self) -> None:
        """Asleep at once, with everything off that would keep the car awake."""
        state = self.state
        state.sentry_mode = state.user_present = False
        state.climate.switch_off()
        state.motion.stop()
        if self._charges:
            state.charge.wanted = False
        self._sleep.fall_asleep()

    def wake_now(self) -> None:
        """Awake and in reach at once, as when a door is opened."""
        self.settle()
        self._sleep.reachable = True
        self._sleep.stir(self._clock.now())

    def go_offline(self) -> None:
        """Out of reach, as in an underground garage, until `wake_now`."""
        self.settle()
        self._sleep.reachable = False

    def drive(self, length: float = 20.0) -> None:
        """Drive off for `length` km."""
        self.wake_now()
        physics.depart(self._state, length)

    def drive_along(self, road: Road) -> None:
        """Drive off on a road, to its end."""
        self.wake_now()
        physics.depart(self._state, road.length, road)

    def park(self) -> None:
        """Stop, get out and lock."""
        state = self.state
        state.motion.stop()
        state.user_present = False
        state.locked = True

    def plug_in(self, cable: Cable = "ac") -> None:
        """Park and connect a charger, which starts to charge below the limit."""
        self.wake_now()
        self.park()
        charge = self._state.charge
        charge.cable, charge.port_open, charge.wanted, charge.added = cable, True, True, 0.0

    def unplug(self) -> None:
        """Take the cable out and close the port."""
        self.wake_now()
        self._state.charge.cable = None
        self._state.charge.port_open = False

    def reboot(self) -> None:
        """Let both computers begin a new epoch."""
        self.computers.reboot()

    def rotate_key(self, domain: int) -> None:
        """Give a computer another key, as after a repair."""
        self.computers.rotate_key(domain)

    def shift_clock(self, domain: int, seconds: float) -> None:
        """Put a computer's clock forward, or back."""
        self.computers.shift_clock(domain, seconds)

    def plan_mischief(
        self, domain: int, mischief: Mischief, *, fault: int = 0, bit: int = 0, times: int = 1
    ) -> None:
        """Let something go wrong with a computer's next signed commands."""
        self.computers.faults.plan(domain, mischief, fault=fault, bit=bit, times=times)

    @property
    def _charges(self) -> bool:
        return physics.charging_state(self._state, self.model) == "Charging"

    @property
    def _busy(self) -> bool:
        state = self._state
        return (
            state.sentry_mode
            or state.climate.on
            or state.user_present
            or state.motion.trip is not None
            or self._charges
        )

    def _need_online(self) -> None:
        if not self.mobile_access:
            raise MobileAccessDisabled
        self._need_reach()

    def _need_reach(self) -> None:
        if self.availability != "online":
            raise CarUnavailable
        self._sleep.last_activity = self._clock.now()

    def _carry_out(self, name: str, params: Mapping[str, Any], route: str) -> str | None:
        reason = carry_out(name, params, self._state, self.model)
        self.executions.append(
            Execution(
                when=self._clock.now(),
                command=name,
                params=dict(params),
                route=route,
                reason=reason or "",
            )
        )
        return reason

    def _execute_infotainment(self, payload: bytes) -> bytes:
        try:
            name, params = decode.infotainment(payload)
        except decode.Undecodable:
            return replies.infotainment("unknown_command")
        return replies.infotainment(self._carry_out(name, params, "signed"))

    def _execute_vehicle_security(self, payload: bytes) -> bytes:
        try:
            name, params = decode.vehicle_security(payload)
        except decode.Undecodable:
            return replies.vehicle_security("unknown_command")
        return replies.vehicle_security(self._carry_out(name, params, "signed"))
