"""The dialogs of the config flow and the options flow, each with one subject."""
