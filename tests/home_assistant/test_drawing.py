"""Cars as SVG."""

import re
from typing import Final
from xml.etree import ElementTree as ET

from hypothesis import given, strategies as st
import pytest

from custom_components.teslalogger.drawing import draw, paint
from simulator.garage import GARAGE

MODELS: Final = ("S", "3", "X", "Y", "C", "R", "T")


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_drawn(model: str) -> None:
    """As well-formed XML that loads nothing, in the colour that was asked for."""
    drawing = draw(model, "#123456")

    root = ET.fromstring(drawing)  # noqa: S314 - it was made here
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "#123456" in drawing
    assert not re.search("href|url|script|style", drawing)


def test_models_look_different() -> None:
    """All of them; one that is not known looks like some car."""
    assert len({draw(model, "#123456") for model in MODELS}) == len(MODELS)
    assert draw(None, "#123456") == draw("?", "#123456")


@pytest.mark.parametrize("name", ["DeepBlue", "deepblue", "Deep Blue", "DEEP_BLUE"])
def test_a_colour_is_found_however_it_is_written(name: str) -> None:
    """Tesla writes it in several ways."""
    assert paint(name) == "#1f4f94"


def test_every_colour_of_the_garage_is_known() -> None:
    """And none is like another."""
    colours = {parked.model.exterior_color for parked in GARAGE}

    assert len({paint(colour) for colour in colours} | {paint(None)}) == len(colours) + 1


@pytest.mark.parametrize(
    ("override", "colour"),
    [
        ("19,20,22,0.8,0.04", "#131416"),
        ("255, 0, 128", "#ff0080"),
        ("256,0,0", "#1f4f94"),
        ("1,2", "#1f4f94"),
        ("", "#1f4f94"),
        ("url(x)", "#1f4f94"),
    ],
)
def test_an_exact_colour_comes_first(override: str, colour: str) -> None:
    """If it is one."""
    assert paint("DeepBlue", override) == colour


@given(st.none() | st.text(), st.none() | st.text())
def test_whatever_a_car_tells_becomes_a_colour(colour: str | None, override: str | None) -> None:
    """Nothing of it gets into the drawing."""
    assert re.fullmatch("#[0-9a-f]{6}", paint(colour, override))
