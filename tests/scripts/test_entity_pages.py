"""The page about the entities is up to date and leaves none out."""

from collections import Counter
import re

from scripts.workshop import entity_pages
from scripts.workshop.tables import entity_rows

REFRESH = "run: python -m scripts.workshop.entity_pages"


def table_lines() -> list[str]:
    """The lines of all tables, without their heads."""
    lines = entity_pages.page().splitlines()
    return [line for line in lines if line.startswith("| ") and not line.startswith("| Name |")]


def test_page_is_that_of_the_tables() -> None:
    """Nobody reads of an entity that is not there, or looks for one that is."""
    assert entity_pages.PAGE.read_text() == entity_pages.page(), REFRESH


def test_every_row_is_on_the_page_once() -> None:
    """Whatever platform it is of."""
    assert len(table_lines()) == len(entity_rows())
    twice = [line for line, times in Counter(table_lines()).items() if times > 1]
    assert not twice


def test_every_row_says_where_its_value_comes_from() -> None:
    """Only what the integration knows by itself, or only sends, has no source."""
    silent = {
        row.platform
        for row in entity_rows()
        if not row.signals and not row.commands and row.platform not in {"sensor", "event"}
    }
    assert silent <= {"binary_sensor", "button", "image"}
    told = [line for line in table_lines() if re.search(r"\| (poll|stream)", line)]
    assert len(told) > 350


def test_a_row_that_some_cars_lack_says_so() -> None:
    """And one that needs a permission names it."""
    page = entity_pages.page()
    assert "| Tonneau | `close_tonneau`, `open_tonneau`, `stop_tonneau` | stream | where" in page
    assert re.search(r"\| Sentry mode \|.*`vehicle_cmds` \|", page)
    assert re.search(r"\| Location \|.*with `vehicle_location` \|", page)
    assert "| Volume\\* |" in page


def test_units_and_states_are_in_words() -> None:
    """As Home Assistant shows them in English."""
    page = entity_pages.page()
    assert "| Battery level | % | poll, stream |" in page
    assert re.search(r"\| Charging state \| Disconnected, No power, Starting, Charging", page)
