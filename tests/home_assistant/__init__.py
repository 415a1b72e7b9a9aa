"""The integration inside Home Assistant."""
