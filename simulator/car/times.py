"""What a car tells as a moment: seconds since 1970, or milliseconds where Tesla wants them."""

from typing import TYPE_CHECKING, Any, Final

from simulator.car.state import WHEELS

if TYPE_CHECKING:
    from simulator.car.state import CarState

UTC_OFFSET: Final = 3_600
DAY: Final = 86_400
MINUTE: Final = 60


def charge_times(state: CarState, now: float) -> dict[str, Any]:
    """When charging begins: by the driver's plan, and by the utility's."""
    charge = state.charge
    return {
        "managed_charging_start_time": _after(charge.managed_in, now),
        "scheduled_charging_start_time": (
            None if charge.scheduled is None else _next(charge.scheduled, now)
        ),
    }


def tire_times(state: CarState, now: float) -> dict[str, Any]:
    """When each wheel's sensor was heard last: they send while the wheels turn."""
    heard = int(now - state.tires_silent)
    return {f"tpms_last_seen_pressure_time_{wheel}": heard for wheel in WHEELS}


def update_times(state: CarState, now: float) -> dict[str, Any]:
    """When the software is installed, if that was agreed on."""
    start = _after(state.update_in, now)
    return {} if start is None else {"scheduled_time_ms": start * 1000}


def _after(seconds: float | None, now: float) -> int | None:
    return None if seconds is None else int(now + seconds)


def _next(minutes: int, now: float) -> int:
    """The next time that the car's clock shows these minutes after midnight."""
    local = int(now) + UTC_OFFSET
    midnight = local - local % DAY
    start = midnight + minutes * MINUTE
    return (start if start > local else start + DAY) - UTC_OFFSET
