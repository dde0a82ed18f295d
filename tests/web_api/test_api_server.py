from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from loadtui.web_api.api_server import MAX_BODY, ApiServer
from loadtui.web_api.loopback import bound
from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion
from tests.support.web_question import asked

HEADERS = [
    ("Content-Type", "text/csv"),
    ("Access-Control-Allow-Origin", "*"),
    ("Content-Length", "7000"),
    ("X-Own", "kept"),
]


class Answers:
    def __init__(self) -> None:
        self.questions: list[HttpQuestion] = []

    def answer(self, question: HttpQuestion) -> HttpAnswer:
        self.questions.append(question)
        if question.path == "/broken":
            raise ValueError("it broke")
        return HttpAnswer("201 CREATED", HEADERS, b"body")


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def address(answers: Answers) -> Iterator[str]:
    with (
        bound("127.0.0.1", 0) as listening,
        ApiServer(listening, "127.0.0.1", answers.answer),
    ):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_questions_and_answers_pass_through(address: str, answers: Answers) -> None:
    heard = asked(f"{address}/a%20b?c=d%26", form={"x": "1"}, X_Mine="here")
    [question] = answers.questions
    assert (question.method, question.path, question.query) == ("POST", "/a b", "c=d%26")
    assert question.body == b"x=1"
    assert ("X-Mine", "here") in question.headers
    assert (heard.status, heard.text) == (201, "body")
    assert heard.headers["X-Own"] == "kept"
    assert heard.headers["Content-Type"] == "text/csv"
    assert heard.headers["Access-Control-Allow-Origin"] is None


def test_head_is_get_without_a_body(address: str, answers: Answers) -> None:
    heard = asked(f"{address}/x", "HEAD")
    assert (answers.questions[0].method, heard.text) == ("GET", "")
    assert heard.headers["Content-Length"] == "4"


def test_what_breaks_is_an_answer(address: str) -> None:
    heard = asked(f"{address}/broken")
    assert (heard.status, heard.text) == (500, "it broke\n")


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"Host": "evil.example"}),
        (403, {"Origin": "http://evil.example"}),
        (403, {"Sec_Fetch_Site": "cross-site"}),
        (411, {"Transfer_Encoding": "chunked"}),
        (411, {"Content_Length": "-5"}),
        (411, {"Content_Length": "٣"}),
        (411, {"Content_Length": "9" * 5000}),
        (413, {"Content_Length": f"{MAX_BODY + 1}"}),
    ],
)
def test_who_and_what_is_refused(
    address: str, answers: Answers, status: int, headers: dict[str, str]
) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/swarm", skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value.encode())
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == status
    assert answer.getheader("Connection") == "close"
    connection.close()
    assert answers.questions == []
