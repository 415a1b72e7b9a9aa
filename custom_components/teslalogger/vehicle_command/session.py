"""One signed conversation with one computer of one car."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import secrets
from typing import Final, Self

from .domains import Domain
from .errors import DamagedSession
from .keys import CommandKey

DEFAULT_LIFETIME: Final = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A message ready to be posted, and what is needed to recognise and judge its reply.

    `counter`, `tag`, `epoch` and the expiry are those of a signed command, None in a handshake.
    """

    message: bytes
    uuid: bytes
    routing_address: bytes
    created: float
    counter: int | None = None
    tag: bytes | None = None
    epoch: bytes | None = None
    expires_at: int | None = None
    """In seconds of the car's clock."""
    expires_at_now: float | None = None
    """In seconds of `now`: from here on the car's clock has passed `expires_at`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """An answer that belongs to the request and carries no fault."""

    payload: bytes
    encrypted: bool
    confirmed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSession:
    """What must survive a restart; holds no secret."""

    public_key: bytes
    epoch: bytes
    zero_wall: float
    counter: int
    encrypts: bool

    def to_dict(self) -> dict[str, str | float | int | bool]:
        """As JSON can hold it."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> Self:
        """The inverse of `to_dict`. Raises DamagedSession."""
        raise NotImplementedError


class Session:
    """Signs for, and verifies replies of, one domain of one car. Does no I/O."""

    def __init__(
        self,
        key: CommandKey,
        vin: str,
        domain: Domain,
        *,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        raise NotImplementedError

    @classmethod
    def restore(
        cls,
        key: CommandKey,
        vin: str,
        domain: Domain,
        stored: StoredSession,
        *,
        now: float,
        wall_now: float,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> Self:
        """A session that goes on where `export` left off. Raises DamagedSession."""
        raise NotImplementedError

    def export(self, *, now: float, wall_now: float) -> StoredSession:
        """What to keep on disk. Raises NoSession."""
        raise NotImplementedError

    @property
    def ready(self) -> bool:
        """Whether a command can be signed without a handshake."""
        raise NotImplementedError

    @property
    def counter(self) -> int:
        """The highest counter used or known to be used."""
        raise NotImplementedError

    def forget(self) -> None:
        """Drop the car's key; the next command needs a handshake."""

    def reserve(self, count: int) -> None:
        """Allow `count` more commands; save the export durably before signing any."""

    def handshake(self, *, now: float) -> Request:
        """Ask the car for its session info; `open` the reply."""
        raise NotImplementedError

    def sign(self, payload: bytes, *, now: float, lifetime: float = DEFAULT_LIFETIME) -> Request:
        """Sign a command; call it immediately before the message is sent."""
        raise NotImplementedError

    def open(self, request: Request, message: bytes, *, now: float) -> Reply:
        """Verify the answer to `request`; raises a VehicleCommandError unless it is a success."""
        raise NotImplementedError

    def was_accepted(self, request: Request) -> bool | None:
        """Whether the car accepted `request`, judged by its latest session info; None: unknown."""
        raise NotImplementedError


_ = (base64, binascii, DamagedSession)
