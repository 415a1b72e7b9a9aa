"""What cars stream: where to, how much of it, and what that costs before it is saved."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload

from custom_components.teslalogger.fleet_telemetry.checks import (
    MAX_SECONDS,
    InvalidConfiguration,
    Problem,
    check_choice,
)
from custom_components.teslalogger.fleet_telemetry.configuration import DEFAULT_PORT
from custom_components.teslalogger.fleet_telemetry.mqtt_topics import is_base
from custom_components.teslalogger.fleet_telemetry.presets import FieldChoice, Preset
from custom_components.teslalogger.logins import is_of_owner_api
from custom_components.teslalogger.streaming.options import (
    CONF_FIELDS,
    CONF_HOSTNAME,
    CONF_LISTEN_PORT,
    CONF_MQTT_TOPIC,
    CONF_PORT,
    CONF_PRESET,
    OPTIONS,
    TelemetryOptions,
    TelemetrySource,
)

from .errors import FormError
from .receiver_address import (
    AddressRefused,
    ReceiverAddress,
    async_check_can_listen,
    is_address_of_the_key,
    read_address,
    suggested_address,
)
from .streaming_costs import async_cost_placeholders
from .streaming_forms import (
    CONF_INTERVAL,
    MQTT_FORM,
    PRESET_FORM,
    RECEIVER_FORM,
    field_form,
    remove_form,
    whole,
)

if TYPE_CHECKING:
    import voluptuous as vol

    from custom_components.teslalogger.data import TeslaLoggerConfigEntry

_MQTT_DOMAIN: Final = "mqtt"
_NO_PLACEHOLDERS: Final = {"other": "-", "reason": "-"}


class StreamingFlow(OptionsFlowWithReload):
    """Turns streaming on and off. Nothing changes before the last page is confirmed."""

    config_entry: TeslaLoggerConfigEntry

    _options: TelemetryOptions
    _doubted: ReceiverAddress | None = None

    async def async_step_init(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where streams shall come in."""
        if is_of_owner_api(self.config_entry):
            return self.async_abort(reason="needs_fleet_api")
        self._options = TelemetryOptions.of(self.config_entry)
        return self.async_show_menu(
            step_id="init",
            menu_options=[TelemetrySource.RECEIVER, TelemetrySource.MQTT, TelemetrySource.OFF],
        )

    async def async_step_off(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Stream nothing; the rest is kept for the next time."""
        return self._save(TelemetrySource.OFF)

    # Here

    async def async_step_receiver(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask under which address cars find this machine."""
        error = None
        if user_input is not None:
            try:
                address = await self._async_read_address(user_input)
            except AddressRefused as err:
                error = err.error
            else:
                self._options = replace(
                    self._options, preset=Preset(user_input[CONF_PRESET]), **asdict(address)
                )
                return await self.async_step_costs()
        return self._show(
            "receiver", RECEIVER_FORM, user_input or self._suggested_receiver(), error
        )

    async def _async_read_address(self, user_input: dict[str, Any]) -> ReceiverAddress:
        """Raises AddressRefused; once only for what may be right all the same."""
        address = read_address(user_input)
        await async_check_can_listen(self.hass, self.config_entry, address)
        if is_address_of_the_key(self.config_entry, address) and address != self._doubted:
            self._doubted = address
            raise AddressRefused(key="telemetry_port_of_the_key", at=CONF_PORT)
        return address

    def _suggested_receiver(self) -> dict[str, Any]:
        address = suggested_address(self.config_entry, self._options)
        suggested = {
            CONF_HOSTNAME: address.hostname,
            CONF_PORT: address.port,
            CONF_PRESET: self._options.preset,
        }
        if address.listen_port != address.port:
            suggested[CONF_LISTEN_PORT] = address.listen_port
        return suggested

    async def async_step_costs(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what it will cost, before anything is saved."""
        return self.async_show_menu(
            step_id="costs",
            menu_options=["save", "preset", "fields", "receiver"],
            description_placeholders=await async_cost_placeholders(
                self.hass, self.config_entry, self._options
            ),
        )

    async def async_step_save(self, _user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Receive here from now on."""
        return self._save(TelemetrySource.RECEIVER)

    async def async_step_preset(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for another preset."""
        if user_input is not None:
            self._options = replace(self._options, preset=Preset(user_input[CONF_PRESET]))
            return await self.async_step_costs()
        return self._show("preset", PRESET_FORM, {CONF_PRESET: self._options.preset})

    # Single fields

    async def async_step_fields(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what deviates from the preset."""
        changes = sorted(self._options.fields.items()) or [("-", 0)]
        return self.async_show_menu(
            step_id="fields",
            menu_options=["field", *(["remove"] if self._options.fields else []), "costs"],
            description_placeholders={
                "changes": "\n".join(f"| {name} | {interval} s |" for name, interval in changes)
            },
        )

    async def async_step_field(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a field and how often it shall be streamed."""
        error = None
        if user_input is not None:
            try:
                self._options = _with_field(self._options, **user_input)
            except InvalidConfiguration as err:
                error = FormError(key=err.problem, at=CONF_INTERVAL)
            else:
                return await self.async_step_fields()
        return self._show("field", field_form(self._options.choice), user_input or {}, error)

    async def async_step_remove(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask which fields shall be as the preset has them."""
        if user_input is not None:
            kept = {
                name: interval
                for name, interval in self._options.fields.items()
                if name not in user_input[CONF_FIELDS]
            }
            self._options = replace(self._options, fields=kept)
            return await self.async_step_fields()
        return self._show("remove", remove_form(self._options.fields), {})

    # Elsewhere

    async def async_step_mqtt(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask where in the broker Tesla's server publishes."""
        if not self.hass.config_entries.async_has_entries(
            _MQTT_DOMAIN, include_ignore=False, include_disabled=False
        ):
            return self.async_abort(reason="mqtt_missing")
        error = None
        if user_input is not None:
            topic = user_input[CONF_MQTT_TOPIC].strip().removesuffix("/")
            if is_base(topic):
                self._options = replace(self._options, mqtt_topic=topic)
                return self._save(TelemetrySource.MQTT)
            error = FormError(key="telemetry_topic_invalid", at=CONF_MQTT_TOPIC)
        suggested = {CONF_MQTT_TOPIC: self._options.mqtt_topic}
        return self._show("mqtt", MQTT_FORM, user_input or suggested, error)

    def _save(self, source: TelemetrySource) -> ConfigFlowResult:
        options = replace(self._options, source=source)
        return self.async_create_entry(
            data={**self.config_entry.options, OPTIONS: options.as_dict()}
        )

    def _show(
        self,
        step_id: str,
        schema: vol.Schema,
        values: dict[str, Any],
        error: FormError | None = None,
    ) -> ConfigFlowResult:
        """A form with what was typed, in which every placeholder of every error has a value."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, values),
            errors={error.at: error.key} if error else None,
            description_placeholders={
                **_NO_PLACEHOLDERS,
                "most": str(MAX_SECONDS),
                "port": str(DEFAULT_PORT),
                **(error.placeholders if error else {}),
            },
        )


def _with_field(options: TelemetryOptions, field: str, interval: float) -> TelemetryOptions:
    """The options with one more field changed. Raises InvalidConfiguration."""
    seconds = whole(interval)
    if seconds is None:
        raise InvalidConfiguration(Problem.INTERVAL_INVALID)
    if seconds:
        check_choice(field, FieldChoice(interval=seconds))
    changed = replace(options, fields={**options.fields, field: seconds})
    if not changed.choice:
        raise InvalidConfiguration(Problem.NO_FIELDS)
    return changed
