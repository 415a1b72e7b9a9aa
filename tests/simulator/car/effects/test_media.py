"""The media player."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Patient


def test_the_volume_is_set_within_its_range(car: Patient) -> None:
    """From silence to eleven."""
    for volume in (0, 5.5, 11):
        assert car.obeys("adjust_volume", volume=volume) is None
        assert car.state.volume == volume
    for volume in (-0.1, 11.1):
        assert car.obeys("adjust_volume", volume=volume) == "invalid_volume"
    assert car.state.volume == 11


def test_the_volume_goes_in_steps(car: Patient) -> None:
    """And stops at the ends."""
    for command, volume in (
        ("media_volume_up", 11.0),
        ("media_volume_up", 11.0),
        ("media_volume_down", 10.0),
    ):
        car.state.volume = max(car.state.volume, 10.5)
        assert car.obeys(command) is None
        assert car.state.volume == volume
    car.state.volume = 0.5
    car.obeys("media_volume_down")
    assert car.state.volume == 0


def test_playback_toggles(car: Patient) -> None:
    """Twice is not once."""
    for playing in (True, False):
        assert car.obeys("media_toggle_playback") is None
        assert car.state.playing is playing


@pytest.mark.parametrize(
    ("command", "kept", "step"),
    [
        ("media_next_track", "track", 1),
        ("media_prev_track", "track", -1),
        ("media_next_fav", "favourite", 1),
        ("media_prev_fav", "favourite", -1),
    ],
)
def test_every_press_moves_on(car: Patient, command: str, kept: str, step: int) -> None:
    """So a repetition shows."""
    for times in (1, 2):
        assert car.obeys(command) is None
        assert car.has(kept) == times * step
