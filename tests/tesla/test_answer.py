"""Tesla's words are found in every form, and its waiting times are sensible."""

import json

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.tesla.answer import (
    MAX_WAIT,
    MIN_WAIT,
    explanation,
    parse_json,
    retry_after,
)

NOW = 1_790_000_000.0


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"response": None, "error": "a", "error_description": "b"}, "a; b"),
        ({"response": None, "error": "a", "error_description": ""}, "a"),
        ({"error": {"message": "a"}}, "a"),
        ({"error": "a", "messages": {"x": ["ignored"], "message": ["b", "c"]}}, "a; b; c"),
        ({"response": {"result": False, "reason": "unsigned_cmds_hardlocked"}}, None),
        ({"response": "not an error"}, ""),
        ({"error": "a", "error_description": "a"}, "a"),
        ("just this", "just this"),
        ([], "[]"),
        ({"error": 7}, ""),
    ],
)
def test_words_of_json_are_found(body: object, text: str | None) -> None:
    """All members that Tesla explains itself in, each once."""
    expected = "unsigned_cmds_hardlocked" if text is None else text
    assert explanation(json.dumps(body).encode()) == expected


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", ""),
        (b"upstream", "upstream"),
        (b"<html><style>p{}</style><h1>502</h1>\n<p>Bad&nbsp;</p>", "502 Bad&nbsp;"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b'{"error": "cut', '{"error": "cut'),
    ],
)
def test_words_of_a_page_are_what_a_reader_sees(body: bytes, text: str) -> None:
    """Without markup."""
    assert explanation(body) == text


def test_deeply_nested_json_is_no_json() -> None:
    """A stranger cannot exhaust the stack."""
    assert parse_json(b"[" * 500_000) is None
    nested: object = "deep"
    for _ in range(20):
        nested = {"error": nested}
    assert explanation(json.dumps(nested).encode()) == ""


@given(st.binary(max_size=400))
def test_no_body_is_too_odd(body: bytes) -> None:
    """There is always an explanation, be it empty."""
    assert isinstance(explanation(body), str)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"Retry-After": "0"}, MIN_WAIT),
        ({"Retry-After": "-5"}, MIN_WAIT),
        ({"Retry-After": "99999999"}, MAX_WAIT),
        ({"Retry-After": "inf"}, MAX_WAIT),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Mon, 21 Sep 2026 13:34:20 GMT"}, 60.0),
        ({"RateLimit-Reset": "12"}, 12.0),
        ({"RateLimit-Reset": f"{NOW + 40:.0f}"}, 40.0),
        ({"RateLimit-realtime-data-Reset": "7", "RateLimit-Reset": "9"}, 9.0),
        ({"Retry-After": "3", "RateLimit-Reset": "9"}, 3.0),
        ({"Retry-After": "?", "RateLimit-Reset": "9"}, 9.0),
        ({"RateLimit-Remaining": "0"}, None),
    ],
)
def test_the_time_to_wait_is_read_and_bounded(
    headers: dict[str, str], seconds: float | None
) -> None:
    """From whichever header says it, in whichever form."""
    wait = retry_after(headers, now=NOW)
    assert wait == pytest.approx(seconds, abs=60 if seconds == 60.0 else 1e-6)
