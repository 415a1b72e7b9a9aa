"""Fleet Telemetry, without Home Assistant."""
