"""Tests of the energy sites' room."""
