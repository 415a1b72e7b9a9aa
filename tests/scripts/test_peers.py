"""The comparison with other integrations: what it derives, and that nothing is missing."""

from typing import TYPE_CHECKING, Final

import pytest

from scripts.workshop import peers
from scripts.workshop.peer_answers import BY_HAND, WITHOUT
from scripts.workshop.peer_sources import alternatives
from scripts.workshop.peers import PeerRow, Verdict, derive, judge, peer_rows, verdicts
from scripts.workshop.tables import EntityRow, entity_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

SENTRY: Final = "vehicle_data.vehicle_state.sentry_mode"


def peer(platform: str, source: str, command: str = "", key: str = "theirs") -> PeerRow:
    """An entity of a peer."""
    return PeerRow(
        integration="tesla_fleet", platform=platform, key=key, source=source, command=command
    )


def ours(
    platform: str, key: str, *, shows: Iterable[str] = (), sends: Iterable[str] = ()
) -> EntityRow:
    """An entity of ours."""
    return EntityRow(
        platform=platform, key=key, signals=frozenset(shows), commands=frozenset(sends)
    )


def test_all_peers_are_read() -> None:
    """Three of them, each row once."""
    rows = peer_rows()

    assert len(rows) == 478
    assert len({row.name for row in rows}) == 478
    assert {row.integration for row in rows} == {"tesla_fleet", "teslemetry", "tesla_custom"}


def test_own_rows_are_found_in_their_modules() -> None:
    """Under the platforms that they are of."""
    rows = {row.name: row for row in entity_rows()}

    assert rows["switch.sentry_mode"].commands == {"set_sentry_mode"}
    assert "locked" in rows["lock.doors"].signals
    assert rows["device_tracker.location"].signals >= {"latitude", "longitude"}
    assert len(rows) > 70


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("vehicles/{vin}.state; telemetry:State", [["availability"], []]),
        (SENTRY, [["sentry_mode"]]),
        ("vehicle_data.drive_state.shift_state in (P,None)", [["shift_state"]]),
        ("vehicle_data.vehicle_state.{df,dr}", [["door_front_driver", "door_rear_driver"]]),
        (
            "vehicle_data.vehicle_state.{fd,fp}_window",
            [["window_front_driver", "window_front_passenger"]],
        ),
        ("telemetry:BatteryHeaterOn fw>=2024.44.25", [["battery_heater_on"]]),
        ("energy_sites/{id}/live_status.solar_power", [["site.solar_power"]]),
        ("energy_sites/{id}/site_info.default_real_mode", [["site.operation_mode"]]),
        (
            "energy_sites/{id}/live_status.wall_connectors[din].vin",
            [["site.wall_connector_vin"]],
        ),
        (
            "energy_sites/{id}/calendar_history?kind=energy time_series[].total_home_usage (sum)",
            [["site.total_home_usage"]],
        ),
    ],
)
def test_a_source_becomes_signals(source: str, expected: list[list[str]]) -> None:
    """Whatever way the list writes it."""
    found = [
        [signal for atom in way.atoms for signal in sorted(atom)] for way in alternatives(source)
    ]

    assert found == expected


@pytest.mark.parametrize("source", ["-", "local storage", "vehicle_data.no.such_thing"])
def test_what_we_do_not_read_is_no_signal(source: str) -> None:
    """And stands for itself."""
    ((atom,),) = [way.atoms for way in alternatives(source)]
    assert atom == frozenset()


def test_a_display_is_one_that_shows_all_of_it() -> None:
    """Of its own platform if there is one."""
    doors = peer("binary_sensor", "vehicle_data.vehicle_state.{df,dr}")
    front = ours("sensor", "door", shows=["door_front_driver"])
    better = ours("binary_sensor", "door", shows=["door_front_driver"])
    rear = ours("binary_sensor", "rear", shows=["door_rear_driver"])

    assert derive(doors, (front,)) is None
    assert derive(doors, (front, rear)) is front
    assert derive(doors, (front, better, rear)) is better


