"""Functions in the hub's thread pool."""

from __future__ import annotations

import io
import subprocess
import sys

import gevent
import pytest

from loadtui.engine.host.hub_thread import in_thread


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, text: str, /) -> int:
        raise OSError(28, "No space left on device")


def test_what_the_function_returns() -> None:
    assert in_thread(divmod, 7, 2) == (3, 1)


def test_what_it_raises_comes_back_and_is_not_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ZeroDivisionError):
        in_thread(divmod, 7, 0)
    assert capfd.readouterr().err == ""


def test_it_comes_back_where_nothing_can_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Full())
    with gevent.Timeout(20), pytest.raises(subprocess.TimeoutExpired):
        in_thread(_raise)


def _raise() -> None:
    raise subprocess.TimeoutExpired("program", 1)
