"""What is chosen about streaming survives being stored, and is something that can be streamed."""

from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.teslalogger.fleet_telemetry.checks import MAX_SECONDS, check_choice
from custom_components.teslalogger.fleet_telemetry.fields import FIELDS, OFFERED
from custom_components.teslalogger.fleet_telemetry.presets import PRESETS, Preset
from custom_components.teslalogger.streaming.options import (
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)

CHANGES = st.dictionaries(st.sampled_from(sorted(OFFERED)), st.integers(0, MAX_SECONDS))


@given(
    st.builds(
        TelemetryOptions,
        source=st.sampled_from(TelemetrySource),
        hostname=st.text(),
        port=st.integers(1, 65535),
        listen_port=st.integers(1, 65535),
        preset=st.sampled_from(Preset),
        fields=CHANGES,
        mqtt_topic=st.text(),
    )
)
def test_what_is_stored_comes_back(options: TelemetryOptions) -> None:
    """All of it."""
    entry = MockConfigEntry(options={OPTIONS: options.as_dict()})

    assert TelemetryOptions.of(entry) == options


def test_nothing_is_streamed_at_first() -> None:
    """Whoever has never been asked wants nothing."""
    assert TelemetryOptions.of(MockConfigEntry()) == TelemetryOptions()
    assert TelemetryOptions().source is TelemetrySource.OFF


@given(st.sampled_from(Preset), CHANGES)
def test_every_change_gives_what_a_car_can_follow(preset: Preset, changes: dict[str, int]) -> None:
    """Also an interval that is longer than the time after which the preset sends again."""
    choice = TelemetryOptions(preset=preset, fields=changes).choice

    for name, wanted in choice.items():
        check_choice(name, wanted)
    for name, interval in changes.items():
        assert (choice[name].interval if name in choice else 0) == interval
    untouched = PRESETS[preset].keys() - changes.keys()
    assert {name: choice[name] for name in untouched} == {
        name: PRESETS[preset][name] for name in untouched
    }


@pytest.mark.parametrize("name", [*sorted(FIELDS.keys() - OFFERED.keys()), "FieldOfTheFuture"])
def test_what_is_not_offered_any_more_is_left_out(name: str) -> None:
    """It may have been chosen under another version."""
    assert TelemetryOptions(fields={name: 60}).choice == PRESETS[Preset.BALANCED]
