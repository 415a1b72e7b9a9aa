"""Sessions on disk."""

import json
import math
from typing import Any

import pytest

from custom_components.teslalogger.vehicle_command import DamagedSession, StoredSession

from .vectors import EPOCH, VEHICLE

STORED = StoredSession(
    public_key=VEHICLE.public_point, epoch=EPOCH, zero_wall=1.5e9, counter=106, encrypts=True
)


def test_survives_json() -> None:
    """What is written comes back equal."""
    assert StoredSession.from_dict(json.loads(json.dumps(STORED.to_dict()))) == STORED


@pytest.mark.parametrize(
    "change",
    [
        {"public_key": None},
        {"public_key": "äöü"},
        {"public_key": "AAAA"},
        {"epoch": "!"},
        {"epoch": "AAAA"},
        {"zero_wall": "yesterday"},
        {"zero_wall": math.nan},
        {"counter": -1},
        {"counter": 2**32},
        {"counter": 1.5},
        {"encrypts": "yes"},
    ],
)
def test_damage_is_told(change: dict[str, Any]) -> None:
    """A damaged file costs a handshake, not a crash."""
    with pytest.raises(DamagedSession):
        StoredSession.from_dict(STORED.to_dict() | change)


@pytest.mark.parametrize("missing", sorted(STORED.to_dict()))
def test_a_missing_part_is_told(missing: str) -> None:
    """Every part is needed."""
    stored = STORED.to_dict()
    del stored[missing]
    with pytest.raises(DamagedSession):
        StoredSession.from_dict(stored)
