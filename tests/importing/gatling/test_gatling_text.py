"""Gatling's log as text: what is no request, what is cut off, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.importing.gatling.gatling_text import read_gatling_text
from loadtui.importing.source import ImportSource
from loadtui.store.stored_run import Run
from tests.support.imported_samples import samples_by_endpoint

Read = Callable[..., ImportSource]
Written = Callable[..., Path]
SaveRun = Callable[..., Run]

T = 1_780_000_000_000
RUN = f"RUN\tshop.Checkout\tcheckout\t{T}\ta test of mine\t3.9.5\n"
ONE = f"REQUEST\t\thome\t{T + 100}\t{T + 150}\tOK\t \n"


@pytest.fixture
def log(written: Written) -> Callable[[str], list[ImportSource]]:
    """The runs of a log with these lines."""
    return lambda text: read_gatling_text(written("simulation.log", text))


Log = Callable[[str], list[ImportSource]]


def test_a_single_request_is_a_run(log: Log) -> None:
    (source,) = log(RUN + ONE)
    assert samples_by_endpoint(source)["", "home"][:5] == (1, 0, 50_000, 50_000, 50_000)
    assert (source.started, source.duration_s) == (T / 1000 + 0.1, 0.05)
    assert source.users is None
    assert "users by second" in source.absent
    assert "written by Gatling 3.9.5" in source.remarks
    assert "its own description: a test of mine" in source.remarks


def test_seconds_count_from_the_first_whatever_the_order(log: Log) -> None:
    early = f"REQUEST\t\thome\t{T - 2000}\t{T - 1990}\tOK\t \n"
    (source,) = log(RUN + ONE + f"USER\ts\tSTART\t{T}\n" + early)
    assert source.started == T / 1000 - 2
    assert sorted(source.record.windows.frame()["second"]) == [0, 2]


def test_users_that_are_named_come_when_they_say(log: Log) -> None:
    users = f"USER\ts\t1\tSTART\t{T}\t0\nUSER\ts\t1\tEND\t{T}\t{T + 1500}\n"
    (source,) = log(RUN + users + f"REQUEST\t1\t\thome\t{T + 100}\t{T + 150}\tOK\t \n")
    assert (source.started, source.duration_s, source.users) == (T / 1000, 1.5, 1)


def test_groups_and_messages_that_nobody_asked_for_are_no_requests(log: Log) -> None:
    group = f"GROUP\tshop\t{T}\t{T + 900}\t500\tOK\n"
    unasked = f"REQUEST\t\tws\t{T}\t-9223372036854775808\tOK\t \n"
    (source,) = log("ASSERTION\tAAE=\nASSERTION\tAAI=\n" + RUN + group + ONE + unasked)
    assert samples_by_endpoint(source).keys() == {("", "home")}
    assert source.started == T / 1000, "the group began before"
    assert source.left_out == [
        "1 time that a group took, whose requests are in the file",
        "1 message from the server that nobody had asked for",
    ]
    assert "how its 2 assertions ended" in source.absent


def test_a_request_that_could_not_be_made_fails_the_run(saved: SaveRun, written: Written) -> None:
    crash = f"ERROR\thome: No attribute named 'id' is defined \t{T + 200}\n"
    several = "ERROR\tbasket: it failed\nfor two reasons\n"
    run = saved(written("simulation.log", RUN + ONE + crash + several))
    assert run.manifest.verdict == "fail"
    assert run.manifest.totals.requests == 1
    assert run.manifest.totals.exceptions == 2
    assert run.manifest.imported is not None
    assert "1 line that hold no event" in run.manifest.imported.left_out
    exceptions = {one.message for one in run.exceptions()}
    assert exceptions == {"home: No attribute named 'id' is defined", "basket: it failed"}


def test_two_logs_in_one_file_are_two_runs(log: Log) -> None:
    first, second = log(RUN + ONE + RUN.replace("Checkout", "Search") + ONE * 2)
    assert (first.name, second.name) == ("Checkout", "Search")
    assert samples_by_endpoint(second)["", "home"].requests == 2
    assert second.remarks[0] == "run 2 of 2 in the file"


@pytest.mark.parametrize("length", range(1, len(ONE)))
def test_a_last_line_that_is_cut_off_is_told(log: Log, length: int) -> None:
    (source,) = log(RUN + ONE + ONE[:length])
    whole = ONE[:length].endswith(("OK", "OK\t", "OK\t "))
    assert samples_by_endpoint(source)["", "home"].requests == 1 + whole
    assert ("line 3, the last, is cut off and was left out" in source.remarks) is not whole


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (RUN, "holds no request; there is nothing to import"),
        (RUN + f"USER\ts\tSTART\t{T}\n", "holds no request"),
        ("ASSERTION\tAAE=\n", "holds no request"),
        ("ASSERTION\tAAE=\n" + ONE, "line 2: no line above it says which run it is of"),
        (RUN + ONE.replace("OK", "Ok") + ONE, "line 2: it does not say OK or KO"),
        (RUN + ONE.replace(str(T + 150), "soon") + ONE, "line 2: 'soon' is no time in millisec"),
        (RUN + ONE.replace(str(T + 150), str(T + 99)) + ONE, "line 2: a request took -1 ms"),
        (RUN + ONE.replace(str(T + 150), "9" * 19) + ONE, "line 2: its time is not one between"),
        (RUN + ONE.replace(str(T + 150), "9" * 30) + ONE, "line 2: '9+' is no time"),
        (RUN + ONE.replace(str(T + 100), "-5") + ONE, "line 2: its time is not one between 2001"),
        (RUN + f"USER\ts\tLEFT\t{T}\n" + ONE, "line 2: it does not say whether the user came"),
        (RUN + f"USER\ts\tSTART\t0\n{ONE}", "line 2: its time is not one between"),
        (RUN.replace("3.9.5", "2.0").replace(f"{T}", "id\t1") + ONE, "not written as by Gatling 3"),
        ("RUN\tshop.Checkout\n" + ONE, "line 1: it has 2 of 6 columns"),
        (RUN + ONE + ONE.replace("1780", "1785"), "days apart"),
        (RUN + "x" * 1_000_001 + "\n" + ONE, "line 2: it is too long"),
    ],
)
def test_what_cannot_be_is_refused(log: Log, lines: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        log(lines)


def test_text_that_is_not_utf_8_is_refused(read: Read, written: Written) -> None:
    line = ONE.replace("home", "größe").encode("latin-1")
    with pytest.raises(UsageError, match="is not UTF-8 text; save it as UTF-8"):
        read(written("simulation.log", RUN.encode() + line))


def test_a_latency_of_hours_is_in_the_mean_and_the_maximum(log: Log) -> None:
    (source,) = log(RUN + ONE.replace(str(T + 150), str(T + 100 + 5 * 3_600_000)))
    samples = samples_by_endpoint(source)["", "home"]
    assert samples.sum_us == samples.max_us == 5 * 3600 * 10**6
