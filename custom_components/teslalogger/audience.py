"""Who wants to be told of what.

A stream tells five things a second of a car with hundreds of entities. Asking each of them whether
it is concerned costs more than telling those that are.
"""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable


class Audience:
    """Callbacks, found by their topics."""

    def __init__(self) -> None:
        self._of_all: dict[object, Callable[[], None]] = {}
        self._by_topic: defaultdict[str, dict[object, Callable[[], None]]] = defaultdict(dict)

    def add(self, update: Callable[[], None], topics: Collection[str] | None) -> Callable[[], None]:
        """Tell of these topics, or of everything; calling what is given back ends it."""
        ticket = object()
        places = [self._of_all] if topics is None else [self._by_topic[name] for name in topics]
        for place in places:
            place[ticket] = update

        def remove() -> None:
            for place in places:
                del place[ticket]

        return remove

    def concerned(self, topics: Iterable[str]) -> list[Callable[[], None]]:
        """Who is to be told that these have changed, each once."""
        found = dict(self._of_all)
        for topic in topics:
            found |= self._by_topic.get(topic, {})
        return list(found.values())
