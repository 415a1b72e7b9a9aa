"""Taking over: what is decided, without Home Assistant running."""
