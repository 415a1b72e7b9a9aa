"""What a coordinator tells its entities besides the signals themselves."""

from enum import StrEnum


class Topic(StrEnum):
    """What a coordinator tells besides signals."""

    LAST_UPDATE = "last_update"
    KEY = "key"
    ROUTE = "route"
    PRODUCT = "product"
    STREAM = "stream"
    ALERTS = "alerts"
    NEW_SIGNAL = "new_signal"


def wish_for(signal: str) -> str:
    """The topic of what a signal is wanted to become."""
    return f"wish_for_{signal}"
