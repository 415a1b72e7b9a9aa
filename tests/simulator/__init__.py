"""The simulator is judged here."""
