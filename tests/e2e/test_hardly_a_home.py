"""Runs of users and in folders that lack what others have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.command import Write
from tests.support.fake_host import serverless
from tests.support.project import Project

HELLO = """
    class Someone(ServerlessUser):
        @task
        def hello(self):
            fire(self, "hello")
"""
LOAD = ("-f", "locustfile.py", "-u", "1", "-t", "60s", "--processes", "1")


def test_a_run_is_found_and_stopped_where_no_state_can_be_written(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", XDG_STATE_HOME="/proc/nowhere")
    project.write("locustfile.py", serverless(HELLO))
    folder = project.detach(*LOAD)
    assert project.give("stop").returncode == 0
    assert project.saved(folder).manifest.state == "interrupted"


def test_a_folder_that_is_gone_is_told_in_one_sentence(project: Path, write: Write) -> None:
    write(serverless(HELLO))
    gone = project / "gone"
    gone.mkdir()
    code = (
        f"import os; os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})\n"
        "from loadtui.__main__ import main\n"
        f"main(['run', '--no-ui', '-f', {str(project / 'locustfile.py')!r}, '-t', '1s'])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr == (
        "loadtui: error: the folder that this command was given in no longer exists, "
        "change to another one\n"
    )
