from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.store.log_lines import (
    COMPLAINED,
    LOG_ONLY,
    PRINTED,
    LogLine,
    anything_said,
    last_said,
    line_start,
    parse_line,
    said_before,
    without_controls,
    worker_name,
)


@pytest.mark.parametrize("sign", [PRINTED, COMPLAINED, LOG_ONLY])
@pytest.mark.parametrize("process", ["host", worker_name(0, 1), worker_name(11, 12)])
def test_a_line_has_its_process_and_its_sign(process: str, sign: str) -> None:
    line = parse_line(line_start(process, sign) + "a | b ü\r".encode())
    assert line == LogLine(process, sign, "a | b ü")
    assert line.for_people == (sign != LOG_ONLY)
    assert line.shown == f"{process} | a | b ü"


@pytest.mark.parametrize("text", ["", "child", "host says | so", "worker x | y", "hosts | z"])
def test_other_lines_are_for_people_as_they_are(text: str) -> None:
    line = parse_line(text)
    assert line == LogLine("", PRINTED, text)
    assert line.shown == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain 한국어 👩\u200d🚀\ttab", "plain 한국어 👩\u200d🚀\ttab"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b", "ab"),
        ("\x1b[2J\x1b[Hcleared\x1b7\x1b(B", "cleared"),
        ("\x9b2J\x00\x08a", "2Ja"),
        (" 10 %\r 20 %\r 30 %\r", " 30 %"),
        ("\u202egnorw", "gnorw"),
        ("ends in \x1b", "ends in "),
    ],
)
def test_nothing_in_it_drives_a_terminal(text: str, plain: str) -> None:
    assert without_controls(text) == plain


def test_what_was_said_before_an_end() -> None:
    assert said_before([]) == said_before(["", " "]) == ""
    assert said_before(["", "  \x1b[31mno key\x1b[0m ", ""]) == "; before that it said: no key"
    lines = [f"line {number}" for number in range(9)]
    last = "line 4 / line 5 / line 6 / line 7 / line 8"
    assert said_before(lines) == f"; before that it said: {last}"
    assert said_before(["x" * 1000]).endswith("xxx…")


def test_the_words_in_a_log(tmp_path: Path) -> None:
    log = tmp_path / "host.log"
    assert not anything_said(log)
    assert last_said(log) == []
    log.write_text("host : [2026] INFO started\n\nworker 1 : [2026] INFO ready\n")
    assert not anything_said(log)
    with log.open("a") as file:
        file.write("host | one\nworker 0 ! two\nworker 1 : three\nchild\n")
    assert anything_said(log)
    assert [line for line in last_said(log) if line] == ["one", "two", "child"]
    assert last_said(log, "worker") == ["two"]
