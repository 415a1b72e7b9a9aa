"""The protocol's faults, and what else can be made to go wrong between a car and its clients."""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final


class Fault(IntEnum):
    """Every MESSAGEFAULT_ERROR that a car knows; mischief may use other numbers too."""

    NONE = 0
    BUSY = 1
    TIMEOUT = 2
    UNKNOWN_KEY_ID = 3
    INACTIVE_KEY = 4
    INVALID_SIGNATURE = 5
    INVALID_TOKEN_OR_COUNTER = 6
    INSUFFICIENT_PRIVILEGES = 7
    INVALID_DOMAINS = 8
    INVALID_COMMAND = 9
    DECODING = 10
    INTERNAL = 11
    WRONG_PERSONALIZATION = 12
    BAD_PARAMETER = 13
    KEYCHAIN_IS_FULL = 14
    INCORRECT_EPOCH = 15
    IV_INCORRECT_LENGTH = 16
    TIME_EXPIRED = 17
    NOT_PROVISIONED_WITH_IDENTITY = 18
    COULD_NOT_HASH_METADATA = 19
    TIME_TO_LIVE_TOO_LONG = 20
    REMOTE_ACCESS_DISABLED = 21
    REMOTE_SERVICE_ACCESS_DISABLED = 22
    COMMAND_REQUIRES_ACCOUNT_CREDENTIALS = 23
    REQUEST_MTU_EXCEEDED = 24
    RESPONSE_MTU_EXCEEDED = 25
    REPEATED_COUNTER = 26
    INVALID_KEY_HANDLE = 27
    REQUIRES_RESPONSE_ENCRYPTION = 28
    COMMAND_REQUIRES_PHYSICAL_PROXIMITY = 29


WITH_SESSION_INFO: Final = frozenset(
    {
        Fault.INVALID_SIGNATURE,
        Fault.INVALID_TOKEN_OR_COUNTER,
        Fault.INCORRECT_EPOCH,
        Fault.TIME_EXPIRED,
        Fault.TIME_TO_LIVE_TOO_LONG,
    }
)


class Refused(Exception):
    """The car answers with this fault and does nothing.

    `resync` adds fresh session info; never for a key that is not paired.
    """

    def __init__(self, fault: int, *, resync: bool | None = None) -> None:
        super().__init__(f"fault {int(fault)}")
        self.fault = fault
        self.resync = fault in WITH_SESSION_INFO if resync is None else resync


class Mischief(StrEnum):
    """What goes wrong with a command.

    REFUSE: answers `fault`, unexecuted and with the counter unused. FAIL: executes, then answers
    `fault`. WAIT: answers operation status WAIT, unexecuted and with the counter unused. LOSE:
    executes, then raises ReplyLost. FLIP: executes, and bit `bit` of the answer is the wrong way
    round. PLAIN: executes, and answers unencrypted.
    """

    NOTHING = "nothing"
    REFUSE = "refuse"
    FAIL = "fail"
    WAIT = "wait"
    LOSE = "lose"
    FLIP = "flip"
    PLAIN = "plain"


NEED_A_FAULT: Final = frozenset({Mischief.REFUSE, Mischief.FAIL})


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One thing that will go wrong."""

    mischief: Mischief
    fault: int = Fault.NONE
    bit: int = 0


NOTHING: Final = Planned(mischief=Mischief.NOTHING)


@dataclass(kw_only=True, slots=True)
class CarFaults:
    """What goes wrong with a car's next signed commands, by domain and in this order.

    Only a command that is authentic uses up a plan; a forged one gets the fault it deserves.
    The switches last until they are set back.

    Args:
        mobile_access: whether the driver allows remote commands at all.
        unreachable: the domains that answer nothing.
        booting: the domains that answer everything with INTERNAL.
        forgets_keys: whether every key is a stranger's, whatever Tesla's servers say.
    """

    mobile_access: bool = True
    unreachable: set[int] = field(default_factory=set)
    booting: set[int] = field(default_factory=set)
    forgets_keys: bool = False
    _planned: dict[int, deque[Planned]] = field(default_factory=dict)

    def plan(
        self, domain: int, mischief: Mischief, *, fault: int = 0, bit: int = 0, times: int = 1
    ) -> None:
        """Let something go wrong with the next `times` commands to a domain.

        Raises ValueError if the mischief is a fault, and it is not said which.
        """
        if mischief in NEED_A_FAULT and not fault:
            msg = f"{mischief} needs a fault"
            raise ValueError(msg)
        step = Planned(mischief=mischief, fault=fault, bit=bit)
        self._planned.setdefault(domain, deque()).extend([step] * times)

    def next(self, domain: int) -> Planned | None:
        """What goes wrong with this command, if anything."""
        planned = self._planned.get(domain)
        return planned.popleft() if planned else None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.mobile_access = True
        self.unreachable.clear()
        self.booting.clear()
        self.forgets_keys = False
        self._planned.clear()
