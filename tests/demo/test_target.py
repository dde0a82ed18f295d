"""The embedded target: a process that answers like a gateway and goes when it should."""

from __future__ import annotations

import http.client
import importlib.util
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from loadtui.demo import target as target_module
from loadtui.demo.queueing import ServiceTimes
from loadtui.demo.target import DemoTarget
from loadtui.errors import UsageError
from tests.support.waiting import wait_until

CHAT = {"model": "demo-small", "messages": [{"role": "user", "content": "Say hello."}]}


class Client:
    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)

    def ask(self, method: str, path: str, document: object = None) -> tuple[int, bytes]:
        body = None if document is None else json.dumps(document).encode()
        self._connection.request(method, path, body=body)
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def target() -> Iterator[DemoTarget]:
    with DemoTarget(seed=3) as running:
        yield running


@pytest.fixture
def client(target: DemoTarget) -> Iterator[Client]:
    client = Client(target.url)
    yield client
    client.close()


def test_chat_answers_like_openai(client: Client) -> None:
    status, body = client.ask("POST", "/v1/chat/completions", CHAT | {"max_tokens": 4})
    answer = json.loads(body)
    assert status == 200
    assert answer["object"] == "chat.completion"
    assert answer["model"] == "demo-small"
    assert answer["choices"][0]["message"]["content"] == "a load test asks"
    assert answer["usage"] == {"prompt_tokens": 2, "completion_tokens": 4, "total_tokens": 6}


def test_streamed_chat_is_server_sent_events_ending_in_done(client: Client) -> None:
    ask = CHAT | {"stream": True, "max_tokens": 4}
    status, body = client.ask("POST", "/v1/chat/completions", ask)
    events = body.decode().split("\n\n")
    assert status == 200
    assert events[-2:] == ["data: [DONE]", ""]
    chunks = [json.loads(event.removeprefix("data: ")) for event in events[:-2]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    words = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]
    assert "".join(words) == "a load test asks "
    assert chunks[-1]["choices"][0]["finish_reason"] == "length"


def test_models_and_health(client: Client) -> None:
    status, body = client.ask("GET", "/v1/models")
    assert status == 200
    assert [model["id"] for model in json.loads(body)["data"]] == ["demo-small", "demo-large"]
    assert client.ask("GET", "/health") == (200, b'{"status":"ok"}')


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (None, "not JSON"),
        ({"model": "x"}, "messages"),
        ([1], "Expected `object`"),
        (CHAT | {"max_tokens": 0}, "max_tokens"),
        (CHAT | {"max_tokens": "many"}, "max_tokens"),
    ],
)
def test_a_bad_request_is_refused_in_words(client: Client, document: object, said: str) -> None:
    status, body = client.ask("POST", "/v1/chat/completions", document)
    assert status == 400
    assert said in json.loads(body)["error"]["message"]


def test_the_server_counts_its_requests() -> None:
    with DemoTarget() as target:
        client = Client(target.url)
        for _ in range(3):
            client.ask("POST", "/v1/chat/completions", CHAT)
        client.ask("GET", "/health")
        client.ask("POST", "/v1/chat/completions", {})
        stats = json.loads(client.ask("GET", "/stats")[1])
        client.close()
    assert stats["received"] == {"POST /v1/chat/completions": 4, "GET /health": 1}
    assert stats["answered"] == stats["received"]
    assert stats["failed"] == {"POST /v1/chat/completions": 1}
    assert stats["waiting"] == 0


def test_error_rate_of_one_fails_every_chat_and_nothing_else() -> None:
    with DemoTarget(error_rate=1.0) as target:
        client = Client(target.url)
        assert client.ask("POST", "/v1/chat/completions", CHAT)[0] == 503
        assert client.ask("GET", "/v1/models")[0] == 200
        client.close()


def test_small_answers_are_not_held_back_by_the_network(client: Client) -> None:
    client.ask("GET", "/health")
    times = []
    for _ in range(10):
        begun = time.perf_counter()
        client.ask("GET", "/health")
        times.append(time.perf_counter() - begun)
    # Answers written in two pieces without TCP_NODELAY take 40 ms each, always.
    assert min(times) < 0.03


def test_more_clients_than_slots_have_to_queue() -> None:
    """Three times as many chats at once as there are slots take three rounds."""
    slots = 4
    with DemoTarget(slow=20, slots=slots) as target:
        took: list[float] = []

        def one() -> None:
            client = Client(target.url)
            client.ask("POST", "/v1/chat/completions", CHAT)
            took.append(time.perf_counter() - begun)
            client.close()

        begun = time.perf_counter()
        threads = [threading.Thread(target=one) for _ in range(3 * slots)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    least = 20 * ServiceTimes.TOKEN_S * (ServiceTimes.TOKENS[0] - 1)
    assert sum(one > 2 * least for one in took) >= 2 * slots, "the second and third round waited"
    assert max(took) > 3 * least


def test_the_server_ends_with_the_target() -> None:
    with DemoTarget() as target:
        process = target._process
        assert process is not None
        assert process.poll() is None
        assert target.pid == process.pid
    assert process.poll() == 0, "it stopped in order, by its lifeline"
    assert target.pid is None


def test_the_server_ends_when_its_parent_is_killed() -> None:
    code = (
        "import os\n"
        "from loadtui.demo.target import DemoTarget\n"
        "target = DemoTarget().__enter__()\n"
        "print(target.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    parent = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False)
    assert parent.returncode == -9
    status = Path(f"/proc/{int(parent.stdout)}/status")

    def ended() -> bool:
        return not status.exists() or "\nState:\tZ" in status.read_text()

    wait_until(ended, "the end of the server, which outlives its parent")


def test_a_server_that_cannot_start_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target_module.sys, "executable", "/bin/false")
    with pytest.raises(UsageError, match=r"^the demo's target did not start: .*"), DemoTarget():
        pass


def test_a_missing_extra_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        target_module, "find_spec", lambda name: None if name == "uvicorn" else find(name)
    )
    with (
        pytest.raises(
            UsageError, match=r"needs uvicorn, install with pip install 'loadtui\[demo\]'"
        ),
        DemoTarget(),
    ):
        pass


def test_the_rag_service_has_a_process_of_its_own() -> None:
    with DemoTarget("rag") as target:
        client = Client(target.url)
        status, body = client.ask("POST", "/query", {"query": "parse command line", "top_k": 3})
        client.close()
    assert status == 200
    best = json.loads(body)["results"][0]
    assert best["id"].startswith(("argparse", "optparse"))


def test_a_taken_port_is_one_sentence(target: DemoTarget) -> None:
    port = str(urlsplit(target.url).port)
    server = subprocess.run(
        [sys.executable, "-m", "loadtui.demo.server", "rag", "--port", port],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert server.returncode == 2
    assert server.stderr == f"port {port}: Address already in use\n"
