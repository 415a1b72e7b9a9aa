"""Tests of the simulated energy site."""
