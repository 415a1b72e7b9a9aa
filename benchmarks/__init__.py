"""Each figure that the project quotes, one command."""
