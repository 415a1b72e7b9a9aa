"""Software that was not written here judges the simulator."""
