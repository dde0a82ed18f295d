"""A whole run with a key that the service quotes wherever it can: none of it is kept."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from loadtui.demo.tour import scenario_folder
from tests.support.command import load
from tests.support.event_streams import DONE, document, stream, tokens, usage
from tests.support.scripted_server import ScriptedServer

KEY = "sk-live-nobody-may-see-this-0123456789"


def test_the_key_is_nowhere_in_the_run(tmp_path: Path) -> None:
    quoted = {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}
    chats = [
        document({"error": quoted}, "401 Unauthorized"),
        document({"error": quoted}),
        stream(*tokens("one", "two"), usage(2), DONE),
    ]
    with ScriptedServer() as server:
        server.play({"/v1/chat/completions": chats, "/v1/models": [document(quoted, "403 x")]})
        done = load(
            tmp_path,
            str(scenario_folder() / "gateway.py"),
            *("-H", server.url, "-u", "5", "-r", "50", "-t", "1s"),
            own=("--think", "0.01-0.02", "--streamed", "1"),
            env={"OPENAI_API_KEY": KEY},
        )
        assert f"Bearer {KEY}".encode() in b"".join(seen.data for seen in server.seen())
    said = {error["message"] for error in done.document["errors"]}
    assert said >= {
        "401 Unauthorized: invalid_api_key: Incorrect API key provided: (key) "
        "(OPENAI_API_KEY was not accepted)",
        "200 with an error: invalid_api_key: Incorrect API key provided: (key)",
    }
    metrics = done.document["metrics"]
    assert metrics["output_tokens"]["count"] == metrics["ttft"]["count"] > 10
    assert metrics["tokens_from_usage"]["count"] == 2 * metrics["ttft"]["count"]
    assert metrics["tokens_from_chunks"]["count"] == 0
    assert KEY not in done.stdout + done.stderr
    for file in tmp_path.rglob("*"):
        if file.suffix == ".parquet":
            assert KEY not in str(pl.read_parquet(file).to_dicts()), file.name
        elif file.is_file():
            assert KEY.encode() not in file.read_bytes(), file.name