def test_a_place_on_the_map_is_not_a_number() -> None:
    """Nor are calendars and the like."""
    place = peer("device_tracker", "vehicle_data.drive_state.latitude")

    assert derive(place, (ours("sensor", "latitude", shows=["latitude"]),)) is None
    assert derive(place, (ours("device_tracker", "car", shows=["latitude"]),))


def test_a_control_sends_and_shows() -> None:
    """One that only reads is none, nor is one of something else."""
    sentry = peer("switch", SENTRY, "set_sentry_mode")
    sensor = ours("sensor", "sentry_mode", shows=["sentry_mode"])
    other = ours("switch", "valet", shows=["valet_mode"], sends=["set_sentry_mode"])
    switch = ours("switch", "sentry", shows=["sentry_mode"], sends=["set_sentry_mode"])

    assert derive(sentry, (sensor, other)) is None
    assert derive(sentry, (sensor, other, switch)) is switch


def test_every_command_of_a_control_has_to_be_somewhere() -> None:
    """Remarks aside; an asterisk is any."""
    both = peer("cover", SENTRY, "open_it(quickly);close_*")
    opens = ours("cover", "it", shows=["sentry_mode"], sends=["open_it"])

    assert derive(both, (opens,)) is None
    assert derive(both, (opens, ours("button", "close", sends=["close_it"]))) is opens


def test_a_button_has_no_state() -> None:
    """What it sends is enough, on a button."""
    homelink = peer("button", SENTRY, "trigger_homelink")
    button = ours("button", "homelink", sends=["trigger_homelink"])

    assert derive(homelink, (button,)) is button
    assert derive(homelink, (ours("cover", "garage", sends=["trigger_homelink"]),)) is None


def test_of_two_the_one_of_the_same_name_is_meant() -> None:
    """Else the one that shows least."""
    wake = peer("button", "-", "wake_up", key="wake_up")
    rows = (ours("button", "refresh", sends=["wake_up"]), ours("button", "wake", sends=["wake_up"]))

    assert derive(wake, rows) is rows[1]


def test_an_answer_by_hand_needs_the_row() -> None:
    """Else the entity is missing, as it says."""
    (row,) = [row for row in peer_rows() if row.name == ("teslemetry", "cover", "tonneau")]

    verdict = judge(row, ())
    assert verdict.missing
    assert "missing" in str(verdict)
    assert not judge(row, (ours("cover", "tonneau"),)).missing


def test_answers_by_hand_are_few_and_needed() -> None:
    """Each is about a row that exists and that no rule answers."""
    rows = {row.name: row for row in peer_rows()}

    assert not set(BY_HAND) & set(WITHOUT)
    assert len(BY_HAND) + len(WITHOUT) < 30
    for name in (*BY_HAND, *WITHOUT):
        assert derive(rows[name], entity_rows()) is None, name
    assert all(WITHOUT.values())


@pytest.mark.parametrize(("option", "lines"), [([], 2), (["--all"], 3)])
def test_the_gaps_are_printed_and_the_exit_status_tells(
    option: list[str],
    lines: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And with --all, everything."""
    found = (Verdict(peer=peer("switch", SENTRY)), Verdict(peer=peer("text", "-"), reason="no"))
    monkeypatch.setattr(peers, "verdicts", lambda: found)
    monkeypatch.setattr("sys.argv", ["peers", *option])

    assert peers.main() == 1
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == lines
    assert printed[-1] == "2 entities of the peers, 1 missing"


def test_nothing_missing_is_a_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For scripts."""
    monkeypatch.setattr(peers, "verdicts", lambda: (Verdict(peer=peer("text", "-"), reason="no"),))
    monkeypatch.setattr("sys.argv", ["peers"])

    assert peers.main() == 0
    assert capsys.readouterr().out == "1 entities of the peers, 0 missing\n"


def test_nothing_of_the_peers_is_missing_here() -> None:
    """For every row of theirs there is ours, or one line why not."""
    assert [str(verdict) for verdict in verdicts() if verdict.missing] == []
