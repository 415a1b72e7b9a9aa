"""The entry points' own helpers."""
