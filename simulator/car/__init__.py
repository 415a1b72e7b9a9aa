"""The cars: what they are, how they change, how they sleep, and how they obey."""

from simulator.car.car import Car
from simulator.vehicle import Execution

__all__ = ["Car", "Execution"]
