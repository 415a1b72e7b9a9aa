"""Both hands together: simulated cars and the integration's receiver."""
