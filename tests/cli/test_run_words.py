"""What a locustfile says, on the terminal of who follows its run."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from loadtui.cli.progress import ProgressPrinter
from loadtui.cli.progress_bar import ERASE
from loadtui.cli.run_words import LAST_PRINTED, LINES_A_SECOND, RunWords, words_text
from loadtui.store.run_files import HOST_LOG
from tests.cli.test_progress import at

RUN = Path(".loadtui") / "runs" / "20261127-101500-shop-3f2a"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Closed(io.StringIO):
    def flush(self) -> None:
        raise BrokenPipeError


class Said:
    """A run's log, what is printed of it, and a clock."""

    def __init__(self, **choices: bool) -> None:
        self.now = 0.0
        self._log = (RUN / HOST_LOG).open("ab", buffering=0)
        self.words = RunWords(RUN, clock=lambda: self.now, **choices)

    def say(self, *lines: str) -> None:
        self._log.write("".join(f"{line}\n" for line in lines).encode())

    def close(self) -> None:
        self._log.close()


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    RUN.mkdir(parents=True)


pytestmark = pytest.mark.usefixtures("_folder")


def test_lines_go_where_they_were_printed_to(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said()
    said.say("host : [2026] INFO", "host | printed", "worker 1 ! logged", "\x1b[31mchild")
    said.words.look()
    seen = capsys.readouterr()
    assert seen.out == "host | printed\n\x1b[31mchild\n"
    assert seen.err == "worker 1 | logged\n"
    said.say("host | not to the end")
    said.words.finish()
    assert capsys.readouterr().out == "host | not to the end\n"
    said.close()


def test_standard_output_is_left_to_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said(on_stdout=False)
    said.say("host | one", "host ! two")
    said.words.finish()
    assert capsys.readouterr() == ("", "host | one\nhost | two\n")
    said.close()


def test_who_comes_later_hears_what_is_said_from_then_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (RUN / HOST_LOG).write_text("host | before\n")
    said = Said(from_now=True)
    said.say("host | now")
    said.words.look()
    assert capsys.readouterr().out == "host | now\n"
    said.close()


def test_a_flood_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said()
    said.say(*(f"worker | {number}" for number in range(10_000)), "host | heard all the same")
    said.words.look()
    lines = capsys.readouterr().out.splitlines()
    assert lines == [*(f"worker | {n}" for n in range(LINES_A_SECOND)), "host | heard all the same"]
    said.now = 0.5
    said.say("worker | more", "worker : [2026] INFO")
    said.words.look()
    assert capsys.readouterr() == ("", "")
    said.now = 1.0
    said.words.look()
    seen = capsys.readouterr()
    others = 10_001 - LINES_A_SECOND - LAST_PRINTED
    assert seen.err == f"... {others:,} further lines in {RUN / HOST_LOG}\n".replace(",", " ")
    assert seen.out.splitlines() == [
        *(f"worker | {n}" for n in range(10_001 - LAST_PRINTED, 10_000)), "worker | more",
    ]  # fmt: skip
    said.say("worker | a new second")
    said.words.look()
    assert capsys.readouterr() == ("worker | a new second\n", "")
    said.close()


def test_the_end_of_a_flood_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said()
    said.say(*["worker | x"] * 200, "worker | SUMMARY")
    said.words.finish()
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["worker | x"] * (LINES_A_SECOND + LAST_PRINTED - 1) + ["worker | SUMMARY"]
    said.close()


def test_the_bar_stands_below(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", terminal)
    said, progress = Said(), ProgressPrinter(terminal, unicode=True)
    progress.show(at(3))
    bar = terminal.getvalue().removeprefix(ERASE)
    said.say("host | \x1b[31mred\x1b[0m", "host ! 50 %\r100 %\r")
    said.words.look(progress)
    assert terminal.getvalue() == f"{ERASE}{bar}{ERASE}host | red\n100 %\n{bar}"
    said.words.look(progress)
    progress.done()
    assert terminal.getvalue().endswith(f"\n{bar}{ERASE}")
    said.close()


def test_nobody_who_reads_is_no_reason_to_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Closed())
    said = Said()
    for word in ("printed", "again"):
        said.say(f"host | {word}", f"host ! {word} as well")
        said.words.look()
    assert capsys.readouterr().err == "host | printed as well\nhost | again as well\n"
    said.close()


def test_the_summary_names_the_log() -> None:
    assert words_text(RUN) == ""
    (RUN / HOST_LOG).write_text("host : [2026] INFO\n")
    assert words_text(RUN) == ""
    (RUN / HOST_LOG).write_text("host | word\n")
    assert words_text(RUN) == f"What the locustfile said: {RUN / HOST_LOG}\n"
    assert words_text(RUN.resolve()) == words_text(RUN)
