"""Fleet Telemetry: what cars stream, who they are, and what they are asked to stream."""
