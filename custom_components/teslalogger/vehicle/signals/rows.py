"""Short forms of the rows that most of the table consists of."""

import re
from typing import TYPE_CHECKING, Final

from .converters import boolean, number, one_of, text
from .model import Converter, Kind, OnInvalid, Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD_STARTS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# As a value it would be taken for the absence of one.
_TAKEN: Final = {"unavailable": "not_available"}


def named(*names: str) -> dict[str, str]:
    """Tesla's names with our words for them: StartAt is start_at."""
    words = {name: _WORD_STARTS.sub("_", name).lower() for name in names}
    return {name: _TAKEN.get(word, word) for name, word in words.items()}


def flag(
    key: str,
    path: str = "",
    telemetry: str | None = None,
    *,
    convert: Converter = boolean,
    stream: Converter | None = None,
    part: str | None = None,
    on_invalid: OnInvalid = OnInvalid.KEEP,
) -> Signal:
    """Yes or no. `path` is dotted."""
    return Signal(
        key=key,
        kind=Kind.BOOL,
        path=_steps(path),
        telemetry=telemetry,
        part=part,
        convert=convert,
        stream=stream,
        on_invalid=on_invalid,
    )


def quantity(
    key: str,
    unit: str | None,
    path: str = "",
    telemetry: str | None = None,
    *,
    convert: Converter = number,
    stream: Converter | None = None,
    part: str | None = None,
    vanishes: bool = False,
    on_invalid: OnInvalid = OnInvalid.KEEP,
) -> Signal:
    """A number in a unit."""
    return Signal(
        key=key,
        kind=Kind.NUMBER,
        path=_steps(path),
        vanishes=vanishes,
        telemetry=telemetry,
        part=part,
        unit=unit,
        convert=convert,
        stream=stream,
        on_invalid=on_invalid,
    )


def choice(
    key: str,
    names: Mapping[str, str],
    path: str = "",
    telemetry: str | None = None,
    *,
    prefix: str = "",
    convert: Converter | None = None,
    stream: Converter | None = None,
    on_invalid: OnInvalid = OnInvalid.KEEP,
) -> Signal:
    """One of some words. `prefix` is what the stream puts before each."""
    by_name = one_of(names, prefix)
    return Signal(
        key=key,
        kind=Kind.ENUM,
        path=_steps(path),
        telemetry=telemetry,
        convert=convert or by_name,
        stream=stream or (by_name if telemetry and convert else None),
        on_invalid=on_invalid,
        options=tuple(dict.fromkeys(names.values())),
    )


def label(
    key: str,
    path: str = "",
    telemetry: str | None = None,
    *,
    convert: Converter = text,
    vanishes: bool = False,
    on_invalid: OnInvalid = OnInvalid.KEEP,
) -> Signal:
    """A text."""
    return Signal(
        key=key,
        kind=Kind.TEXT,
        path=_steps(path),
        vanishes=vanishes,
        telemetry=telemetry,
        convert=convert,
        on_invalid=on_invalid,
    )


def moment(
    key: str,
    path: str,
    convert: Converter,
    telemetry: str | None = None,
    stream: Converter | None = None,
    *,
    vanishes: bool = False,
    on_invalid: OnInvalid = OnInvalid.KEEP,
) -> Signal:
    """A point in time."""
    return Signal(
        key=key,
        kind=Kind.TIME,
        path=_steps(path),
        vanishes=vanishes,
        telemetry=telemetry,
        convert=convert,
        stream=stream,
        on_invalid=on_invalid,
    )


def _steps(path: str) -> tuple[str, ...] | None:
    return tuple(path.split(".")) if path else None
