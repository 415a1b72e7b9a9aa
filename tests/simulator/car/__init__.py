"""Tests of the simulated cars."""
