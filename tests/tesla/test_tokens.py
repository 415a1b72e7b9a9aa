"""A login outlives crashes, lost answers, full disks and impatient callers."""

import asyncio
from dataclasses import replace
import itertools
from typing import TYPE_CHECKING

import pytest

from custom_components.teslalogger.tesla.errors import (
    AnswerLost,
    LoginRequired,
    MalformedToken,
    NotSent,
    TokensNotSaved,
)
from custom_components.teslalogger.tesla.tokens import EARLY, GRACE, PAUSE, TokenKeeper, Tokens

from .test_claims import make_token

if TYPE_CHECKING:
    from collections.abc import Callable

LIFETIME = 8 * 3600.0


class PowerCut(BaseException):
    """The process ends here."""


class Clock:
    """Seconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class TokenEndpoint:
    """Tesla's token endpoint: refresh tokens for single use, the one used last good for 24 h more.

    `before` and `after` are called before and after Tesla makes up its mind.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(2)
        self.newest = "refresh-1"
        self.used_last: str | None = None
        self.used_at = 0.0
        self.asked: list[str] = []
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.busy = asyncio.Event()

    async def refresh(self, refresh_token: str) -> Tokens:
        """Rotate."""
        self.asked.append(refresh_token)
        self.busy.set()
        await self.gate.wait()
        self.before()
        in_grace = refresh_token == self.used_last and self._clock() - self.used_at < GRACE
        if refresh_token != self.newest and not in_grace:
            msg = "login_required"
            raise LoginRequired(msg, status=401)
        if refresh_token == self.newest:
            self.used_last, self.used_at = refresh_token, self._clock()
        number = next(self._numbers)
        self.newest = f"refresh-{number}"
        self.after()
        return Tokens(
            access_token=f"access-{number}",
            refresh_token=self.newest,
            expires_at=self._clock() + LIFETIME,
        )


class Disk:
    """What survives a power cut."""

    def __init__(self, tokens: Tokens | None) -> None:
        self.tokens = tokens
        self.loads = 0
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    async def load(self) -> Tokens | None:
        """Read."""
        self.loads += 1
        await asyncio.sleep(0)
        return self.tokens

    async def save(self, tokens: Tokens) -> None:
        """Write."""
        self.before()
        await asyncio.sleep(0)
        # By way of JSON's types, as a real store has it.
        self.tokens = Tokens.from_dict(tokens.to_dict())
        self.after()


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
async def tesla(clock: Clock) -> TokenEndpoint:
    """The strict other side."""
    return TokenEndpoint(clock)


@pytest.fixture
def disk(clock: Clock) -> Disk:
    """A disk with a login whose access token has expired."""
    return Disk(Tokens(access_token="access-1", refresh_token="refresh-1", expires_at=clock() - 1))


@pytest.fixture
def keeper(disk: Disk, tesla: TokenEndpoint, clock: Clock) -> TokenKeeper:
    """The keeper under test."""
    return TokenKeeper(store=disk, oauth=tesla, clock=clock)


def cut() -> None:
    """Pull the plug."""
    raise PowerCut


def _nothing() -> None:
    """Do it."""


def once(action: Callable[[], None]) -> Callable[[], None]:
    """The action at the first call, nothing later."""
    calls = iter([action])

    def call() -> None:
        next(calls, _nothing)()

    return call


async def test_an_expired_token_is_renewed_and_saved_before_it_is_given_out(
    keeper: TokenKeeper, disk: Disk, tesla: TokenEndpoint
) -> None:
    """At the moment of saving nobody has it yet."""
    given: list[str] = []
    disk.before = lambda: given.append("saving")
    given.append(await keeper.access_token())
    assert given == ["saving", "access-2"]
    assert disk.tokens is not None
    assert disk.tokens.refresh_token == tesla.newest
    assert disk.tokens.previous_refresh_token == "refresh-1"


async def test_a_good_token_costs_no_request(
    keeper: TokenKeeper, tesla: TokenEndpoint, disk: Disk
) -> None:
    """Nor does reading it a second time."""
    for _ in range(3):
        assert await keeper.access_token() == "access-2"
    assert tesla.asked == ["refresh-1"]
    assert disk.loads == 1


async def test_a_token_is_renewed_some_minutes_early(
    keeper: TokenKeeper, tesla: TokenEndpoint, clock: Clock
) -> None:
    """So that no request of ours meets its end."""
    await keeper.access_token()
    clock.now += LIFETIME - EARLY
    assert await keeper.access_token() == "access-2"
    clock.now += 1
    assert await keeper.access_token() == "access-3"
    assert tesla.asked == ["refresh-1", "refresh-2"]


