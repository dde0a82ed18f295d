"""Locust's web API for tools: HTTP in front of runs, which stay processes of their own."""
