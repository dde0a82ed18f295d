"""Runs on disk: the run folder, its manifest and journal, baselines, provenance."""
