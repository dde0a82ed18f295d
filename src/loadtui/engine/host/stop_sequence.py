"""In what order users, workers and host are stopped; every end of a run goes through here.

What wants a run to end only asks the director: a person (`viewer_commands`), a signal or the
command that is gone (`running_run`), a broken threshold (`threshold_abort`), a target that never
answers (`give_up`), the locustfile (`master_runner`), workers that died (`worker_watch`), the last
stage or the shape (`director`).
The director's `run` returns why, and `stop_run` goes through these steps:

 1. Viewers see `stopping`.
 2. No user is started any more; `test_stopping` fires.               master_runner.stop_gracefully
 3. Every worker is told to stop.  Its users finish their request,
    for no longer than the stop timeout, and are killed then.         worker/stopping_users
 4. Every worker sends its last samples, marked as final.             worker/worker_runner
 5. The host waits for them: stop timeout and FINAL_GRACE_S.  A
    worker that is later than that is lost, and the run invalid.      master_runner.stop_gracefully
 6. `test_stop` fires: listeners find all requests counted.           master_runner.stop_gracefully
 7. The last seconds are noted on the timeline.                       run_tracker.finish
 8. Workers are told to quit; their `quitting` and `quit` fire.       worker/worker_process
 9. `quitting` fires in the host.
10. Workers that have not ended after LEAVE_S are killed.             worker_watch.wait_until_gone
11. A process of its own makes the run's tables of the journal, and
    judges the run.                                                   judge_process, judging
12. `quit` fires in the host, with the exit code; what its listeners
    raise is added to what was judged.                                quit_outcome
13. Viewers get the last snapshot, and the socket is closed.

A second stop, at once, makes step 3 short: users are killed with their requests in flight.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import msgspec

from loadtui.engine.exit_status import exit_status
from loadtui.engine.host.director import Ending
from loadtui.engine.host.hub_thread import in_thread
from loadtui.engine.host.judge_process import NotJudgedError, judge_apart
from loadtui.engine.host.prepared_run import PreparedRun
from loadtui.engine.host.quit_outcome import with_quit_outcome
from loadtui.errors import ExitCode
from loadtui.known_secrets import SECRETS
from loadtui.store.manifest import Manifest, State
from loadtui.store.rescue import rescue_run
from loadtui.store.run_files import LOCK, can_be_written
from loadtui.wire.judgement import JudgedRun, JudgeOrder

LARGEST_PROBE = 64 << 20
"""Bytes that are tried, where a run could not be written."""

_logger = logging.getLogger(__name__)


def stop_run(parts: PreparedRun, manifest: Manifest, ending: Ending) -> None:
    """Stop the run, and write and judge its files; `manifest` is the one of the running run."""
    live, environment, runner = parts.live, parts.environment, parts.runner
    live.ended_because = SECRETS.hidden(ending.reason)
    live.broken_off = live.ended_because if ending.failed else ""
    live.state = "stopping"
    parts.viewers.publish(parts.moments.snapshot())
    late = runner.stop_gracefully(environment.stop_timeout, parts.tracker.load_ended)
    parts.watch.late(late)
    parts.requests.ship(final=True)
    parts.tracker.finish()
    in_thread(parts.cpu_watch.finish)
    duration_s = live.elapsed_s
    runner.quit_workers()
    live.state = _state_of(ending)
    environment.events.quitting.fire(environment=environment, reverse=True)
    parts.watch.wait_until_gone()
    parts.requests.ship(final=True)
    stopped = msgspec.structs.replace(
        manifest,
        state=live.state,
        duration_s=round(duration_s, 3),
        ended_because=_because(parts, ending),
        ended_by=ending.by,
        process_exit_code=_process_exit_code(parts),
        exit_asked=parts.director.asked_to_exit is not None,
        gave_up=ending.gave_up,
        steered=live.steered,
        marks=live.marks,
        workers=parts.watch.records(manifest.workers),
        generator=parts.cpu_watch.load(),
    )
    try:
        judged = in_thread(_write_and_judge, parts, stopped, live.end_second)
    except NotJudgedError as error:
        _tell_unsaved(parts, error)
        return
    raised = parts.collector.exception_count
    environment.events.quit.fire(exit_code=judged.manifest.exit_code)
    code = _process_exit_code(parts)
    if parts.collector.exception_count > raised or code != judged.manifest.process_exit_code:
        outcome = code, parts.director.asked_to_exit is not None, _because(parts, ending)
        exceptions = parts.collector.exceptions
        try:
            judged = in_thread(with_quit_outcome, Path(live.folder), judged, exceptions, *outcome)
        except OSError as error:
            _logger.error("what listeners of quit did is not saved: %s", error)
    parts.viewers.publish(judged.last_snapshot(parts.moments.snapshot()))
    _leave(parts)


def _tell_unsaved(parts: PreparedRun, error: NotJudgedError) -> None:
    """The run was not judged: viewers get what is known of it, without a verdict.  It is recovered
    from its journal later, where that was saved."""
    _logger.error("the run was not judged: %s", error)
    parts.environment.events.quit.fire(exit_code=ExitCode.INVALID)
    last = parts.moments.snapshot()
    last.exit_code = ExitCode.INVALID
    missing = "nothing of it could be saved" if error.disk_failed else "it could not be judged"
    last.invalid_reasons.append(f"{missing} ({error})")
    parts.viewers.publish(last)
    _leave(parts)


def _leave(parts: PreparedRun) -> None:
    """Hang up; nobody owns the run any more."""
    parts.viewers.close()
    for folder in {parts.folder, Path(parts.live.folder)}:
        with contextlib.suppress(OSError):
            (folder / LOCK).unlink(missing_ok=True)


def _write_and_judge(parts: PreparedRun, manifest: Manifest, end_second: int) -> JudgedRun:
    """Write and judge the run in its folder; where that cannot be written, in another one; and
    where there is none, in its folder as far as its disk has taken it."""
    order = JudgeOrder(manifest, end_second, parts.spec)
    parts.journal.make_room()
    parts.spare_files.release()
    if not parts.journal.in_memory:
        try:
            return judge_apart(parts.folder, order, parts.lock)
        except NotJudgedError as error:
            # The tables of a run are smaller than its journal.
            probe = min(parts.journal.size, LARGEST_PROBE)
            if not error.disk_failed and can_be_written(parts.folder, probe):
                raise
            manifest = _broken_off(manifest, f"its folder cannot be written ({error})")
            order = msgspec.structs.replace(order, manifest=manifest)
    try:
        folder, lock = rescue_run(parts.folder, manifest, parts.journal.copy_to, parts.books)
    except OSError as error:
        why = error.strerror or str(error)
        missing = f"what it recorded last could be saved nowhere, and is missing ({why})"
        manifest = msgspec.structs.replace(manifest, not_saved=[missing])
        order = msgspec.structs.replace(order, manifest=manifest)
        return judge_apart(parts.folder, order, parts.lock)
    parts.live.folder = str(folder)
    return judge_apart(folder, order, lock)


def _broken_off(manifest: Manifest, why: str) -> Manifest:
    if manifest.state == "failed":
        return manifest
    return msgspec.structs.replace(manifest, state="failed", ended_because=why)


def _process_exit_code(parts: PreparedRun) -> int | None:
    """What the locustfile wants the exit code to be: by sys.exit, else by its attribute."""
    asked = parts.director.asked_to_exit
    if asked is not None:
        return asked.code
    code = parts.environment.process_exit_code
    return None if code is None else exit_status(code)


def _because(parts: PreparedRun, ending: Ending) -> str:
    """Why the run ended; and how the locustfile wanted to end the program, if that came later."""
    asked = parts.director.asked_to_exit
    if asked is None or asked.words == ending.reason:
        return SECRETS.hidden(ending.reason)
    return SECRETS.hidden(f"{ending.reason}; {asked.words}")


def _state_of(ending: Ending) -> State:
    if ending.interrupted:
        return "interrupted"
    return "failed" if ending.failed else "finished"
