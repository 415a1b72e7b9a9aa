"""What requests cost."""

import pytest

from simulator.cloud.ledger import PRICES, Entry, Ledger, PriceClass


def _entry(
    price_class: PriceClass, status: int | None = 200, endpoint: str = "x", vin: str | None = None
) -> Entry:
    return Entry(
        when=0,
        endpoint=endpoint,
        method="GET",
        vin=vin,
        status=status,
        price_class=price_class,
        txid="t",
    )


@pytest.mark.parametrize(
    ("price_class", "per_dollar"),
    [(PriceClass.DATA, 500), (PriceClass.COMMAND, 1000), (PriceClass.WAKE, 50)],
)
def test_a_dollar_buys_so_many(price_class: PriceClass, per_dollar: int) -> None:
    """Tesla's price list."""
    ledger = Ledger([_entry(price_class)] * per_dollar)
    assert ledger.cost == pytest.approx(1)
    assert PRICES[PriceClass.FREE] == 0


@pytest.mark.parametrize(
    ("status", "billed"), [(200, 1), (408, 1), (499, 1), (None, 1), (500, 0), (504, 0)]
)
def test_errors_of_teslas_own_are_free(status: int | None, billed: int) -> None:
    """Everything below 500 is billed, and what was done without an answer."""
    assert Ledger([_entry(PriceClass.WAKE, status)]).count(PriceClass.WAKE) == billed


def test_requests_can_be_looked_up() -> None:
    """By endpoint, and by car."""
    a, b, c = (_entry(PriceClass.DATA, endpoint=e, vin=v) for e, v in ("x1", "x2", "y1"))
    ledger = Ledger([a, b, c])
    assert ledger.of("x") == [a, b]
    assert ledger.of("x", "2") == [b]


def test_signals_are_counted_by_car() -> None:
    """150,000 for a dollar, whichever car sent them."""
    ledger = Ledger([_entry(PriceClass.DATA)])
    ledger.signals.update({"1": 100_000, "2": 50_000})
    assert ledger.cost == pytest.approx(1.002)
    assert ledger.counts() == {PriceClass.DATA: 1, PriceClass.SIGNAL: 150_000}
    ledger.clear()
    assert (ledger.cost, ledger.counts()) == (0, {})
