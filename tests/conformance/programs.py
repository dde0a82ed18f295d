"""One case under Locust and under loadtui, each in a folder of its own, and what came of it."""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from loadtui.errors import ExitCode
from loadtui.verdict.exit_codes import run_outcome
from tests.conformance.case import ENDING, LOCUSTFILES, Case
from tests.support.command import STARVED, Outcome
from tests.support.scripted_server import ScriptedServer, Seen
from tests.support.servers import free_port

TIMEOUT_S = 90.0
MARK = re.compile(r"(?<![\"'])SAYS (.*?)\r?$", re.MULTILINE)
"""How everything begins that a locustfile of this suite prints or logs; not a line of its source,
as tracebacks show it."""
PASSING = (
    (re.compile(r"0x[0-9a-f]{4,}"), "0x...."),
    (re.compile(r"[\w./-]+/(?:locust|loadtui)/work\b"), "WORK"),
)
"""What differs between two runs in any text: an address, the folder of the run."""
EXCEPTION_TYPE = re.compile(r"^[\w.]+(?:: |$)")
"""What loadtui's messages have before what Locust's have; there the type is in the traceback."""
TEMPLATE = re.compile(r"window\.templateArgs = (\{.*\})", re.DOTALL)
NOT_WRITTEN_BY_THE_CASE = {".loadtui", "__pycache__", ".pytest_cache", ENDING}

Endpoint = tuple[str, str]


@dataclass
class Figures:
    """Of one endpoint."""

    requests: int = 0
    failures: int = 0


@dataclass
class Observed:
    """What a program and the locustfile in it did."""

    code: int
    terminal: str
    """stdout and stderr; of loadtui stderr, since its stdout is a document."""
    said: Counter[str]
    """Marked lines, wherever they can be read."""
    heard: Counter[str]
    """Those of them that reached the terminal."""
    endpoints: dict[Endpoint, Figures] = field(default_factory=dict)
    errors: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(method, name, message) -> occurrences."""
    exceptions: Counter[str] = field(default_factory=Counter)
    files: dict[str, str] = field(default_factory=dict)
    """What the locustfile wrote beside itself: name -> text."""
    served: list[Seen] = field(default_factory=list)
    started: bool = False
    """Whether there was a run at all."""


def observe(case: Case, server: ScriptedServer, script: Any, folder: Path) -> list[Observed]:
    """The case under Locust, then under loadtui."""
    return [
        _in_folder(case, server, script, folder / "locust", under_locust),
        _in_folder(case, server, script, folder / "loadtui", under_loadtui),
    ]


Program = Callable[[Case, str, Path, dict[str, str]], Observed]


def _in_folder(
    case: Case, server: ScriptedServer, script: Any, folder: Path, program: Program
) -> Observed:
    """Run a program in a copy of the case, against the server as it is at its beginning."""
    work = folder / "work"
    if case.path.is_dir():
        shutil.copytree(case.path, work, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        work.mkdir(parents=True)
        shutil.copy(case.path, work)
    shutil.copy(LOCUSTFILES / ENDING, work)
    before = _texts(work)
    server.play(script)
    observed = program(case, server.url, work, _environment(case, server, folder))
    observed.served = server.seen()
    observed.files = {n: text for n, text in _texts(work).items() if before.get(n) != text}
    return observed


def _environment(case: Case, server: ScriptedServer, folder: Path) -> dict[str, str]:
    """The variables of whoever runs the tests, without those that change what is run."""
    home = folder / "home"
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LOCUST_", "LOADTUI_"))}
    ours = {"HOME": str(home), "XDG_STATE_HOME": str(home)}
    told = {"SERVER": server.url, "FREE_PORT": str(free_port())}
    return {**kept, **ours, **told, **case.env}


def _texts(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and NOT_WRITTEN_BY_THE_CASE.isdisjoint(path.relative_to(folder).parts)
    }


def _common(case: Case, url: str) -> list[str]:
    files = case.files
    if files is None:
        files = [case.path.name if case.path.is_file() else "locustfile.py"]
    host = ["-H", url] if case.host else []
    return [*(part for file in files for part in ("-f", file)), *case.options, *host]


def _run(command: list[str], work: Path, env: dict[str, str]) -> tuple[int, str, str]:
    command[0] = str(Path(sys.executable).with_name(command[0]))
    process = subprocess.Popen(
        command,
        cwd=work,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )

    def end_what_hangs_or_was_left_behind() -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    try:
        out, err = process.communicate(timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        # A worker of Locust's whose master gave up before it had connected tries for minutes.
        if process.poll() is None:
            raise
        end_what_hangs_or_was_left_behind()
        out, err = process.communicate()
    finally:
        end_what_hangs_or_was_left_behind()
        process.wait()
    return process.returncode, out.decode(errors="replace"), err.decode(errors="replace")


def _marked(text: str) -> Counter[str]:
    return Counter(MARK.findall(_plain(text)))


# ------------------------------------------------------------------------------------- Locust
LINE_BY_LINE = """
import sys
sys.argv[0] = "locust"
for stream in sys.stdout, sys.stderr:
    stream.reconfigure(line_buffering=True, write_through=False)
