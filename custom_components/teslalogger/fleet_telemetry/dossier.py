"""One car's file: what it was given, what became of that, and what is to be asked next.

Nobody is asked here. All times are seconds since 1970.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

from .eligibility import Contact, Evidence, Finding, Severity, Step, diagnose
from .remote_errors import RemoteError, RemoteErrorKind, classify
from .stored import Status, read_status, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .eligibility import Check
    from .records import CarError

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR

FIRST_LOOKS: Final = (60.0, 300.0, 1800.0)
"""Seconds after a configuration was given at which a car that is awake may have taken it."""
LOOK_EVERY: Final = 6 * HOUR
"""Between two looks at what Tesla holds, as long as the car has not taken it."""
LOOK_WHEN_ACTIVE: Final = DAY
LOOK_ONCE_HERE: Final = 300.0
"""After a car has connected of which it is not known by what it streams."""
GIVE_AGAIN: Final = DAY
"""Between two attempts to give a car the same: what was refused once is so a minute later."""
ASK_ERRORS: Final = 6 * HOUR
SILENT: Final = 1800.0
"""How long a car may be online without a stream before it is asked what keeps it."""
BACK_OFF: Final = 300.0
LONGEST_BACK_OFF: Final = 6 * HOUR

_FAILURES_TO_TELL: Final = 3
# The configuration that Tesla holds is somebody else's, or there is no room for one.
_LEFT_ALONE: Final = frozenset({Status.OTHER_SERVER, Status.LIMIT_REACHED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A configuration that Tesla took for the car.

    `signer` tells our key from others; `left_out` is why, by field, the car cannot send it.
    """

    content: Mapping[str, Any]
    signer: str
    at: float
    left_out: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "content": dict(self.content),
            "signer": self.signer,
            "at": self.at,
            "left_out": dict(self.left_out),
        }

    @classmethod
    def from_dict(cls, stored: Any) -> Self | None:
        """The inverse of `to_dict`; None of anything else."""
        match stored:
            case {
                "content": dict() as content,
                "signer": str() as signer,
                "at": int() | float() as at,
                "left_out": dict() as left_out,
            }:
                return cls(content=content, signer=signer, at=at, left_out=left_out)
            case _:
                return None


@dataclass(kw_only=True, slots=True)
class BackOff:
    """How long something is left alone that does not work."""

    failures: int = 0
    until: float = 0.0

    def failed(self, now: float, *, retry_after: float | None = None) -> None:
        """Wait longer each time, and at least for the seconds that Tesla named."""
        wait = min(BACK_OFF * 2.0 ** min(self.failures, 10), LONGEST_BACK_OFF)
        self.failures += 1
        self.until = now + max(wait, retry_after or 0.0)

    def worked(self) -> None:
        """It works again."""
        self.failures, self.until = 0, 0.0


