"""Starts a simulator and a Home Assistant, for scripts/develop and the browser tests."""
