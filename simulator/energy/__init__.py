"""A simulated energy site: what it is, how it changes by itself, what it tells and obeys."""

from simulator.energy.site import EnergySite

__all__ = ["EnergySite"]
