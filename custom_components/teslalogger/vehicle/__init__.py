"""A car: what it tells, what it can be told, and by which way."""
