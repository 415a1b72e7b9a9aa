"""Tests of the cars' side of Fleet Telemetry."""
