"""Answers in the form of Tesla's with anything at all in some places of them."""

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

type Place = tuple[str | int, ...]

# What is in Tesla's answers, and what no float, clock or calendar holds.
_LEAVES: Final = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([10**12, -(10**12), 10**400, -(10**400), "", " ", "Unknown"])
)
_ANYTHING: Final = (
    _LEAVES
    | st.lists(_LEAVES, max_size=3)
    | st.dictionaries(st.text(max_size=5), _LEAVES, max_size=3)
)


def answers_like(answer: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """This one with something odd at up to four of its places."""
    places = st.sampled_from(sorted(_places(answer), key=repr))
    return st.dictionaries(places, _ANYTHING, max_size=4).map(lambda odd: _with(answer, odd))


def _places(value: object, place: Place = ()) -> Iterator[Place]:
    if place:
        yield place
    if isinstance(value, dict | list):
        for name, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(item, (*place, name))


def _with(answer: dict[str, Any], odd: Mapping[Place, Any]) -> dict[str, Any]:
    changed = deepcopy(answer)
    for place in sorted(odd, key=len, reverse=True):  # what is within goes before what is around
        inner: Any = changed
        for name in place[:-1]:
            inner = inner[name]
        inner[place[-1]] = odd[place]
    return changed
