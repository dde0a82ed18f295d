"""Runs of the stock `locust` command."""

from __future__ import annotations

RUN_TIME = "5s"
"""Locust's clock stands still while it imports: a run that is to last a second is over before its
first request where that takes longer."""
