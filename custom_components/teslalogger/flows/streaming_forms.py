"""What the options' forms are made of."""

from typing import TYPE_CHECKING, Final

from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from custom_components.teslalogger.fleet_telemetry.fields import OFFERED
from custom_components.teslalogger.fleet_telemetry.presets import Preset
from custom_components.teslalogger.streaming.options import (
    CONF_FIELDS,
    CONF_HOSTNAME,
    CONF_LISTEN_PORT,
    CONF_MQTT_TOPIC,
    CONF_PORT,
    CONF_PRESET,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custom_components.teslalogger.fleet_telemetry.presets import Choice

CONF_FIELD: Final = "field"
CONF_INTERVAL: Final = "interval"
PRESET_WORDS: Final = "telemetry_preset"

# Limits are not theirs but the checks', which say what is wrong.
_PORT: Final = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX, step=1))
_SECONDS: Final = NumberSelector(
    NumberSelectorConfig(
        mode=NumberSelectorMode.BOX, step=1, unit_of_measurement=UnitOfTime.SECONDS
    )
)
_PRESET: Final = SelectSelector(
    SelectSelectorConfig(
        options=list(Preset), translation_key=PRESET_WORDS, mode=SelectSelectorMode.LIST
    )
)

RECEIVER_FORM: Final = vol.Schema(
    {
        vol.Required(CONF_HOSTNAME): TextSelector(),
        vol.Required(CONF_PORT): _PORT,
        vol.Optional(CONF_LISTEN_PORT): _PORT,
        vol.Required(CONF_PRESET): _PRESET,
    }
)
PRESET_FORM: Final = vol.Schema({vol.Required(CONF_PRESET): _PRESET})
MQTT_FORM: Final = vol.Schema({vol.Required(CONF_MQTT_TOPIC): TextSelector()})


def whole(typed: float) -> int | None:
    """The whole number that somebody typed; None if it is none."""
    return int(typed) if typed.is_integer() else None


def field_form(choice: Choice) -> vol.Schema:
    """One field and its new interval; the list tells those of now."""
    intervals = {name: choice[name].interval if name in choice else 0 for name in OFFERED}
    return vol.Schema(
        {
            vol.Required(CONF_FIELD): SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=name, label=f"{name} ({interval} s)")
                        for name, interval in sorted(intervals.items())
                    ],
                    mode=SelectSelectorMode.DROPDOWN,
                )
            ),
            vol.Required(CONF_INTERVAL): _SECONDS,
        }
    )


def remove_form(names: Iterable[str]) -> vol.Schema:
    """Several of the fields that deviate."""
    return vol.Schema(
        {
            vol.Required(CONF_FIELDS): SelectSelector(
                SelectSelectorConfig(
                    options=sorted(names), multiple=True, mode=SelectSelectorMode.LIST
                )
            )
        }
    )
