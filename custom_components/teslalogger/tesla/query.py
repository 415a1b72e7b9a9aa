"""Query strings of requests."""

from urllib.parse import urlencode


def query(**given: object) -> str:
    """A query string of what was given; truth values as JSON writes them."""
    pairs = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value is not None
    }
    return f"?{urlencode(pairs)}" if pairs else ""
