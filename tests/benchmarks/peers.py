"""Command lines of other load generators that do what the benchmarks' users do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from article import ARTICLE


class Peer(NamedTuple):
    """What is requested over and over."""

    path: str
    body: bool = False
    """Posts the article instead of getting."""
    gzip: bool = False
    think_s: int = 0


def wrk(peer: Peer, url: str, users: int, length_s: int, folder: Path) -> list[str | Path]:
    """One thread, as many connections as users; knows no think time."""
    command: list[str | Path] = ["wrk", "-t1", f"-c{users}", f"-d{length_s}s"]
    if peer.gzip:
        command += ["-H", "Accept-Encoding: gzip"]
    if peer.body:
        script = folder / "post.lua"
        script.write_text(
            'wrk.method = "POST"\n'
            'wrk.headers["Content-Type"] = "application/json"\n'
            f"wrk.body = [==[{json.dumps(ARTICLE)}]==]\n"
        )
        command += ["-s", script]
    return [*command, url + peer.path]


def k6(peer: Peer, url: str, users: int, length_s: int, folder: Path) -> list[str | Path]:
    """One core, like one worker."""
    script = folder / "script.js"
    address = json.dumps(url + peer.path)
    headers = {"Content-Type": "application/json"} if peer.body else {}
    if peer.gzip:
        headers["Accept-Encoding"] = "gzip"
    options = json.dumps({"headers": headers})
    call = (
        f"http.post({address}, {json.dumps(json.dumps(ARTICLE))}, {options});"
        if peer.body
        else f"http.get({address}, {options});"
    )
    script.write_text(
        'import http from "k6/http";\nimport { sleep } from "k6";\n'
        f"export const options = {{ vus: {users}, duration: '{length_s}s', "
        "insecureSkipTLSVerify: true };\n"
        f"export default function () {{ {call} {'sleep(1);' if peer.think_s else ''} }}\n"
    )
    command: list[str | Path] = ["env", "GOMAXPROCS=1", "k6", "run", "--quiet", "--no-usage-report"]
    return [*command, script]
