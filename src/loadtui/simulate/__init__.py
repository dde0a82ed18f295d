"""Runs drawn at random from a profile and a seed, marked as simulated wherever they are shown."""
