"""What the pages say about permissions is what the code asks for."""

import json
from pathlib import Path
import re
from typing import Final

import pytest

from custom_components.teslalogger.tesla import Scope

ROOT: Final = Path(__file__).parents[2]
SCOPES: Final = (ROOT / "docs" / "scopes.md").read_text()
SETUP: Final = (ROOT / "docs" / "setup.md").read_text()
ENGLISH: Final = ROOT / "custom_components" / "teslalogger" / "translations" / "en.json"
WORDS: Final[dict[str, str]] = json.loads(ENGLISH.read_text())["selector"]["scope"]["options"]
NOT_LISTED: Final = "(not listed)"


def rows() -> dict[str, str]:
    """What Tesla's page calls each scope, by its name."""
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", SCOPES, re.MULTILINE))


def test_every_scope_is_explained() -> None:
    """And no other one."""
    assert list(rows()) == list(Scope)


@pytest.mark.parametrize("scope", Scope)
def test_scope_is_called_the_same_everywhere(scope: Scope) -> None:
    """On the page about permissions, in the dialog, and where the application is made."""
    name = rows()[scope]
    assert name in {WORDS[scope], NOT_LISTED}
    (portal,) = re.findall(r"^\| Scopes \| (.+) \|$", SETUP, re.MULTILINE)
    assert name == NOT_LISTED or name in portal