async def test_all_callers_share_one_renewal(keeper: TokenKeeper, tesla: TokenEndpoint) -> None:
    """However many cars are asked at once."""
    answers = await asyncio.gather(
        *(keeper.access_token() for _ in range(10)), *(keeper.renew("access-1") for _ in range(10))
    )
    assert set(answers) == {"access-2"}
    assert tesla.asked == ["refresh-1"]


async def test_a_caller_that_gives_up_takes_nothing_from_the_others(
    keeper: TokenKeeper, tesla: TokenEndpoint
) -> None:
    """Not even if it was the one that began the renewal."""
    tesla.gate.clear()
    first = asyncio.create_task(keeper.access_token())
    await tesla.busy.wait()
    second = asyncio.create_task(keeper.access_token())
    await asyncio.sleep(0)
    first.cancel()
    tesla.gate.set()
    assert await second == "access-2"
    with pytest.raises(asyncio.CancelledError):
        await first
    assert tesla.asked == ["refresh-1"]


async def test_a_renewal_that_nobody_waits_for_is_saved_all_the_same(
    keeper: TokenKeeper, tesla: TokenEndpoint, disk: Disk
) -> None:
    """And can be waited for before another keeper is made."""
    tesla.gate.clear()
    only = asyncio.create_task(keeper.access_token())
    await tesla.busy.wait()
    only.cancel()
    tesla.gate.set()
    await keeper.settle()
    await keeper.settle()
    assert disk.tokens is not None
    assert disk.tokens.refresh_token == "refresh-2"


async def test_a_renewal_that_nobody_waits_for_fails_in_silence(
    keeper: TokenKeeper, tesla: TokenEndpoint
) -> None:
    """Home Assistant logs whatever the event loop is told as an error of somebody's."""
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    tesla.newest = "of another login"
    tesla.gate.clear()
    caller = asyncio.create_task(keeper.access_token())
    await tesla.busy.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller

    tesla.gate.set()
    await keeper.settle()
    await asyncio.sleep(0)

    assert told == []
    with pytest.raises(LoginRequired):
        await keeper.access_token()


@pytest.mark.parametrize("moment", ["before request", "before save", "after save", "answer lost"])
@pytest.mark.parametrize("again", [False, True])
async def test_a_crash_costs_no_login(
    moment: str, disk: Disk, tesla: TokenEndpoint, clock: Clock, *, again: bool
) -> None:
    """Wherever the power fails, and if it fails there twice, a new keeper goes on from the disk."""
    for _ in range(1 + again):
        match moment:
            case "before request":
                tesla.before = once(cut)
            case "answer lost":
                tesla.after = once(cut)
            case "before save":
                disk.before = once(cut)
            case _:
                disk.after = once(cut)
        try:
            await crashing(TokenKeeper(store=disk, oauth=tesla, clock=clock))
        finally:
            if disk.tokens is not None:
                disk.tokens = replace(disk.tokens, expires_at=clock() - 1)
        clock.now += 3600
    keeper = TokenKeeper(store=disk, oauth=tesla, clock=clock)
    token = await keeper.access_token()
    assert token.removeprefix("access-") == tesla.newest.removeprefix("refresh-")
    assert disk.tokens is not None
    assert disk.tokens.refresh_token == tesla.newest


async def crashing(keeper: TokenKeeper) -> None:
    """Use the keeper until the power fails, without taking the test down with it."""
    keeper_renew = keeper._renew

    async def renew() -> Tokens:
        try:
            return await keeper_renew()
        except PowerCut as err:
            raise RuntimeError from err

    keeper._renew = renew  # type: ignore[method-assign]  # a task would end the loop with PowerCut
    with pytest.raises(RuntimeError):
        await keeper.access_token()


async def test_a_rejected_token_is_renewed_once(keeper: TokenKeeper, tesla: TokenEndpoint) -> None:
    """Whoever comes with the old one later gets the new one."""
    token = await keeper.access_token()
    assert await keeper.renew(token) == "access-3"
    assert await keeper.renew(token) == "access-3"
    assert tesla.asked == ["refresh-1", "refresh-2"]


async def test_a_refused_newest_token_falls_back_to_the_one_before(
    keeper: TokenKeeper, tesla: TokenEndpoint, clock: Clock
) -> None:
    """Within its day of grace, once."""
    await keeper.access_token()
    tesla.newest = "refresh-of-a-lost-answer"
    clock.now += GRACE - 1
    assert await keeper.access_token() == "access-3"
    assert tesla.asked == ["refresh-1", "refresh-2", "refresh-1"]


async def test_after_its_day_the_one_before_is_not_tried(
    keeper: TokenKeeper, tesla: TokenEndpoint, clock: Clock
) -> None:
    """Tesla would not take it."""
    await keeper.access_token()
    tesla.newest = "refresh-of-a-stranger"
    clock.now += GRACE
    with pytest.raises(LoginRequired):
        await keeper.access_token()
    assert tesla.asked == ["refresh-1", "refresh-2"]


