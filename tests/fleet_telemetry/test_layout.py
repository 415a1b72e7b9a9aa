"""Frames that are laid out alike."""

import pytest

from custom_components.teslalogger.fleet_telemetry.layout import MOST_AROUND, Layout

FRAME = b"<head>name<middle>time<tail>value<end>"
NAME, TIME, VALUE = slice(6, 10), slice(18, 22), slice(28, 33)


def test_contents_are_where_they_were() -> None:
    """In the order in which they were asked for, whatever is in what is ignored."""
    layout = Layout(FRAME, (VALUE, NAME), (TIME,))
    assert layout.contents_of(b"<head>abcd<middle>----<tail>12345<end>") == (b"12345", b"abcd")


@pytest.mark.parametrize("place", [0, 5, 10, 17, 22, 27, 33, 37])
def test_other_bytes_around_are_another_layout(place: int) -> None:
    """At either end of each part."""
    layout = Layout(FRAME, (VALUE, NAME), (TIME,))
    other = FRAME[:place] + b"?" + FRAME[place + 1 :]
    assert layout.contents_of(other) is None


def test_what_is_lacking_may_be_ignored() -> None:
    """It is nowhere, or empty where it is."""
    layout = Layout(FRAME, (VALUE, NAME), (slice(0, 0), slice(0, 0), slice(20, 20)))
    assert layout.contents_of(FRAME) == (b"value", b"name")


@pytest.mark.parametrize(
    ("contents", "ignored", "why"),
    [
        ((VALUE, slice(0, 0)), (), "nothing is there"),
        ((VALUE, slice(9, 9)), (NAME,), "reaches into"),
        ((NAME, slice(9, 9)), (), "reaches into"),
        ((VALUE, slice(11, 11)), (), "nothing is there"),
        ((VALUE, VALUE), (), "reaches into"),
        ((VALUE, NAME), (slice(30, 34),), "reaches into"),
        ((NAME, slice(6, 20)), (), "reaches into"),
        ((NAME, slice(30, 50)), (), "over the end"),
    ],
)
def test_no_layout(contents: tuple[slice, ...], ignored: tuple[slice, ...], why: str) -> None:
    """What is needed is empty, or in two places at once, or behind the end."""
    with pytest.raises(ValueError, match=why):
        Layout(FRAME, contents, ignored)


def test_large_frame_is_not_remembered() -> None:
    """Unless it is the contents that are large."""
    long = bytes(MOST_AROUND)
    with pytest.raises(ValueError, match="too much is around"):
        Layout(FRAME + long, (VALUE, NAME), ())
    layout = Layout(FRAME + long, (VALUE, NAME), (slice(len(FRAME), len(FRAME + long)),))
    assert layout.contents_of(FRAME + long) == (b"value", b"name")
