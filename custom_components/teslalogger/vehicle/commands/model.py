"""What one row of the command table says, and how it becomes bytes or a REST body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from tesla_protocol.command.car_server_pb2 import Action
from tesla_protocol.command.vcsec_pb2 import UnsignedMessage
import voluptuous as vol

from custom_components.teslalogger.tesla.scopes import Scope
from custom_components.teslalogger.vehicle.errors import InvalidParameter
from custom_components.teslalogger.vehicle.signals import Value
from custom_components.teslalogger.vehicle_command.domains import Domain

type Params = Mapping[str, Any]
type Fields = dict[str, Any]
type Expectation = Callable[[Params], Value]

ANY_COMMAND: Final = frozenset({Scope.VEHICLE_CMDS})
CHARGING_COMMAND: Final = frozenset({Scope.VEHICLE_CMDS, Scope.VEHICLE_CHARGING_CMDS})
NO_PARAMETERS: Final = vol.Schema({})


class Repeat(StrEnum):
    """What sending a command twice does."""

    STATE = "state"  # the same as once: it sets an absolute state
    TOGGLE = "toggle"  # the opposite, or one step more
    ACTION = "action"  # the same thing again, and people notice


class RouteRule(StrEnum):
    """Which ways a command knows, whatever the car."""

    ANY = "any"
    SIGNED_ONLY = "signed_only"
    UNSIGNED_ONLY = "unsigned_only"
    WAKE = "wake"  # an endpoint of its own, never signed


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One thing a car can be told.

    `message` gives the fields of the signed form: of `VehicleAction` in the infotainment domain, of
    `UnsignedMessage` in vehicle security. `rest` gives the unsigned body. `scopes`: any one of them
    is enough. `expects` gives, for every signal that the command changes and whose new value is
    known beforehand, that value; `changes` names those whose value is not. `stays` has what either
    may read already, where the command is done by leaving it so. `ceilings` has the signal
    above whose value the car does not go. `presses` tells how often it takes to have it done: each
    is a press of its own. `placed_when` tells for which parameters the unsigned form wants to know
    where the car is, as `lat` and `lon`.
    """

    name: str
    domain: Domain = Domain.INFOTAINMENT
    message: Callable[[Params], Fields] | None
    rest: Callable[[Params], Fields] | None = dict
    schema: vol.Schema = field(default_factory=lambda: NO_PARAMETERS)
    scopes: frozenset[Scope] = ANY_COMMAND
    repeat: Repeat = Repeat.STATE
    route: RouteRule = RouteRule.ANY
    expects: Mapping[str, Expectation] = field(default_factory=lambda: MappingProxyType({}))
    changes: tuple[str, ...] = ()
    stays: Mapping[str, frozenset[Value]] = field(default_factory=lambda: MappingProxyType({}))
    ceilings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    presses: Callable[[Params], int] = lambda _: 1
    placed_when: Callable[[Params], bool] = lambda _: False

    def validate(self, params: Params) -> Params:
        """The parameters, checked and in their final form.

        Raises:
            InvalidParameter: One is missing, unknown or out of bounds.
        """
        parameter = "?"
        try:
            return MappingProxyType(self.schema(dict(params)))
        except vol.Invalid as err:
            parameter = str(err.path[0]) if err.path else "?"
        # Outside the handler: the schema's error can hold the value, and the value can be a PIN.
        raise InvalidParameter(command=self.name, parameter=parameter)

    def encode(self, params: Params) -> bytes:
        """The payload to sign, from validated parameters."""
        if self.message is None:
            msg = f"{self.name} has no signed form"
            raise TypeError(msg)
        fields = self.message(params)
        if self.domain is Domain.VEHICLE_SECURITY:
            return UnsignedMessage(**fields).SerializeToString(deterministic=True)
        return Action(vehicleAction=fields).SerializeToString(deterministic=True)

    def body(self, params: Params) -> Fields:
        """The REST body, from validated parameters."""
        if self.rest is None:
            msg = f"{self.name} has no unsigned form"
            raise TypeError(msg)
        return self.rest(params)

    def expected(self, params: Params) -> dict[str, Value]:
        """What the signals will read once the command is done, as far as that is known."""
        values = {key: expectation(params) for key, expectation in self.expects.items()}
        return {key: value for key, value in values.items() if value is not None}

    def may_change(self, known: Callable[[str], Value]) -> frozenset[str]:
        """Which of `changes` can read something else afterwards, if this is known of them."""
        return frozenset(key for key in self.changes if known(key) not in self.stays.get(key, ()))

    def concluded(
        self, expected: Mapping[str, Value], known: Callable[[str], Value]
    ) -> dict[str, Value]:
        """What of `expected` is news to somebody who knows this of the signals."""
        return {
            key: self._bounded(key, value, known)
            for key, value in expected.items()
            if known(key) not in self.stays.get(key, ())
        }

    def _bounded(self, key: str, value: Value, known: Callable[[str], Value]) -> Value:
        ceiling = known(self.ceilings[key]) if key in self.ceilings else None
        if isinstance(value, int | float) and isinstance(ceiling, int | float):
            return min(value, ceiling)
        return value


def becomes(value: Value) -> Expectation:
    """The signal gets this value."""
    return lambda _: value


def becomes_parameter(name: str) -> Expectation:
    """The signal gets the value of this parameter, and nothing is known if it was not given."""
    return lambda params: params.get(name)
