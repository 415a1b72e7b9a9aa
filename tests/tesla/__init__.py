"""Tests of Tesla over HTTP, against servers on the loopback."""
