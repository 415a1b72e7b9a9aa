"""The integration's way out against the simulator's cars, on a network that does its worst."""
