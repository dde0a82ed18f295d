from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtui.__main__ import run

LOCUSTFILE = """
from locust import FastHttpUser, events, task

print("noise on stdout")

@events.init_command_line_parser.add_listener
def _(parser):
    parser.add_argument("--think", type=int)

class Shopper(FastHttpUser):
    @task
    def buy(self): pass
"""
PLAN = """
locustfile = "shop.py"
host = "http://127.0.0.1:8000"
args = {think = 3}
[[stage]]
name = "낮음"
users = {Shopper = 10}
spawn_rate = 1
duration = "5m"
[[stage]]
users = 50
spawn_rate = 2.5
duration = "90s"
[[threshold]]
stage = "S2"
endpoint = "GET /*"
check = "p95 < 2s"
[[tolerance]]
metric = "p95"
fail = "+50%"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOADTUI_DEBUG", "")
    (tmp_path / "shop.py").write_text(LOCUSTFILE)
    (tmp_path / "shop.toml").write_text(PLAN)
    return tmp_path


def test_summary(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "shop.toml"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "shop.toml: ready to run as shop",
        "  target     http://127.0.0.1:8000",
        "  class      Shopper, weight 1, http://127.0.0.1:8000",
        "  stage           users  spawn rate  duration",
        "  낮음       10 Shopper         1/s        5m",
        "  S2                 50       2.5/s     1m30s",
        "  total                                 6m30s",
        "  threshold  p95 < 2s GET /* in S2",
        "  tolerance  p95: fail +50%",
    ]


def test_json_of_a_plan(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "shop.toml", "--json", "-H", "http://other", "--", "--csv", "x"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["ok"] is True
    assert found["plan"] == "shop"
    assert found["classes"][0]["host"] == "http://other"
    assert [s["duration_s"] for s in found["stages"]] == [300, 90]
    assert found["duration_s"] == 390
    assert found["ignored"] == ["--csv"]
    assert found["warnings"] == []


def test_several_paths_and_one_is_bad(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "shop.toml", "none.py", "shop.py", "none.toml", "--json"]) == 2
    out, err = capfd.readouterr()
    assert [d["ok"] for d in json.loads(out)] == [True, False, False, False]
    assert err.splitlines() == [
        "loadtui: error: none.py: no such locustfile; there is shop.py",
        "loadtui: error: no host for Shopper: give -H URL, host in the plan, or host in the class",
        "loadtui: error: none.toml: no such plan; there is shop.toml",
    ]


def test_own_arguments_of_a_bare_locustfile(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "shop.py", "-H", "http://x", "--", "--think", "5"]) == 0
    assert "-u, -r and -t" in capfd.readouterr().out
    assert run(["check", "shop.py", "-H", "http://x", "--", "--think", "x"]) == 2
    assert "argument --think: invalid int value: 'x'" in capfd.readouterr().err


def test_traceback_only_with_debug(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (folder / "shop.py").write_text("1 / 0\n")
    assert run(["check", "shop.py"]) == 2
    err = capfd.readouterr().err
    assert err == (
        "loadtui: error: shop.py:1: importing the locustfile raised "
        "ZeroDivisionError: division by zero\n"
    )
    assert run(["--debug", "check", "shop.py"]) == 2
    assert "ZeroDivisionError" in capfd.readouterr().err.rpartition("loadtui: error")[0]


def test_without_a_path_it_is_what_would_be_run(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["check"]) == 2
    assert "there is no locustfile.py in this folder" in capfd.readouterr().err
    more = LOCUSTFILE.replace("Shopper", "Robot").replace("--think", "--rest")
    (folder / "more.py").write_text(more)
    (folder / "named.conf").write_text("locustfile = shop.py, more.py\nhost = http://x\n")
    assert run(["check", "--config", "named.conf", "--json", "--", "--rest", "3"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["path"] == "shop.py,more.py"
    assert [(c["name"], c["host"]) for c in found["classes"]] == [
        ("Shopper", "http://x"),
        ("Robot", "http://x"),
    ]
