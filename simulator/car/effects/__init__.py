"""What every command does to a car, whichever way it came."""

from simulator.car.effects.table import EFFECTS, SIGNED_ONLY, carry_out

__all__ = ["EFFECTS", "SIGNED_ONLY", "carry_out"]
