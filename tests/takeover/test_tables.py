"""The tables of counterparts, held against all peers' entities and all of ours."""

from typing import TYPE_CHECKING, Final

from homeassistant.util import slugify

from custom_components.teslalogger.takeover.model import Source, Thing
from custom_components.teslalogger.takeover.tables import COUNTERPARTS, counterpart, is_known
from scripts.workshop.peers import PeerRow, verdicts
from scripts.workshop.tables import entity_rows

if TYPE_CHECKING:
    from scripts.workshop.peers import Verdict

NOT_THE_SAME: Final = {
    ("tesla_custom", "binary_sensor", "doors"),  # any door; ours are one for each
    ("tesla_custom", "binary_sensor", "windows"),  # likewise
    ("tesla_custom", "select", "powerwall_mode"),  # other choices than operation_mode's
    ("teslemetry", "sensor", "dc_charging_energy_in"),  # another meter than charge_energy_added
}
"""Comes close enough to say that nothing is missing, and not to go on with its history."""


def thing_of(peer: PeerRow) -> Thing:
    """What it belongs to."""
    if "wall_connectors[" in peer.source:
        return Thing.CONNECTOR
    is_of_site = peer.source.startswith("energy_sites/") or "grid_charging" in peer.source
    return Thing.SITE if is_of_site else Thing.CAR


def key_of(peer: PeerRow) -> str:
    """The end of its unique id."""
    if peer.integration != "tesla_custom":
        return peer.key
    return slugify(peer.key.removesuffix("_(energy_site)"))


def expected(verdict: Verdict) -> str | None:
    """What the table should have."""
    if verdict.ours is None or verdict.peer.name in NOT_THE_SAME:
        return None
    return verdict.ours.name


def test_every_entity_of_the_peers_has_its_row() -> None:
    """With the counterpart that the comparison finds, but for those that are not the same."""
    wrong = {}
    for verdict in verdicts():
        peer = verdict.peer
        name = (Source(peer.integration), thing_of(peer), peer.platform, key_of(peer))
        if not is_known(*name) or counterpart(*name) != expected(verdict):
            wrong[peer.name] = counterpart(*name)
    assert wrong == {}


def test_every_counterpart_is_an_entity_of_ours() -> None:
    """Of the same kind of thing: no car's entity is taken for a site's."""
    ours = {row.name: any(s.startswith("site.") for s in row.signals) for row in entity_rows()}
    for source, things in COUNTERPARTS.items():
        for thing, platforms in things.items():
            for platform, keys in platforms.items():
                for key in keys:
                    name = counterpart(source, thing, platform, key)
                    assert name is None or ours[name] == (thing is not Thing.CAR), name