async def test_a_login_that_has_ended_is_not_asked_about_again(
    keeper: TokenKeeper, tesla: TokenEndpoint, clock: Clock
) -> None:
    """Both tokens are refused: no storm of requests."""
    await keeper.access_token()
    tesla.newest, tesla.used_last = "x", None
    clock.now += LIFETIME
    for _ in range(3):
        with pytest.raises(LoginRequired):
            await keeper.access_token()
    assert tesla.asked == ["refresh-1", "refresh-2", "refresh-1"]


async def test_a_token_of_a_login_that_has_ended_is_not_given_out(
    keeper: TokenKeeper, tesla: TokenEndpoint
) -> None:
    """Though by its own word it would be good for hours: Tesla has rejected it."""
    token = await keeper.access_token()
    tesla.newest, tesla.used_last = "x", None
    with pytest.raises(LoginRequired):
        await keeper.renew(token)
    with pytest.raises(LoginRequired):
        await keeper.access_token()


@pytest.mark.parametrize("error", [NotSent, AnswerLost])
async def test_trouble_with_the_network_is_not_the_end_of_a_login(
    keeper: TokenKeeper, tesla: TokenEndpoint, error: type[NotSent | AnswerLost]
) -> None:
    """It is told as what it is, and the next call tries again."""

    def fail() -> None:
        raise error

    tesla.after = once(fail)
    with pytest.raises(error):
        await keeper.access_token()
    assert await keeper.access_token() == "access-3"
    assert tesla.asked == ["refresh-1", "refresh-1"]


async def test_while_tesla_cannot_be_asked_a_good_token_is_used_to_its_end(
    keeper: TokenKeeper, tesla: TokenEndpoint, clock: Clock
) -> None:
    """With a pause between attempts."""

    def fail() -> None:
        raise NotSent

    await keeper.access_token()
    tesla.before = fail
    clock.now += LIFETIME - EARLY / 2
    for _ in range(3):
        assert await keeper.access_token() == "access-2"
    assert len(tesla.asked) == 2
    clock.now += PAUSE
    assert await keeper.access_token() == "access-2"
    assert len(tesla.asked) == 3
    clock.now += EARLY
    with pytest.raises(NotSent):
        await keeper.access_token()


async def test_tokens_that_cannot_be_saved_are_kept_and_not_used(
    keeper: TokenKeeper, tesla: TokenEndpoint, disk: Disk
) -> None:
    """The next call saves them first; Tesla is not asked again."""

    def full() -> None:
        raise OSError(28, "No space left on device")

    disk.before = full
    for use in (keeper.access_token(), keeper.renew("access-1"), keeper.renew("another")):
        with pytest.raises(TokensNotSaved):
            await use
    disk.before = lambda: None
    assert await keeper.access_token() == "access-2"
    assert tesla.asked == ["refresh-1"]
    assert disk.tokens is not None
    assert disk.tokens.refresh_token == "refresh-2"


async def test_without_a_login_the_user_is_asked_for_one(
    tesla: TokenEndpoint, clock: Clock
) -> None:
    """Nothing is sent."""
    keeper = TokenKeeper(store=Disk(None), oauth=tesla, clock=clock)
    with pytest.raises(LoginRequired):
        await keeper.access_token()
    assert tesla.asked == []


async def test_claims_are_those_of_the_current_token(tesla: TokenEndpoint, clock: Clock) -> None:
    """Read from the token itself."""
    token = make_token({"sub": "me"})
    tokens = Tokens(access_token=token, refresh_token="r", expires_at=clock() + LIFETIME)
    keeper = TokenKeeper(store=Disk(tokens), oauth=tesla, clock=clock)
    assert (await keeper.claims()).account_id == "me"


def test_tokens_keep_to_themselves() -> None:
    """Nothing secret in a repr."""
    tokens = Tokens(
        access_token="secret", refresh_token="secret", expires_at=1, previous_refresh_token="secret"
    )
    assert "secret" not in repr(tokens)
    assert Tokens.from_dict(tokens.to_dict()) == tokens


@pytest.mark.parametrize(
    "change",
    [
        {"access_token": None},
        {"refresh_token": 1},
        {"expires_at": "soon"},
        {"expires_at": True},
        {"previous_refresh_token": 1},
        {"superseded_at": "then"},
    ],
)
def test_damaged_tokens_are_told_as_such(change: dict[str, object]) -> None:
    """And what is damaged is not repeated."""
    good = {"access_token": "secret", "refresh_token": "secret", "expires_at": 1.0}
    with pytest.raises(MalformedToken) as caught:
        Tokens.from_dict(good | change)
    assert "secret" not in str(caught.value)
