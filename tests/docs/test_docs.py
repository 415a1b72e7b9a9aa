"""Links lead somewhere, sums are right, and prices are those of the code."""

import json
from pathlib import Path
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from custom_components.teslalogger.tesla.prices import PRICES, PriceClass
from custom_components.teslalogger.vehicle.polling import Speeds

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
TROUBLESHOOTING: Final = (ROOT / "docs" / "troubleshooting.md").read_text()
ENGLISH: Final = ROOT / "custom_components" / "teslalogger" / "translations" / "en.json"
TIMES: Final = "\N{MULTIPLICATION SIGN}"
SEED: Final = (ROOT / "docs" / "seed.md").read_text()
PROMISES: Final = 21
"""Sentences of the seed's page that promise something."""
COSTS: Final = (ROOT / "docs" / "costs.md").read_text()


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in kept}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    """Pictures and headings included."""
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_uses_an_em_dash(page: Path) -> None:
    """The house's prose does without."""
    assert "\N{EM DASH}" not in page.read_text()


def _product(text: str) -> float:
    result = 1.0
    for factor in re.findall(r"[\d.]+", text):
        result *= float(factor)
    return result


def test_every_sum_of_the_costs_page_is_right() -> None:
    """Rows multiply, tables add up."""
    total = 0.0
    sums = 0
    for line in COSTS.splitlines():
        cells = [cell.strip(" *") for cell in line.strip("|").split("|")]
        if len(cells) == 3 and TIMES in cells[1]:
            assert _product(cells[1]) == pytest.approx(float(cells[2])), line
            total += float(cells[2])
        elif cells[0] == "Sum":
            assert total == pytest.approx(float(cells[2])), line
            sums += 1
    assert sums == 2


@pytest.mark.parametrize(
    ("label", "price"),
    [
        ("Data", PriceClass.DATA),
        ("Commands", PriceClass.COMMAND),
        ("Waking", PriceClass.WAKE),
        ("Streamed", PriceClass.STREAMING_SIGNAL),
    ],
)
def test_the_prices_are_those_of_the_code(label: str, price: PriceClass) -> None:
    """One US$ buys what the table says."""
    found = re.search(rf"^\| {label}[^|]*\| ([\d,]+)[^|]*\|", COSTS, re.MULTILINE)
    assert found is not None
    assert float(found[1].replace(",", "")) == pytest.approx(1 / PRICES[price])


@pytest.mark.parametrize(
    ("label", "seconds"),
    [
        ("driving", Speeds().driving),
        ("charging", Speeds().charging),
        ("awake for a reason", Speeds().attended),
        ("awake, with nothing", Speeds().idle),
        ("in service", Speeds().in_service),
    ],
)
def test_the_intervals_are_those_of_the_code(label: str, seconds: float) -> None:
    """What costs how much depends on them."""
    found = re.search(rf"^\| {label}[^|]*\|[^|]*\| (?:(\d+) )?minutes? \|", COSTS, re.MULTILINE)
    assert found is not None
    assert float(found[1] or 1) * 60 == seconds


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    else:
        for child in node.values():
            yield from _texts(child)


def test_every_message_of_the_troubleshooting_page_exists() -> None:
    """Whoever searches for what the screen says finds it."""
    texts = list(_texts(json.loads(ENGLISH.read_text())))
    messages = re.findall(r'^\| "([^"]+)" \|', TROUBLESHOOTING, re.MULTILINE)
    assert len(messages) > 30
    assert [message for message in messages if not any(message in text for text in texts)] == []


def test_every_place_that_the_seeds_page_names_exists() -> None:
    """Code and tests; a promise without them says "not yet"."""
    code = ROOT / "custom_components" / "teslalogger"
    lines = [line for line in SEED.splitlines() if line.startswith("| ")][1:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len(rows) == PROMISES
    for promise, done_in, held_by, _ in rows:
        for name in re.findall(r"`([\w/.]+)`", done_in):
            assert (code / name).exists() or (ROOT / name).exists(), (promise, name)
        tests = re.findall(r"`(tests/[\w/.]+)`", held_by)
        assert tests or "not yet" in done_in, promise
        for name in tests:
            assert (ROOT / name).exists(), (promise, name)
