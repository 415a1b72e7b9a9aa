"""Tests of the car's room."""
