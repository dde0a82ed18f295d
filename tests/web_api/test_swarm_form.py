from __future__ import annotations

import pytest

from loadtui.web_api.swarm_form import (
    MISSING_LOAD,
    SwarmForm,
    SwarmRefused,
    form_fields,
    swarm_form,
)
from loadtui.wire.swarm import Swarm

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"
PARTS = (
    b'--XX\r\nContent-Disposition: form-data; name="user_count"\r\n\r\n5\r\n'
    b'--XX\r\nContent-Disposition: form-data; name="host"\r\n\r\nhttp://a/\xc3\xa9\r\n--XX--\r\n'
)


def test_both_kinds_of_forms_are_read() -> None:
    encoded = b"user_count=5&host=http%3A%2F%2Fa%2F%C3%A9&empty="
    fields = [("user_count", "5"), ("host", "http://a/é")]
    assert form_fields(URLENCODED + "; charset=utf-8", encoded) == [*fields, ("empty", "")]
    assert form_fields(MULTIPART, PARTS) == fields
    assert form_fields("multipart/form-data", PARTS) == []
    assert form_fields("application/json", b'{"user_count": 5}') == []
    assert form_fields("", b"user_count=5") == []


def test_a_whole_form() -> None:
    form = swarm_form(
        [
            ("user_count", "5"),
            ("user_count", "x"),
            ("spawn_rate", "0.5"),
            ("run_time", "1m30s"),
            ("host", "http://<b>"),
            ("think", "1"),
            ("think", "2"),
            ("user_classes", "A"),
        ]
    )
    assert form.swarm() == Swarm(5, 0.5, 90, "http://b", {"think": ["1", "2"]})


@pytest.mark.parametrize(
    ("text", "seconds"), [("20", 20), ("20s", 20), ("3m", 180), ("1h20m", 4800), ("2h5s", 7205)]
)
def test_run_times(text: str, seconds: int) -> None:
    assert swarm_form([("run_time", text)]).run_time_s == seconds


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("user_count", "1.5", "Invalid user_count value: '1.5' (must be an integer)"),
        ("user_count", "", "Invalid user_count value: '' (must be an integer)"),
        ("spawn_rate", "x", "Invalid spawn_rate value: 'x' (must be a number)"),
        ("run_time", "1x", "Valid run_time formats are : 20, 20s, 3m, 2h, 1h20m, 3h30m10s, etc."),
        ("run_time", "5m1h", "Valid run_time formats are : 20, 20s, 3m, 2h, 1h20m, 3h30m10s, etc."),
    ],
)
def test_what_cannot_be_read(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SwarmRefused) as refused:
        swarm_form([(name, value)])
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("users", "rate"),
    [(None, 1.0), (1, None), (-1, 1.0), (1, 0.0), (1, float("inf")), (1, float("nan"))],
)
def test_a_load_that_cannot_be(users: int | None, rate: float | None) -> None:
    with pytest.raises(SwarmRefused, match=MISSING_LOAD):
        SwarmForm(users, rate).swarm()


def test_no_run_time_is_without_end() -> None:
    assert swarm_form([("run_time", "")]).run_time_s is None
