"""Energy sites in Home Assistant: coordinator, entities, repairs."""
