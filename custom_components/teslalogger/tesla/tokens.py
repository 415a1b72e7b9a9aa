"""A login's tokens, and the one place that renews them.

Tesla's refresh tokens are for single use; only the one used last stays good for another 24 hours,
in case the answer was lost. A login therefore lives as long as the disk holds either the newest
refresh token or the one used last. Both are kept, and nothing is used before it is on disk.
"""

import asyncio
from dataclasses import asdict, dataclass, field, replace
import logging
import time
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypeIs

from custom_components.teslalogger.outlast import outlast

from .claims import Claims, read_claims
from .errors import LoginRequired, MalformedToken, TeslaError, TokensNotSaved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOGGER = logging.getLogger(__name__)

EARLY: Final = 300.0
"""Seconds before its end at which an access token is renewed."""

GRACE: Final = 24 * 3600.0
"""Seconds for which Tesla still takes the refresh token that was used last."""

PAUSE: Final = 30.0
"""Seconds between attempts to renew a token that is still good."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a login consists of; times are in seconds since 1970."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float
    previous_refresh_token: str | None = field(default=None, repr=False)
    superseded_at: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote, or Home Assistant's OAuth helper; raises MalformedToken."""
        access, refresh = stored.get("access_token"), stored.get("refresh_token")
        expires = stored.get("expires_at")
        previous, superseded = stored.get("previous_refresh_token"), stored.get("superseded_at")
        if (
            not isinstance(access, str)
            or not isinstance(refresh, str)
            or not _is_time(expires)
            or not isinstance(previous, str | None)
            or not (superseded is None or _is_time(superseded))
        ):
            msg = "stored tokens cannot be read"
            raise MalformedToken(msg)
        return cls(
            access_token=access,
            refresh_token=refresh,
            expires_at=expires,
            previous_refresh_token=previous,
            superseded_at=superseded,
        )


def _is_time(value: object) -> TypeIs[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


class TokenStore(Protocol):
    """Where a login survives a restart."""

    async def load(self) -> Tokens | None:
        """What was saved last; None if there is no login."""

    async def save(self, tokens: Tokens) -> None:
        """Come back once they would survive a power cut; raise any Exception if they would not."""


class Refresher(Protocol):
    """Who changes a refresh token into new tokens."""

    async def refresh(self, refresh_token: str) -> Tokens:
        """Ask Tesla once; raises a TeslaError."""


class TokenKeeper:
    """Gives out access tokens that are good and whose successors are safe.

    Every method raises a TeslaError: LoginRequired if only the user can help, TokensNotSaved if
    the disk cannot take what Tesla gave, else one that says why Tesla could not be asked.
    """

    def __init__(
        self,
        *,
        store: TokenStore,
        oauth: Refresher,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._oauth = oauth
        self._clock = clock
        self._tokens: Tokens | None = None
        self._unsaved = False
        self._refused: LoginRequired | None = None
        self._not_before = float("-inf")
        self._loading = asyncio.Lock()
        self._work: asyncio.Task[Tokens] | None = None

    async def access_token(self) -> str:
        """An access token that is good for some minutes yet, if Tesla can be reached."""
        tokens = await self._load()
        self._check_not_refused()
        now = self._clock()
        left = tokens.expires_at - now
        if self._unsaved or (left < EARLY and (left <= 0 or now >= self._not_before)):
            try:
                tokens = await self._renewed()
            except TeslaError as err:
                if left <= 0 or not err.temporary or self._unsaved:
                    raise
                self._not_before = now + PAUSE
                _LOGGER.debug("Keeping the access token that is still good: %s", err)
        return tokens.access_token

    async def renew(self, rejected: str) -> str:
        """An access token other than the rejected one; asks Tesla only if there is none yet."""
        tokens = await self._load()
        if tokens.access_token == rejected or self._unsaved:
            tokens = await self._renewed()
        return tokens.access_token

    async def claims(self) -> Claims:
        """What the current access token says about itself."""
        return read_claims(await self.access_token())

    async def settle(self) -> None:
        """Let a renewal in flight come to its end, so that another keeper finds its tokens."""
        if self._work is not None:
            await asyncio.wait([self._work])

    async def _load(self) -> Tokens:
        async with self._loading:
            if self._tokens is None:
                self._tokens = await self._store.load()
        if self._tokens is None:
            msg = "no login is stored"
            raise LoginRequired(msg)
        return self._tokens

    async def _renewed(self) -> Tokens:
        """Join the renewal in flight or begin one; it ends even if everybody stops waiting."""
        if self._work is None:
            self._work = asyncio.create_task(self._renew(), name="Tesla token renewal")
            self._work.add_done_callback(self._on_done)
        return await outlast(self._work)

    def _on_done(self, work: asyncio.Task[Tokens]) -> None:
        self._work = None
        # Looked at, so that a failure nobody waited for is not reported as forgotten.
        if not work.cancelled() and (error := work.exception()):
            _LOGGER.debug("Tokens were not renewed: %s", error)

    async def _renew(self) -> Tokens:
        tokens = await self._load()
        if not self._unsaved:
            self._check_not_refused()
            self._tokens = tokens = await self._ask(tokens)
            self._unsaved = True
        try:
            await self._store.save(tokens)
        except Exception as err:
            # Using them unsaved would end the login at the next crash but one: rather stand still
            # with the tokens in memory, and try to save them again before anything else.
            msg = f"new tokens could not be saved: {type(err).__name__}"
            raise TokensNotSaved(msg) from err
        self._unsaved = False
        return tokens

    def _check_not_refused(self) -> None:
        """Ask nothing more once the login has ended; raises LoginRequired."""
        if self._refused is not None:
            # Its own copy: a raised exception gathers tracebacks.
            raise LoginRequired(self._refused.text, status=self._refused.status)

    async def _ask(self, tokens: Tokens) -> Tokens:
        """New tokens for the newest refresh token, else for the one that it superseded."""
        used = tokens.refresh_token
        try:
            new = await self._oauth.refresh(used)
        except LoginRequired as err:
            previous = self._previous(tokens)
            if previous is None:
                self._refused = err
                raise
            _LOGGER.debug("The newest refresh token was refused, trying the one before it")
            used = previous
            try:
                new = await self._oauth.refresh(used)
            except LoginRequired as second:
                self._refused = second
                raise
        return replace(new, previous_refresh_token=used, superseded_at=self._clock())

    def _previous(self, tokens: Tokens) -> str | None:
        """The superseded refresh token while Tesla may still take it."""
        if tokens.superseded_at is None or self._clock() - tokens.superseded_at >= GRACE:
            return None
        return tokens.previous_refresh_token
