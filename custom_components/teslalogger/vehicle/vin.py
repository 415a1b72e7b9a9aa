"""What a VIN tells about its car."""

from typing import Final

_LENGTH: Final = 17
_MODEL: Final = 3
_MOTOR: Final = 7
_YEAR: Final = 9

_MODELS: Final = frozenset("S3XYCTR")
_SIGNING_MODELS: Final = frozenset("3YC")
_REDESIGNED_MODELS: Final = frozenset("SX")
_FIRST_YEAR: Final = 2010
_YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY"
_REDESIGN: Final = 2021
_OLD_DESIGN_MOTORS: Final = frozenset("1234")


def model_letter(vin: str) -> str | None:
    """S, 3, X, Y, C (Cybertruck), T (Semi) or R (Roadster)."""
    letter = vin[_MODEL].upper() if len(vin) == _LENGTH else ""
    return letter if letter in _MODELS else None


def model_year(vin: str) -> int | None:
    """The model year, 2010 to 2030."""
    code = vin[_YEAR].upper() if len(vin) == _LENGTH else ""
    return _FIRST_YEAR + _YEAR_CODES.index(code) if code and code in _YEAR_CODES else None


def signing_by_vin(vin: str) -> bool | None:
    """Whether this car obeys signed commands only; None where the VIN does not decide.

    Model S and X before the 2021 redesign do not know the protocol. The code for 2021 is also on
    the last cars of the old design, which a motor code of 1 to 4 gives away.
    """
    model = model_letter(vin)
    if model in _SIGNING_MODELS:
        return True
    year = model_year(vin)
    if model not in _REDESIGNED_MODELS or year is None:
        return None
    if year == _REDESIGN and vin[_MOTOR] in _OLD_DESIGN_MOTORS:
        return None
    return year >= _REDESIGN
