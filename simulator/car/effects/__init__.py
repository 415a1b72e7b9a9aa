"""What every command does to a car, whichever way it came."""

from simulator.car.effects.table import EFFECTS, carry_out

__all__ = ["EFFECTS", "carry_out"]
