"""Charge and precondition schedules as entities."""
