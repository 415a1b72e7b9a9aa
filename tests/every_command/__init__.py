"""Every command through the real way out, over both routes, into a car that does it."""
