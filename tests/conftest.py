"""How examples are made up: the same in every run, and however slow the machine is."""

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow]
settings.register_profile("same", deadline=None, suppress_health_check=_SLOW, derandomize=True)
# To look for new ones: scripts/test PATH --hypothesis-profile=explore
settings.register_profile("explore", deadline=None, suppress_health_check=_SLOW)
settings.load_profile("same")
