"""Streams in Home Assistant: who receives them, what cars are told, what is kept of them."""
