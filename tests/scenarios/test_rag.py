"""The retrieval scenario is a plain locustfile, and asks and indexes as its text says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from loadtui.demo.tour import scenario_folder
from tests.support.event_streams import document
from tests.support.plain_locust import RUN_TIME
from tests.support.scripted_server import ScriptedServer

SCENARIO = scenario_folder() / "rag.py"
PROBE = """
import collections, json, sys
sys.path.insert(0, sys.argv[1])
import rag
from locust.env import Environment
rag.RAGServiceUser.host = "http://127.0.0.1:1"
user = rag.RAGServiceUser(Environment())
waits = [user.wait_time() for _ in range(200)]
tasks = collections.Counter(task.__name__ for task in rag.RAGServiceUser.tasks)
documents = {rag.document(n % rag.DOCUMENTS)["id"] for n in range(10_000)}
print(json.dumps([tasks, min(waits), max(waits), len(documents)]))
"""


def test_weights_think_time_and_a_bounded_store() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROBE, SCENARIO.parent], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    tasks, least, most, documents = json.loads(ran.stdout)
    assert tasks == {"ask": 70, "add_documents": 30}
    assert 3 <= least < 4 < 7 < most <= 8
    assert documents == 400


def test_plain_locust_runs_it(tmp_path: Path) -> None:
    found = {"results": [{"id": "a", "score": 1.0, "text": "x"}]}
    with ScriptedServer() as server:
        server.play({"/query": [document(found)], "/index": [document({"indexed": 4})]})
        locust = [sys.executable, "-m", "locust", "-f", SCENARIO, "--headless", "--json"]
        load = ["-u", "5", "-r", "5", "-t", RUN_TIME, "-H", server.url, "--think", "0.01-0.02"]
        ran = subprocess.run(
            [*locust, *load, "--only-summary"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=os.environ,
            timeout=60,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    rows = {(row["method"], row["name"]): row for row in json.loads(ran.stdout)}
    assert rows.keys() == {("POST", "/query"), ("POST", "/index")}
    queries = rows["POST", "/query"]["num_requests"]
    assert 0.5 < queries / (queries + rows["POST", "/index"]["num_requests"]) < 0.9
