"""Placeholder until the flow is here."""

from homeassistant.config_entries import ConfigFlow


class TeslaLoggerFlow(ConfigFlow, domain="teslalogger"):
    """Nothing yet."""
