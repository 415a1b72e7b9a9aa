"""What Tesla says went wrong, from whatever form it is said in."""

from email.utils import parsedate_to_datetime
import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_WAIT: Final = 86_400.0  # the longest `Retry-After` that Tesla has been seen to ask for
MIN_WAIT: Final = 1.0

_MAX_MARKUP: Final = 16_384
_MARKUP: Final = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^<>]*>", re.DOTALL)
_WORDS: Final = ("error", "error_description", "message", "messages", "reason", "string")
# A Retry-After so large is a date in seconds since 1970.
_EPOCH: Final = 1_000_000_000.0
_RESET_HEADER: Final = re.compile(r"ratelimit-(?:.+-)?reset", re.IGNORECASE)


def parse_json(body: bytes) -> Any:
    """The JSON value, or None where there is none."""
    try:
        return json.loads(body)
    except ValueError, RecursionError:
        return None


def explanation(body: bytes) -> str:
    """The words of an answer: of Tesla's error members if it is JSON, else of the page."""
    value = parse_json(body)
    if isinstance(value, dict):
        return "; ".join(dict.fromkeys(_words(value)))
    if isinstance(value, str):
        return value
    text = body[:_MAX_MARKUP].decode("utf-8", "replace")
    return " ".join(_MARKUP.sub(" ", text).split())


def _words(value: Any, depth: int = 0) -> Iterator[str]:
    """Texts under the members that Tesla explains itself in, in that order."""
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, list) and depth < len(_WORDS):
        for item in value:
            yield from _words(item, depth + 1)
    elif isinstance(value, dict) and depth < len(_WORDS):
        for name in (*_WORDS, "response"):
            inner = value.get(name)
            if name != "response" or isinstance(inner, dict):
                yield from _words(inner, depth + 1)


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds to wait, between MIN_WAIT and MAX_WAIT; None if no header says so sensibly.

    `Retry-After` goes before `RateLimit-Reset` and its forms for a class; either is in seconds, a
    date, or (`now`, too) seconds since 1970.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    resets = [value for name, value in lowered.items() if _RESET_HEADER.fullmatch(name)]
    asked = [_seconds(lowered.get("retry-after", ""), now=now)]
    asked.append(max((s for r in resets if (s := _seconds(r, now=now)) is not None), default=None))
    wait = next((seconds for seconds in asked if seconds is not None), None)
    return wait if wait is None else min(max(wait, MIN_WAIT), MAX_WAIT)


def _seconds(value: str, *, now: float) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        try:
            return parsedate_to_datetime(value).timestamp() - now
        except ValueError, OverflowError:
            return None
    if seconds != seconds:  # noqa: PLR0124 - "nan" parses as a number
        return None
    return seconds - now if seconds >= _EPOCH else seconds
