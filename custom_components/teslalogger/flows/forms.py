"""What the set-up's forms are made of."""

import re
from typing import TYPE_CHECKING, Final

from homeassistant.helpers.selector import (
    BooleanSelector,
    QrCodeSelector,
    QrCodeSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from custom_components.teslalogger.const import (
    CONF_DOMAIN,
    CONF_KEY_HOSTING,
    DOMAIN,
    HOSTED_BY_HOME_ASSISTANT,
    HOSTED_EXTERNALLY,
)
from custom_components.teslalogger.tesla.redact import short_vin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from homeassistant.core import HomeAssistant

    from custom_components.teslalogger.pairing import CarKey

CONF_NEXT: Final = "next"
CONF_UNSEEN: Final = "unseen"
NEXT_CHECK: Final = "check"
NEXT_CHANGE_DOMAIN: Final = "change_domain"
NEXT_FINISH: Final = "finish"
NEXT_UNSEEN: Final = "unseen"

_QR_SCALE: Final = 6
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#|~!])")


def _choice(translation_key: str, *options: str) -> SelectSelector:
    return SelectSelector(
        SelectSelectorConfig(
            options=list(options), translation_key=translation_key, mode=SelectSelectorMode.LIST
        )
    )


_DOMAIN_FORM: Final = vol.Schema(
    {
        vol.Required(CONF_DOMAIN): TextSelector(),
        vol.Required(CONF_KEY_HOSTING, default=HOSTED_BY_HOME_ASSISTANT): _choice(
            CONF_KEY_HOSTING, HOSTED_BY_HOME_ASSISTANT, HOSTED_EXTERNALLY
        ),
    }
)


def domain_form(*, may_be_unseen: bool) -> vol.Schema:
    """The domain and who serves the key; once it was not seen, Tesla may be asked all the same."""
    if not may_be_unseen:
        return _DOMAIN_FORM
    return _DOMAIN_FORM.extend({vol.Required(CONF_UNSEEN, default=False): BooleanSelector()})


def external_key_form(*, may_be_unseen: bool) -> vol.Schema:
    """What to do once the key is published."""
    options = [NEXT_CHECK, NEXT_UNSEEN, NEXT_CHANGE_DOMAIN]
    if not may_be_unseen:
        options.remove(NEXT_UNSEEN)
    return vol.Schema(
        {vol.Required(CONF_NEXT, default=NEXT_CHECK): _choice("external_key", *options)}
    )


def virtual_key_form(url: str, *, next_step: str) -> vol.Schema:
    """The link as a QR code, and what to do next."""
    return vol.Schema(
        {
            vol.Optional("qr_code"): QrCodeSelector(
                QrCodeSelectorConfig(data=url, scale=_QR_SCALE)
            ),
            vol.Required(CONF_NEXT, default=next_step): _choice(
                "virtual_key", NEXT_CHECK, NEXT_FINISH
            ),
        }
    )


async def async_key_table(hass: HomeAssistant, cars: Iterable[CarKey]) -> str:
    """The rows of a Markdown table: car, whether it has the key."""
    words = await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    prefix = f"component.{DOMAIN}.selector.key_status.options"

    def row(car: CarKey) -> str:
        status = words[f"{prefix}.{car.status or 'unknown'}"]
        return f"| {plain(car.name)} ({short_vin(car.vin)}) | {status} |"

    return "\n".join(map(row, cars))


def plain(name: str) -> str:
    """The name a stranger may have given the car, without effect on the table around it."""
    return _MARKDOWN.sub(r"\\\1", " ".join(name.split()))
