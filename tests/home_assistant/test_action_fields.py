"""The fields of actions: drawn by Home Assistant, and in words."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from homeassistant.helpers.selector import selector
import pytest

from custom_components.teslalogger.actions.reads import READS
from custom_components.teslalogger.actions.sites import SITE_ACTIONS
from custom_components.teslalogger.actions.table import ACTIONS

if TYPE_CHECKING:
    from custom_components.teslalogger.actions.model import Field

TRANSLATIONS: Final = Path(__file__).parents[2] / "custom_components/teslalogger/translations"
ROWS: Final = (*ACTIONS, *READS, *SITE_ACTIONS)
FIELDS: Final = [
    pytest.param(field, id=f"{row.name}-{field.name}") for row in ROWS for field in row.fields
]
WORDED: Final[dict[str, tuple[str, ...]]] = {
    field.words: field.options for row in ROWS for field in row.fields if field.words
}


def words(language: str, key: str) -> dict[str, str]:
    """What the options of a choice are called."""
    texts: dict[str, Any] = json.loads((TRANSLATIONS / f"{language}.json").read_text())
    options: dict[str, str] = texts["selector"][key]["options"]
    return options


@pytest.mark.parametrize("field", FIELDS)
def test_home_assistant_can_draw_every_field(field: Field) -> None:
    """With a selector that it knows, and a default that the action takes."""
    assert selector(dict(field.selector)).selector_type in field.selector
    if field.default is not None:
        assert field.check(field.default) == field.default


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("key", WORDED)
def test_every_option_has_its_words(language: str, key: str) -> None:
    """And no words are left over."""
    assert set(words(language, key)) == set(WORDED[key])
    assert all(words(language, key).values())


def test_fields_of_the_same_words_have_the_same_options() -> None:
    """Else one of them would lack some."""
    for row in ROWS:
        for field in row.fields:
            assert field.options == WORDED.get(field.words or "", ()), (row.name, field.name)


def test_no_two_actions_share_a_name() -> None:
    """The second would hide the first."""
    names = [row.name for row in ROWS]

    assert len(names) == len(set(names))
