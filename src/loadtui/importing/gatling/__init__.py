"""Gatling: the log of a simulation, as text and as the binary file of newer versions."""
