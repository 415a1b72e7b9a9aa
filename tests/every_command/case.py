"""What one command does to a car, as Tesla's documents and real cars have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from custom_components.teslalogger.vehicle import COMMANDS, Route, RouteRule

type Values = Mapping[str, Any]

NOTHING: Final[Values] = MappingProxyType({})
_BOTH: Final = (Route.SIGNED, Route.UNSIGNED)
_UNSIGNED_RULES: Final = {RouteRule.UNSIGNED_ONLY, RouteRule.WAKE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A command, the car before it, and the complete difference afterwards.

    Attributes:
        command: A key of COMMANDS.
        params: Its parameters, by REST's names.
        before: What the car must be like, by path of its state.
        model: What the car must have, or must not.
        asleep: Whether it sleeps before.
        after: All that is otherwise in the car's state afterwards; ABSENT for what is gone.
        reads: What the signals read otherwise that the command is about.
        moves: The signals that follow, to values that are not told here.
        known: What the row foretells and what the signals have read before.
        signed: What the car hears over the signed route, if that is not `params`.
        unsigned: Likewise over the unsigned one.
        times: How often the car hears it.
        routes: The cars to try it on, if not all that the row knows a way to.
    """

    command: str
    params: Values = NOTHING
    before: Values = NOTHING
    model: Values = NOTHING
    asleep: bool = False
    after: Values = NOTHING
    reads: Values = NOTHING
    moves: tuple[str, ...] = ()
    known: Values = NOTHING
    signed: Values | None = None
    unsigned: Values | None = None
    times: int = 1
    routes: tuple[Route, ...] = ()

    @property
    def cars(self) -> tuple[Route, ...]:
        """The cars to try it on, by the route that they take."""
        if self.routes:
            return self.routes
        return (Route.SIGNED,) if self.rule is RouteRule.SIGNED_ONLY else _BOTH

    @property
    def rule(self) -> RouteRule:
        """Which ways the command knows."""
        return COMMANDS[self.command].route

    def route(self, car: Route) -> Route:
        """The way that it goes to this car."""
        return Route.UNSIGNED if self.rule in _UNSIGNED_RULES else car

    def heard(self, car: Route) -> list[tuple[str, Values, str, str]]:
        """The car's log afterwards: command, parameters, route, and no refusal."""
        if self.rule is RouteRule.WAKE:
            return []  # it wakes up, which is nothing that it executes
        route = self.route(car)
        special = self.signed if route is Route.SIGNED else self.unsigned
        heard = (self.command, self.params if special is None else special, route, "")
        return [heard] * self.times

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.command}({given})"