@dataclass(kw_only=True, slots=True)
class Dossier:
    """What is known of one car's streaming.

    `given` is the last that Tesla took, and `is_held` whether Tesla had it when it was looked at;
    `tried` names the last attempt to give one. `refused_at` is when somebody who dialled our name
    did not take our certificate, `turned_away` when and why we did not take somebody's, `heard_at`
    when the car connected last, `missed` whether it should have come and did not, `refusal` why
    Tesla did not take the configuration. `asking` and `giving` rest each by itself: who may ask may
    still be refused what he gives.
    """

    given: Given | None = None
    is_held: bool = True
    status: Status | None = None
    looked_at: float = 0.0
    skipped: str | None = None
    tried: str = ""
    tried_at: float = 0.0
    remote: RemoteError | None = None
    asked_errors_at: float = 0.0
    online_since: float | None = None
    streaming_since: float | None = None
    refused_at: float = 0.0
    turned_away: tuple[float, str] = (0.0, "")
    heard_at: float = 0.0
    missed: bool = False
    refusal: str = ""
    asking: BackOff = field(default_factory=BackOff)
    giving: BackOff = field(default_factory=BackOff)

    # What happened

    def note_online(self, now: float, *, is_online: bool) -> None:
        """Whether the car is online, which is worth knowing every minute."""
        if not is_online:
            self.online_since = None
        elif self.online_since is None:
            self.online_since = now

    def note_hello(self, now: float) -> None:
        """The car has connected, so that nothing keeps it from doing so.

        By which configuration, it does not say: it may not have fetched the newest.
        """
        self.streaming_since = self.heard_at = now
        self.missed = False
        self.refused_at, self.turned_away = 0.0, (0.0, "")
        if self.remote is not None and self.remote.kind is not RemoteErrorKind.WRONG_KEY:
            self.remote = None
        if self.is_proven:
            self.skipped = self.remote = None

    def note_goodbye(self) -> None:
        """It is gone."""
        self.streaming_since = None
        self.online_since = None  # the next look at the car shows whether it still is

    def note_refused(self, when: float) -> None:
        """Somebody dialled our name and did not take our certificate: who, nobody knows."""
        if self._may_have_come(when):
            self.refused_at = max(self.refused_at, when)

    def note_turned_away(self, when: float, reason: str) -> None:
        """Somebody dialled our name, and we did not let them in: who, nobody knows."""
        if self._may_have_come(when):
            self.turned_away = max(self.turned_away, (when, reason))

    def _may_have_come(self, when: float) -> bool:
        """Whether it should, was online and did not get in."""
        since = max(self.given.at if self.given else when, self.online_since or when)
        return when > since and self.streaming_since is None

    def note_not_taken(self, reason: str, *, temporary: bool) -> None:
        """Tesla did not take the configuration; what passes by itself is told if it does not."""
        if not temporary or self.giving.failures >= _FAILURES_TO_TELL:
            self.refusal = reason

    def note_given(self, given: Given, attempt: str) -> None:
        """Tesla took it; now it is the car's turn."""
        self.giving.worked()
        self.given, self.tried, self.tried_at = given, attempt, given.at
        self.is_held, self.status, self.looked_at = True, Status.PENDING, given.at
        self.skipped, self.remote, self.refusal, self.missed = None, None, "", False

    def note_skipped(self, reason: str, attempt: str, now: float) -> None:
        """Tesla did not give it to this car."""
        self.giving.worked()
        self.skipped, self.tried, self.tried_at, self.refusal = reason, attempt, now, ""

    def note_held(
        self,
        wanted: Given,
        *,
        synced: bool,
        config: Mapping[str, Any] | None,
        limit_reached: bool | None,
        key_paired: bool | None,
        needs_key: bool,
        issuer: str,
    ) -> None:
        """Take in what Tesla holds, by way of `tesla.telemetry`; `wanted.at` is now.

        What is as it should be and was not given by us, as far as we remember, is so from now on.
        `issuer` is our key as Tesla shows it.
        """
        self.asking.worked()
        agrees = config is not None and same(wanted.content, config)
        self.is_held = agrees and (config or {}).get("iss", issuer) == issuer
        if self.given is None and self.is_held:
            self.given = wanted
        basis = self.given.content if self.given else wanted.content
        status = read_status(
            basis if self.given or config is not None else None,
            synced=synced,
            config=config,
            limit_reached=limit_reached,
            key_paired=key_paired,
            needs_key=needs_key,
        )
        if self.status is Status.LIMIT_REACHED and status is not Status.LIMIT_REACHED:
            self.tried, self.skipped = "", None  # there is room again, which nobody fills by itself
        self.status, self.looked_at = status, wanted.at

    def note_errors(self, errors: Iterable[RemoteError] | None, now: float) -> None:
        """Take in what the car told Tesla, the newest first; None if Tesla does not say."""
        self.asked_errors_at = now
        self.missed = self._is_silent(now)
        if errors is not None:
            self.remote = next(filter(self._is_about_this, errors), None)

    def note_streamed_errors(self, vin: str, errors: Iterable[CarError], now: float) -> None:
        """Take in what the car told us itself, which is all that is wrong at the moment."""
        told = [
            RemoteError(
                vin=vin,
                when=error.created_at or now,
                name=error.name,
                text="",
                kind=classify(error.name, error.body),
            )
            for error in errors
        ]
        self.remote = max(told, key=lambda error: error.when or now, default=None)

    # What is to be done

    @property
    def is_proven(self) -> bool:
        """Whether the car streams, and Tesla says that it does so by what it was given last."""
        return (
            self.streaming_since is not None
            and self.given is not None
            and self.status is Status.ACTIVE
            and self.is_held
        )

    def is_look_due(self, now: float) -> bool:
        """Whether it is time to look at what Tesla holds."""
        if self.is_proven or now < self.asking.until:
            return False
        if self.status is Status.ACTIVE:
            return now >= self.looked_at + LOOK_WHEN_ACTIVE
        if self.looked_at < (self.streaming_since or 0.0) <= now - LOOK_ONCE_HERE:
            return True
        given_at = self.given.at if self.given else 0.0
        for delay in FIRST_LOOKS:
            if self.looked_at < given_at + delay:
                return now >= given_at + delay
        return now >= self.looked_at + LOOK_EVERY

    def needs(self, wanted: Given, *, by_hand: bool = False) -> bool:
        """Whether the car ought to be given this; a person may take another server's place."""
        if by_hand and self.remote is not None and self.remote.kind is RemoteErrorKind.WRONG_KEY:
            return True
        if self.status in _LEFT_ALONE and not by_hand:
            return False
        given = self.given
        return (
            given is None
            or not self.is_held
            or given.signer != wanted.signer
            or not same(given.content, wanted.content)
        )

    def may_try(self, attempt: str, now: float) -> bool:
        """Whether giving is not the same once more."""
        if now < self.giving.until:
            return False
        return attempt != self.tried or now >= self.tried_at + GIVE_AGAIN

    def are_errors_due(self, now: float) -> bool:
        """Whether the car is to be asked what keeps it."""
        return self._is_silent(now) and now >= self.asked_errors_at + ASK_ERRORS

    @property
    def is_asked_for(self) -> bool:
        """Whether it is known already that something keeps it."""
        return self.missed or self.remote is not None

    def _is_silent(self, now: float) -> bool:
        if self.given is None or self.online_since is None or self.streaming_since is not None:
            return False
        return now >= max(self.online_since, self.given.at) + SILENT

    def _is_about_this(self, error: RemoteError) -> bool:
        if self.given is None:
            return False
        if error.when is not None and error.when < max(self.given.at, self.heard_at):
            return False
        hostname = self.given.content.get("hostname")
        return error.hostname in {None, hostname}

    # What it comes to

    def evidence(self, facts: Evidence) -> Evidence:
        """All that is known, if these are the facts about the car itself."""
        return replace(
            facts,
            skipped=self.skipped,
            status=Status.NONE if self.refusal else self.status,
            remote=self.remote.kind if self.remote else None,
            contact=self._contact,
        )

    @property
    def _contact(self) -> Contact:
        if self.streaming_since is not None:
            return Contact.STREAMING
        given_at = self.given.at if self.given else float("inf")
        if self.refused_at > given_at:
            return Contact.REFUSED
        if self.missed and self.turned_away[0] > given_at:
            return Contact.TURNED_AWAY
        return Contact.NONE

    def to_mend(self, facts: Evidence) -> Check | None:
        """The first of the doctor's findings that a person has to do something about."""
        return next((check for check in diagnose(self.evidence(facts)) if self._needs(check)), None)

    def _needs(self, check: Check) -> bool:
        match check.finding:
            case Finding.NOT_CONFIGURED:
                return bool(self.refusal)  # else it is about to be
            case Finding.NOT_REACHED | Finding.TURNED_AWAY:
                return self.missed
            case _:
                return check.severity is Severity.BLOCKS and check.step is not Step.NONE

    # What is kept

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "given": self.given and self.given.to_dict(),
            "is_held": self.is_held,
            "status": self.status,
            "looked_at": self.looked_at,
            "skipped": self.skipped,
            "tried": self.tried,
            "tried_at": self.tried_at,
            "heard_at": self.heard_at,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`; one that knows nothing of anything else."""
        match stored:
            case {
                "given": given,
                "is_held": bool() as is_held,
                "status": str() | None as status,
                "looked_at": int() | float() as looked_at,
                "skipped": str() | None as skipped,
                "tried": str() as tried,
                "tried_at": int() | float() as tried_at,
                "heard_at": int() | float() as heard_at,
            } if status is None or status in Status:
                return cls(
                    given=Given.from_dict(given),
                    is_held=is_held,
                    status=None if status is None else Status(status),
                    looked_at=looked_at,
                    skipped=skipped,
                    tried=tried,
                    tried_at=tried_at,
                    heard_at=heard_at,
                )
            case _:
                return cls()


def blocks_giving(facts: Evidence) -> bool:
    """Whether the car itself makes it useless to give it anything."""
    return any(check.severity is Severity.BLOCKS for check in diagnose(facts))
