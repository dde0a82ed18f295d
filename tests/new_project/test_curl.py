"""Command lines of curl become the requests that curl would send."""

from __future__ import annotations

import contextlib
import shlex
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.new_project.curl import read_curl
from loadtui.new_project.service_request import NO_JSON, FromEnvironment, ServiceRequest


def only(text: str) -> ServiceRequest:
    [request] = read_curl(text).requests
    return request


@pytest.mark.parametrize(
    ("text", "method", "path"),
    [
        ("curl http://h/a", "GET", "/a"),
        ("curl h:8000", "GET", "/"),
        ("http://h/a", "GET", "/a"),
        ("curl -I http://h/a", "HEAD", "/a"),
        ("curl -XDELETE http://h/a/1", "DELETE", "/a/1"),
        ("curl -sSLX PUT http://h/a -d x", "PUT", "/a"),
        ("curl --url http://h/a -o /dev/null --max-time 5", "GET", "/a"),
        ("curl -G http://h/a -d x=1 --data-urlencode 'y=a b'", "GET", "/a?x=1&y=a%20b"),
        ("curl -G 'http://h/a?z=0' -d x=1", "GET", "/a?z=0&x=1"),
        ("curl http://h/a -d x=1 | jq . ", "POST", "/a"),
        ("curl \\\n  http://h/a \\\n  -d x=1 > out.txt", "POST", "/a"),
        ("curl http://h/a -e http://other -x proxy:1 -k --compressed", "GET", "/a"),
        ("curl -- http://h/a", "GET", "/a"),
    ],
)
def test_method_and_path(text: str, method: str, path: str) -> None:
    request = only(text)
    assert (request.method, request.path) == (method, path)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("-d a=1 -d b=2", {"a": "1", "b": "2"}),
        ("--data-urlencode 'a=x&y' --data-binary b=", {"a": "x&y", "b": ""}),
        ("--data-urlencode '=a b'", "a%20b"),
        ("--data-raw @handle", "@handle"),
        ("-d a=1 -d a=2", "a=1&a=2"),
        ("-d text", "text"),
        ("-H 'Content-Type: text/plain' -d 'a=1'", "a=1"),
        ("-d password=s3cr3t", {"password": FromEnvironment("PASSWORD")}),
    ],
)
def test_data(text: str, data: object) -> None:
    request = only(f"curl http://h/ {text}")
    assert (request.method, request.data, request.json) == ("POST", data, NO_JSON)


@pytest.mark.parametrize(
    "text",
    [
        """--json '{"a": [1, null]}'""",
        """-H 'content-type: application/json; charset=utf-8' -d '{"a": [1, null]}'""",
        """--json '{"a": ' --json '[1, null]}'""",
    ],
)
def test_json(text: str) -> None:
    request = only(f"curl http://h/ {text}")
    assert (request.method, request.json) == ("POST", {"a": [1, None]})
    assert dict(request.headers) == {}


def test_json_that_is_none_is_sent_as_it_is() -> None:
    request = only("curl http://h/ --json '{a: 1'")
    assert request.data == "{a: 1"
    assert request.headers["Content-Type"] == "application/json"


def test_json_without_a_type_is_sent_with_that_of_curl() -> None:
    request = only("""curl http://h/ -d '{"password": "s3cr3t"}'""")
    assert request.json == {"password": FromEnvironment("PASSWORD")}
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_form_of_parts() -> None:
    request = only("curl http://h/ -F a=1 -F 'b=@/tmp/x.png;type=image/png' --form-string c=@d")
    assert request.data == {"a": "1", "c": "@d"}
    assert [(one.field, one.filename) for one in request.files] == [("b", "x.png")]
    request = only("curl http://h/ -F a=1")
    assert [(one.field, one.filename, one.content) for one in request.files] == [("a", "", "1")]


def test_credentials_are_read_from_the_environment() -> None:
    request = only(
        "curl -u kim:s3cr3t -H 'Authorization: Bearer s3cr3t' -b 'a=s3cr3t' -H 'X-Token: s3cr3t' "
        "'http://h/?api_key=s3cr3t&x=1'"
    )
    assert "s3cr3t" not in repr(request)
    assert request.path == "/?x=1"
    assert sorted(request.variables()) == [
        "API_KEY", "API_PASSWORD", "API_TOKEN", "API_USER", "COOKIE", "TOKEN",
    ]  # fmt: skip
    assert only("curl http://u:p@h/").user_and_password == ("API_USER", "API_PASSWORD")
    assert only("curl -H 'Authorization: Basic abc' h").user_and_password is not None
    assert only("curl --oauth2-bearer x h").headers == {
        "Authorization": FromEnvironment("API_TOKEN", "Bearer ")
    }


def test_several_commands() -> None:
    requests = read_curl("curl http://h/a & \ncurl http://h/b;curl http://h/c").requests
    assert [one.path for one in requests] == ["/a", "/b", "/c"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "found no URL"),
        ("curl http://h/ -d @file", "the data is in the file file"),
        ("curl http://h/ -F a", "-F 'a' is no field"),
        ("curl http://h/ -X", "--request of curl has no value"),
        ("curl http://h/ -X TRACE", "found the method TRACE"),
        ("curl http://h/ http://i/", "has one host"),
        ('curl "http://h/" -H ^"A: b^"', "copied for Windows' cmd"),
        ("curl ftp://h/", "expected a URL"),
    ],
)
def test_a_mistake_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as told:
        read_curl(text)
    assert sentence in str(told.value)


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(words.filter(bool), words, min_size=1, max_size=4))
def test_what_a_shell_quotes_comes_back(fields: dict[str, str]) -> None:
    request = only(f"curl http://h/ --data-raw {shlex.quote(urlencode(fields))}")
    data = request.data
    assert isinstance(data, dict)
    plain = {name: value for name, value in data.items() if isinstance(value, str)}
    assert plain.items() <= dict(parse_qsl(urlencode(fields), keep_blank_values=True)).items()
    assert data.keys() == fields.keys()


@given(st.text(st.sampled_from("curl -dXHF'\"$\\ \n;|&{}=@:/h1?#x"), max_size=60))
def test_whatever_is_given_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UsageError):
        read_curl(f"curl http://h/ {text}")
