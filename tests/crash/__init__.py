"""Home Assistant killed while cars stream: what was promised to a car is kept."""
