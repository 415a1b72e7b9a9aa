"""The files that are written from the tables of actions are up to date."""

from scripts.workshop import action_pages

REFRESH = "run: python -m scripts.workshop.action_pages"


def test_forms_are_those_of_the_tables() -> None:
    """Home Assistant draws what the actions take."""
    assert action_pages.SERVICES.read_text() == action_pages.services_yaml(), REFRESH


def test_page_is_that_of_the_tables() -> None:
    """Nobody reads of an action that is not there."""
    assert action_pages.PAGE.read_text() == action_pages.page(), REFRESH
