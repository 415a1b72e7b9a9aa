"""A signal that is asked for by name is one that cars can tell."""

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

from custom_components.teslalogger.vehicle import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: Final = Path(__file__).parents[2] / "custom_components" / "teslalogger"
# Houses have signals of their own.
HOUSES: Final = frozenset({"energy", "energy_site", "sites.py"})
MODULES: Final = tuple(
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if HOUSES.isdisjoint(path.relative_to(PACKAGE).parts)
)
METHODS: Final = frozenset(
    {"value", "knows", "has_told", "age", "_value", "_shown", "_text", "wanted"}
)


def _asks(func: ast.expr) -> bool:
    match func:
        case ast.Name(id="once_seen") | ast.Attribute(attr="once_seen"):
            return True
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="car"), attr="data"), attr="get"):
            return True
        case ast.Attribute(attr=method):
            return method in METHODS
        case _:
            return False


def _signals_asked_for(tree: ast.Module) -> Iterator[str]:
    """Literals, and what a name stands for in the whole module."""
    texts: dict[str | None, str] = {}
    for statement in tree.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str() as text)):
                texts[name] = text
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _asks(node.func):
            for argument in node.args:
                match argument:
                    case ast.Constant(value=str() as text):
                        yield text
                    case ast.Name(id=name) if name in texts:
                        yield texts[name]


def test_signal_that_is_asked_for_exists() -> None:
    """A misspelt name would read as never told, and nobody would notice."""
    asked_for = {
        str(path.relative_to(PACKAGE)): set(_signals_asked_for(ast.parse(path.read_text())))
        for path in MODULES
    }

    assert {path: names - set(SIGNALS) for path, names in asked_for.items() if names} == {
        path: set() for path, names in asked_for.items() if names
    }
    assert "rhd" in asked_for["streaming/car.py"]
    assert "minutes_to_full_charge" in asked_for["sensors/charging.py"]
    assert "car_version" in asked_for["update.py"]
