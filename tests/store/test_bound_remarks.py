from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtui.samples import error_kinds
from loadtui.samples.delta import Delta, ErrorCount, ExceptionCount
from loadtui.samples.endpoint_table import FURTHER, MAX_NAME
from loadtui.store.bound_remarks import bound_remarks
from loadtui.store.journal_contents import JournalContents
from loadtui.store.log_cap import cut_log
from loadtui.store.run_files import HOST_LOG


def test_nothing_is_said_of_a_run_of_which_everything_was_told_apart(tmp_path: Path) -> None:
    record = JournalContents()
    record.take_delta(Delta(0, 1, 0, endpoints=[(0, "GET", "/a")]))
    assert bound_remarks(record, tmp_path) == []


def test_each_bound_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_kinds, "MAX_KINDS", 1)
    record = JournalContents()
    record.take_delta(
        Delta(
            0,
            1,
            0,
            endpoints=[(0, "GET", "x" * MAX_NAME), (1, "GET", "y" * MAX_NAME), (2, *FURTHER)],
            errors=[ErrorCount("GET", "/", text, 1, 0.0, 0.0) for text in "ab"],
            exceptions=[ExceptionCount(text, "", 1, 0.0, 0.0) for text in "ab"],
        )
    )
    log = os.open(tmp_path / HOST_LOG, os.O_WRONLY | os.O_CREAT)
    os.ftruncate(log, 33 << 20)
    cut_log(log)
    os.close(log)
    further, names, errors, exceptions, lines = bound_remarks(record, tmp_path)
    assert lines.startswith("32.0 MB of what was printed and logged are missing in host.log")
    assert further.endswith('give requests that belong together one name, as with name="/item"')
    assert names.startswith("names of endpoints are cut after 1000 characters")
    assert "different errors" in errors
    assert "at least" in errors
    assert "different exceptions" in exceptions
