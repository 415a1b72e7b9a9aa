"""A person at a browser, a real Home Assistant, a simulated Tesla."""
