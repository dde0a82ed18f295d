from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["stored_run", "run_list", "notes", "run_folder", "final_files", "journal"]
)
def test_what_commands_load_first_is_light(module: str) -> None:
    code = (
        f"import sys, loadtui.store.{module};"
        "print([name for name in ('polars', 'locust', 'gevent', 'textual') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
