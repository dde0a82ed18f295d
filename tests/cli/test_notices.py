"""What commands tell on standard error."""

from __future__ import annotations

import pytest

from loadtui.cli.notices import say


def test_lines_stay_lines_and_drive_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say("two runs of \x1b[31mred\u202e:\n::error::x\n##[command]")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "two runs of \\x1b[31mred\\u202e:\n\\::error::x\n##\\[command]\n"
