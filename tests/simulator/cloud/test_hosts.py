"""Tesla's regions."""

import pytest

from simulator.cloud.hosts import FLEET_URLS, Region, audiences


@pytest.mark.parametrize("region", list(Region))
def test_a_token_is_good_at_home(region: Region) -> None:
    """Wherever that is."""
    assert FLEET_URLS[region] in audiences(region)


def test_china_stands_apart() -> None:
    """Its tokens are good nowhere else, and others not there."""
    assert audiences(Region.CN) == ("https://fleet-api.prd.cn.vn.cloud.tesla.cn",)
    assert FLEET_URLS[Region.CN] not in audiences(Region.EU)
    assert FLEET_URLS[Region.NA] in audiences(Region.EU)
