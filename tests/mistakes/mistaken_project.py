"""The folder in which the mistakes of the list are made."""

from __future__ import annotations

import os
import random
from pathlib import Path

_USER = """
from locust import FastHttpUser, constant, tag, task

class Visitor(FastHttpUser):
    wait_time = constant(0.1)

    @tag("front")
    @task
    def look(self):
        self.client.get("/")
"""
_PLAN = """
name = "{name}"
locustfile = "locustfile.py"
host = "http://127.0.0.1:8000"

[[stage]]
name = "steady"
users = 2
spawn_rate = 2
duration = "30s"
"""
_TWIN = _PLAN.format(name="twin").replace('"locustfile.py"', '"../locustfile.py"')
_FILES = {
    "locustfile.py": _USER,
    "shop.toml": _PLAN.format(name="shop"),
    "scenarios/one.toml": _PLAN.format(name="twin").replace(
        '"locustfile.py"', '"../locustfile.py"'
    ),
    "scenarios/other.toml": _PLAN.format(name="twin").replace(
        '"locustfile.py"', '"../locustfile.py"'
    ),
    "yaml/plan.yaml": "locustfile: locustfile.py\n",
    "results/report.html": "<!DOCTYPE html>\n<html><head><meta charset=utf-8></head>x</html>\n",
    "results/old.html": "<html><head><meta charset=utf-8></head>x</html>\n",
    "results/words.txt": "nothing that anybody measured\n",
    "results/other.json": '{"a": 1}\n',
    "results/cut.json": '{"a": \n',
    "results/other.csv": "a,b\n1,2\n",
    "results/other.xml": "<feed></feed>\n",
    "wrong/empty.toml": "",
    "wrong/broken.toml": "x = [\n",
    "wrong/no_file.toml": 'locustfile = "nope.py"\n',
    "wrong/unknown_key.toml": _PLAN.format(name="u") + "\n[[thresholds]]\ncheck = 'p95 < 1s'\n",
    "wrong/metric.toml": _PLAN.format(name="m") + "\n[[threshold]]\nmetric = 'p95'\n",
    "wrong/check.toml": _PLAN.format(name="c") + "\n[[threshold]]\ncheck = 'p95 < 200'\n",
    "wrong/percent.toml": _PLAN.format(name="p") + "\n[[threshold]]\ncheck = 'error_rate < 1'\n",
    "wrong/users.toml": _PLAN.format(name="w").replace("users = 2", "users = -2"),
    "wrong/text_users.toml": _PLAN.format(name="t").replace("users = 2", 'users = "two"'),
    "wrong/rate.toml": _PLAN.format(name="r").replace("spawn_rate = 2\n", ""),
    "wrong/duration.toml": _PLAN.format(name="d").replace('"30s"', '"30 seconds"'),
    "wrong/name.toml": _PLAN.format(name="a/b"),
    "wrong/locustfile.py": _USER,
    "broken/no_class.py": "x = 1\n",
    "broken/abstract.py": _USER.replace("    wait_time", "    abstract = True\n    wait_time"),
    "broken/no_task.py": _USER.partition("    @tag")[0],
    "broken/syntax.py": "def broken(:\n",
    "broken/missing_module.py": "import no_such_module_anywhere\n",
    "broken/raises.py": "raise ValueError('at import')\n",
    "broken/leaves.py": "import sys\nsys.exit(5)\n",
    "broken/tabs.py": "if True:\n\tx = 1\n        y = 2\n",
    "elsewhere/readme.txt": "no plan, no locustfile and no run here\n",
    "setting/pyproject.toml": '[tool.loadtui]\nrunz = "x"\n',
    "table/pyproject.toml": "[tool]\nloadtui = 3\n",
    "percentile/pyproject.toml": "[tool.loadtui]\npercentiles = [101]\n",
    "no_toml/pyproject.toml": "[tool.loadtui\n",
    "locust_conf/locust.conf": "locustfile = gone.py\n",
    "baselines/old.json": '{"format": 999}\n',
    "baselines/cut.json": "{\n",
}


def make_project(folder: Path) -> None:
    """Write everything that the list names, without runs."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "pyproject.toml").write_text("")
    os.mkfifo(folder / "pipe.py")
    os.mkfifo(folder / "pipe.toml")
    os.mkfifo(folder / "results" / "pipe.json")
    noise = random.Random(1).randbytes(2_000)
    (folder / "wrong" / "noise.toml").write_bytes(noise)
    (folder / "broken" / "noise.py").write_bytes(noise)
    (folder / "results" / "noise.bin").write_bytes(noise)
    (folder / "results" / "empty.csv").write_bytes(b"")
    (folder / "empty_folder").mkdir()
