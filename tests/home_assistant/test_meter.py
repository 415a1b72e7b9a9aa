"""Counting requests and their price."""

import pytest

from custom_components.teslalogger.meter import LEDGER_LENGTH, RequestMeter
from custom_components.teslalogger.tesla import PriceClass, RequestRecord

from .cloud import MODEL_X


def record(
    price_class: PriceClass = PriceClass.DATA, status: int | None = 200, vin: str | None = MODEL_X
) -> RequestRecord:
    """One request."""
    return RequestRecord(
        endpoint="vehicle_data", vin=vin, status=status, price_class=price_class, duration=0.25
    )


def test_cost_is_that_of_the_answers_tesla_bills() -> None:
    """Refusals are billed, Tesla's own failures and lost answers are not."""
    meter = RequestMeter()

    for status in (200, 408, 500, None):
        meter.on_request(record(status=status))
    meter.on_request(record(PriceClass.WAKE))
    meter.on_request(record(PriceClass.FREE))

    assert meter.requests == 6
    assert meter.cost == pytest.approx(2 * 0.002 + 0.02)
    assert meter.as_dict()["billed"] == {"data": 2, "free": 1, "wake": 1}


def test_ledger_is_short_and_names_no_car() -> None:
    """The last requests, with six characters of the VIN."""
    meter = RequestMeter()

    for _ in range(LEDGER_LENGTH + 5):
        meter.on_request(record())
    meter.on_request(record(vin=None))

    ledger = meter.as_dict()["last_requests"]
    assert len(ledger) == LEDGER_LENGTH
    assert ledger[0]["car"] == "…012345"
    assert ledger[-1]["car"] is None
    assert MODEL_X not in str(meter.as_dict())
