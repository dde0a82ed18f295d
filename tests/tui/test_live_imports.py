"""The screen of a run comes at once and stays small: it loads nothing that only others need."""

from __future__ import annotations

import json
import subprocess
import sys

LIVE = """
import json, sys
import loadtui.tui.app, loadtui.tui.screens.live_screen, loadtui.tui.watch_run
import loadtui.tui.screen_settings, loadtui.tui.workbench
print(json.dumps(sorted(sys.modules)))
"""
HEAVY = {"polars", "locust", "gevent", "github", "requests", "aiohttp", "jinja2"}


def test_the_live_screen_loads_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-c", LIVE], capture_output=True, text=True, check=True, timeout=60
    )
    assert HEAVY & set(json.loads(done.stdout)) == set()
