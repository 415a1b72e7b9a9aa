"""Whether long-term statistics go on when another entity writes them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import STATISTIC_UNIT_TO_UNIT_CONVERTER
from homeassistant.components.sensor import ATTR_STATE_CLASS, SensorStateClass

from .model import Statistics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeassistant.helpers.entity_registry import RegistryEntry

_MEANS: Final[Mapping[str, StatisticMeanType]] = {
    SensorStateClass.MEASUREMENT: StatisticMeanType.ARITHMETIC,
    SensorStateClass.MEASUREMENT_ANGLE: StatisticMeanType.CIRCULAR,
    SensorStateClass.TOTAL: StatisticMeanType.NONE,
    SensorStateClass.TOTAL_INCREASING: StatisticMeanType.NONE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """How statistics are kept."""

    unit: str | None
    unit_class: str | None
    mean_type: StatisticMeanType
    has_sum: bool


def continued(kept: Kind | None, entity: RegistryEntry) -> Statistics | None:
    """What becomes of them if this sensor goes on with them; None: they would end."""
    if kept is None:
        return Statistics.NONE
    mean_type = _MEANS.get((entity.capabilities or {}).get(ATTR_STATE_CLASS, ""))
    if mean_type is not kept.mean_type or kept.has_sum == bool(mean_type):
        return None
    if entity.unit_of_measurement == kept.unit:
        return Statistics.CONTINUED
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(entity.unit_of_measurement)
    if converter is None or kept.unit_class != converter.UNIT_CLASS:
        return None
    return Statistics.CONVERTED
