"""Has a run judged by a process of its own, which outlives a host that is killed meanwhile."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

import msgspec
from gevent.monkey import get_original

from loadtui.wire.judgement import JudgedRun, JudgeOrder, NotJudged

_COMMAND = [sys.executable, "-P", "-m", "loadtui.engine.host.judging"]


class NotJudgedError(Exception):
    """The run could not be judged; more is in the host's log, and the journal is still there."""

    def __init__(self, reason: str, *, disk_failed: bool = False) -> None:
        super().__init__(reason)
        self.disk_failed = disk_failed


def judge_apart(folder: Path, order: JudgeOrder, lock: int) -> JudgedRun:
    """Have the run's files written and the run judged; raises NotJudgedError.

    `lock` is the descriptor by which the host owns the run's folder: the other process owns it too,
    so that nobody recovers the run while it writes.  Blocks for as long as that takes: call it in a
    thread.
    """
    try:
        pid, order_to, answer_from = _started(folder, lock)
    except OSError as error:
        raise NotJudgedError(f"the process that judges the run did not start ({error})") from error
    try:
        with os.fdopen(answer_from, "rb") as answer:
            with os.fdopen(order_to, "wb") as to:
                to.write(msgspec.msgpack.encode(order))
            judged = msgspec.msgpack.decode(answer.read(), type=JudgedRun | NotJudged)
    except (OSError, msgspec.DecodeError) as error:
        raise NotJudgedError("the process that judges the run ended before it was done") from error
    finally:
        _collect(pid)
    if isinstance(judged, NotJudged):
        raise NotJudgedError(judged.reason, disk_failed=judged.disk_failed)
    return judged


def _started(folder: Path, lock: int) -> tuple[int, int, int]:
    """The process, what it reads its order from, and what it answers to; OSError."""
    # gevent's close waits for a turn of the thread's own loop, which comes after the answer.
    close = get_original("os", "close")
    with contextlib.ExitStack() as if_not, contextlib.ExitStack() as its:
        order_end, order_to = os.pipe()
        its.callback(close, order_end)
        if_not.callback(close, order_to)
        answer_from, answer_end = os.pipe()
        its.callback(close, answer_end)
        if_not.callback(close, answer_from)
        # Not subprocess, which gevent has replaced, and which would fork this process.
        pid = get_original("os", "posix_spawn")(
            sys.executable,
            [*_COMMAND, str(folder)],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, order_end, 0),
                (os.POSIX_SPAWN_DUP2, answer_end, 1),
                (os.POSIX_SPAWN_DUP2, lock, 3),
            ],
        )
        if_not.pop_all()
    return pid, order_to, answer_from


def _collect(pid: int) -> None:
    # A locustfile that starts processes of its own may have collected it.
    with contextlib.suppress(ChildProcessError):
        get_original("os", "waitpid")(pid, 0)