from locust.main import main
main()
"""
"""Its command, of whose processes none writes into another's lines."""


def under_locust(case: Case, url: str, work: Path, env: dict[str, str]) -> Observed:
    port, results = str(free_port()), work.parent / "results"
    ours = ["--headless", "--processes", "1", "--master-bind-port", port, "--master-port", port]
    written = ["--json-file", str(results), "--html", f"{results}.html"]
    tags = [*_listed("--tags", case.tags), *_listed("--exclude-tags", case.exclude_tags)]
    command = [
        *("python", "-c", LINE_BY_LINE),
        *(*_common(case, url), *ours, *written),
        *(*case.own, *tags, *case.classes),
    ]
    code, out, err = _run(command, work, env)
    said = _marked(out) + _marked(err)
    observed = Observed(code, out + err, said, said)
    stats = Path(f"{results}.json")
    observed.started = stats.exists()
    if observed.started:
        for row in json.loads(stats.read_text(encoding="utf-8")):
            figures = Figures(row["num_requests"], row["num_failures"])
            observed.endpoints[str(row["method"]), str(row["name"])] = figures
    report = Path(f"{results}.html")
    if report.exists():
        _read_report(report.read_text(encoding="utf-8"), observed)
    return observed


def _listed(option: str, values: list[str]) -> list[str]:
    return [option, *values] if values else []


def _read_report(page: str, observed: Observed) -> None:
    """Locust's error messages and exceptions are complete only in its page."""
    match = TEMPLATE.search(page)
    assert match is not None, "Locust's page has no data"
    data, _ = json.JSONDecoder().raw_decode(match[1])
    for row in data["failures_statistics"]:
        key = str(row["method"]), str(row["name"]), _unwrapped(_plain(row["error"]))
        observed.errors[key] += row["occurrences"]
    for row in data["exceptions_statistics"]:
        observed.exceptions[_plain(row["msg"])] += row["count"]


def _plain(message: str) -> str:
    for pattern, instead in PASSING:
        message = pattern.sub(instead, message)
    return message


def _unwrapped(error: str) -> str:
    """As Locust unwraps it for its report, where one only reads what the file said."""
    match = re.fullmatch(r"CatchResponseError\((.*)\)", error, re.DOTALL)
    return str(ast.literal_eval(match[1])) if match else error


# ------------------------------------------------------------------------------------ loadtui
def _quiet_code(outcome: Outcome) -> int:
    """The exit code on a machine that has nothing else to do, which is judged elsewhere."""
    reasons = outcome.document["invalid_reasons"]
    if outcome.code != ExitCode.INVALID or not all(r.startswith(STARVED) for r in reasons):
        return outcome.code
    manifest = outcome.run.manifest
    validity = msgspec.structs.replace(manifest.validity, valid=True)
    return run_outcome(msgspec.structs.replace(manifest, validity=validity)).code


def under_loadtui(case: Case, url: str, work: Path, env: dict[str, str]) -> Observed:
    ours = ["--no-ui", "--processes", "1", "--no-baseline", "--json", "-"]
    tags = [f"--tags={tag}" for tag in case.tags]
    tags += [f"--exclude-tags={tag}" for tag in case.exclude_tags]
    own = ["--", *case.own] if case.own else []
    command = ["loadtui", "run", *case.classes, *_common(case, url), *ours, *tags, *own]
    code, out, err = _run(command, work, env)
    heard = _marked(err)
    logs = [p.read_text(errors="replace") for p in work.rglob(".loadtui/runs/*/host.log")]
    said = heard | sum((_marked(log) for log in logs), Counter())
    observed = Observed(code, err, said, heard)
    if not out.strip():
        return observed
    document = json.loads(out)
    observed.started = True
    if isinstance(document, list):
        observed.terminal += "\n(several runs, where Locust has one)"
        return observed
    observed.code = _quiet_code(Outcome(code, out, err))
    rows = [row for row in document["endpoints"] if row["stage"] is None]
    for row in [*rows, *document["late_endpoints"]]:
        figures = observed.endpoints.setdefault((row["method"], row["name"]), Figures())
        figures.requests += row["requests"]
        figures.failures += row["failures"]
    for row in document["errors"]:
        observed.errors[row["method"], row["name"], _plain(row["message"])] += row["count"]
    for row in document["exceptions"]:
        message = EXCEPTION_TYPE.sub("", _plain(row["message"]))
        observed.exceptions[message] += row["count"]
    return observed
