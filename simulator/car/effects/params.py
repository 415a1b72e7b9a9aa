"""What an effect is, and how it reads its parameters.

An effect gets the parameters by their names in the REST API and returns why the car refuses, or
None. Numbers mean what the REST documentation says, not what Tesla's proxy makes of them. Types
are JSON's and strict, as in the proxy.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from simulator.car.model import CarModel
from simulator.car.state import CarState

type Params = Mapping[str, Any]
type Effect = Callable[[CarState, CarModel, Params], str | None]

NOT_SUPPORTED: Final = "not_supported"


class BadParameter(Exception):
    """A parameter is missing or of the wrong type; says which."""


def _read(params: Params, key: str, kinds: tuple[type, ...], default: Any) -> Any:
    if key not in params:
        if default is None:
            msg = f"missing {key} param"
            raise BadParameter(msg)
        return default
    value = params[key]
    # To Python True is a number; to JSON it is not.
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        msg = f"invalid {key} param"
        raise BadParameter(msg)
    return value


def flag(params: Params, key: str, default: bool | None = None) -> bool:  # noqa: FBT001 - a value
    """A boolean; required without a default."""
    return bool(_read(params, key, (bool,), default))


def number(params: Params, key: str, default: float | None = None) -> float:
    """A number; required without a default."""
    return float(_read(params, key, (int, float), default))


def integer(params: Params, key: str, default: int | None = None) -> int:
    """A number without its fraction; required without a default."""
    return int(_read(params, key, (int, float), default))


def text(params: Params, key: str, default: str | None = None) -> str:
    """A string; required without a default."""
    return str(_read(params, key, (str,), default))


def counted(what: str) -> Effect:
    """Something that only can be counted, like a flash of the lights."""

    def effect(state: CarState, _model: CarModel, _params: Params) -> str | None:
        state.count(what)
        return None

    return effect


def set_flag(name: str, key: str) -> Effect:
    """Put a boolean parameter into the state."""

    def effect(state: CarState, _model: CarModel, params: Params) -> str | None:
        setattr(state, name, flag(params, key))
        return None

    return effect
