"""How many requests a second each service of the embedded target answers, and on how much of a
core: `python tests/benchmarks/demo_target.py [seconds]`.

wrk asks over many connections without thinking.  The simulated times are shortened, so that what is
left is the work of the service itself; those of streams are not, for then every token would be late
and all would be sent as one.  What counts is requests per second of the server's CPU time, because
wrk, which shares the machine, takes its part of the cores too.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

from loadtui.demo.target import DemoTarget

SLOTS = 256
"""Completions at a time, so that the queue for them is not what is measured."""
ACCEPTED = "application/json, text/event-stream"


class Load(NamedTuple):
    name: str
    service: str
    path: str
    bodies: tuple[object, ...] = ()
    """Sent in turn with POST; none: GET."""
    slow: float = 0.01
    connections: int = 64
    session: bool = False
    """Over sessions of the Model Context Protocol, as many as connections."""


def chat(**more: object) -> dict[str, object]:
    prompt = "Summarise in one sentence what a load test is for."
    return {"model": "m", "messages": [{"role": "user", "content": prompt}], **more}


QUESTIONS = (
    "how do I read one member of a zip archive",
    "parse command line arguments with subcommands",
    "walk a directory tree and delete files",
    "wait for several coroutines at the same time",
)
DOCUMENTS = [
    {
        "documents": [
            {"id": f"note-{n}-{k}", "text": f"Note {n} on archives, part {k}"} for k in "ab"
        ]
    }
    for n in range(200)
]
FILE = {"path": "README.md"}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "read_file", "arguments": FILE},
}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "benchmark", "version": "1"},
    },
}
LOADS = (
    Load("gateway health", "gateway", "/health"),
    Load("gateway chat", "gateway", "/v1/chat/completions", (chat(),)),
    Load(
        "gateway chat, streamed",
        "gateway",
        "/v1/chat/completions",
        (chat(stream=True),),
        1.0,
        SLOTS,
    ),
    Load("rag query", "rag", "/query", tuple({"query": q, "top_k": 5} for q in QUESTIONS)),
    Load("rag index", "rag", "/index", tuple(DOCUMENTS)),
    Load("mcp read_file, /execute", "mcp", "/execute", ({"tool": "read_file", "args": FILE},)),
    Load("mcp read_file, /mcp", "mcp", "/mcp", (CALL,), session=True),
)


def script(load: Load, sessions: list[str]) -> str:
    """For wrk, in Lua: the requests in turn, each in the next session."""
    bodies = ", ".join(f"[==[{json.dumps(body)}]==]" for body in load.bodies)
    named = ", ".join(f'"{session}"' for session in sessions)
    return f"""
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "{ACCEPTED}"
local sessions = {{{named}}}
local bodies = {{{bodies}}}
local number = 0
request = function()
  number = number + 1
  wrk.headers["Mcp-Session-Id"] = sessions[number % math.max(#sessions, 1) + 1]
  return wrk.format(nil, nil, nil, bodies[number % #bodies + 1])
end
"""


def new_session(url: str) -> str:
    """The id of a session, ready to be used."""
    headers = {"Content-Type": "application/json", "Accept": ACCEPTED}
    asked = urllib.request.Request(url, json.dumps(INITIALIZE).encode(), headers)
    with urllib.request.urlopen(asked) as response:
        session = str(response.headers["Mcp-Session-Id"])
        response.read()
    initialized = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
    headers["Mcp-Session-Id"] = session
    urllib.request.urlopen(urllib.request.Request(url, initialized.encode(), headers)).close()
    return session


def cpu_s(pid: int) -> float:
    """Seconds of CPU time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(load: Load, target: DemoTarget, seconds: int) -> str:
    url = target.url + load.path
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        command = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s"]
        if load.bodies:
            count = load.connections if load.session else 0
            file.write(script(load, [new_session(url) for _ in range(count)]))
            file.flush()
            command += ["-s", file.name]
        assert target.pid is not None
        before = cpu_s(target.pid)
        ran = subprocess.run([*command, url], capture_output=True, text=True, check=False)
        used = cpu_s(target.pid) - before
    total = re.search(r"(\d+) requests in ([\d.]+)s", ran.stdout)
    if total is None:
        return f"{load.name:24} {ran.stdout} {ran.stderr}"
    requests, took = int(total[1]), float(total[2])
    bad = re.search(r"Non-2xx.*: (\d+)", ran.stdout)
    failed = f"  {bad[1]} failed" if bad else ""
    return (
        f"{load.name:24} {requests / took:8.0f} /s on {used / took:4.0%} of a core"
        f"  = {requests / used:8.0f} a CPU second{failed}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=int, default=5)
    seconds = parser.parse_args().seconds
    for load in LOADS:
        slots = SLOTS if load.service == "gateway" else None
        with DemoTarget(load.service, slow=load.slow, slots=slots) as target:
            print(measure(load, target, seconds), flush=True)


if __name__ == "__main__":
    main()
