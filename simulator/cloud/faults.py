"""Things that go wrong between a client and Tesla, on order."""

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS: Final = ("kind", "endpoint", "vin", "count", "skip", "executed", "delay")


class FaultKind(StrEnum):
    """What the caller gets instead of the answer."""

    STATUS = "status"  # another status and body
    DELAY = "delay"  # the true answer, late
    LOST = "lost"  # a connection that closes without an answer
    TRUNCATED = "truncated"  # half of the true answer
    HTML = "html"  # status 200 and a page instead of JSON


_EXECUTED_BY_NATURE: Final = {FaultKind.DELAY, FaultKind.LOST, FaultKind.TRUNCATED}


@dataclass(kw_only=True, slots=True)
class FaultRule:
    """One disturbance, for the requests that match.

    Args:
        kind: what happens.
        endpoint: name with wildcards, such as "vehicle_data", "command/*", "oauth/token".
        vin: only for this car.
        count: for so many requests; None for all.
        skip: lets so many matching requests through first.
        executed: whether the request takes effect before; by default as the kind suggests.
        status: of the answer, for STATUS and HTML.
        body: of the answer; anything but a string is sent as JSON.
        headers: of the answer, beside the usual ones.
        delay: real seconds before the answer.
    """

    kind: FaultKind
    endpoint: str = "*"
    vin: str | None = None
    count: int | None = 1
    skip: int = 0
    executed: bool | None = None
    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def takes_effect(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.kind in _EXECUTED_BY_NATURE if self.executed is None else self.executed

    def matches(self, endpoint: str, vin: str | None) -> bool:
        """Whether this rule is about such a request."""
        return fnmatchcase(endpoint, self.endpoint) and self.vin in {None, vin}

    def as_json(self) -> dict[str, Any]:
        """The rule as the admin API shows it."""
        return {
            "id": self.id,
            **{name: getattr(self, name) for name in _FIELDS},
            "status": self.status,
            "body": self.body,
            "headers": dict(self.headers),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what a person posted; raises ValueError or TypeError for nonsense."""
        values = dict(data)
        values.pop("id", None)
        return cls(kind=FaultKind(values.pop("kind", None)), **values)


@dataclass(slots=True)
class Faults:
    """The rules in force; the first that matches a request is used."""

    rules: list[FaultRule] = field(default_factory=list)

    def add(self, rule: FaultRule) -> FaultRule:
        """Put a rule in force."""
        self.rules.append(rule)
        return rule

    def remove(self, rule_id: str) -> bool:
        """Take a rule out of force; False when there is none of this name."""
        before = len(self.rules)
        self.rules = [rule for rule in self.rules if rule.id != rule_id]
        return len(self.rules) < before

    def clear(self) -> None:
        """Take all rules out of force."""
        self.rules.clear()

    def take(self, endpoint: str, vin: str | None) -> FaultRule | None:
        """The rule for this request, used up once."""
        for rule in self.rules:
            if not rule.matches(endpoint, vin):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                return None
            if rule.count is not None:
                rule.count -= 1
                if rule.count <= 0:
                    self.rules.remove(rule)
            return rule
        return None
