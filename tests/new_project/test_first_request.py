"""Whether a target answers is found out with one request."""

from __future__ import annotations

import pytest

from loadtui.new_project.first_request import silence
from tests.support.scripted_server import Answer, ScriptedServer
from tests.support.servers import free_port


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer([b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"]), ""),
        (Answer([], end="hang"), "takes the connection and does not answer within 0.3 s"),
        (Answer([], end="close"), "takes the connection and does not answer in HTTP"),
        (Answer([b"SSH-2.0\r\n\r\n"]), "takes the connection and does not answer in HTTP"),
    ],
)
def test_an_answer_or_a_sentence(answer: Answer, sentence: str) -> None:
    with ScriptedServer() as server:
        server.play({"/": [answer]})
        told = silence(server.url, timeout_s=0.3)
        assert sentence in told
        assert bool(told) is bool(sentence)
        # Finding out why there is no answer may try TLS, which is no request.
        assert sum(one.data.startswith(b"GET / ") for one in server.seen()) == 1


def test_nothing_there() -> None:
    port = free_port()
    assert f"nothing listens at 127.0.0.1:{port}" in silence(f"http://127.0.0.1:{port}")
