"""Fleet Telemetry seen from the car: what it was told to send, and how it sends it."""
