"""What happens to a run whose target counts what it serves."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from loadtui.store.books import BOOKS
from loadtui.store.manifest import Manifest
from loadtui.store.run_files import JOURNAL
from tests.soak.counting_target import Then
from tests.support.command import Running
from tests.support.mounted_disks import ext4_disk, fill, shut_down, small_disk, turn_read_only
from tests.support.project import host_of

STOPPED_S = 3.0


@dataclass
class Stricken:
    """A run at the moment at which something happens to it."""

    running: Running
    manifest: Manifest
    folder: Path
    random: Random

    @property
    def host(self) -> int:
        host = host_of(self.folder)
        assert host is not None
        return host

    @property
    def workers(self) -> list[int]:
        return [worker.pid for worker in self.manifest.workers]

    @property
    def a_worker(self) -> int:
        return self.random.choice(self.workers)


def plain_folder(folder: Path) -> AbstractContextManager[Path]:
    """Where a project is when it is not the disk that fails."""
    project = folder / "project"
    project.mkdir()
    return contextlib.nullcontext(project)


@dataclass(frozen=True)
class ServedFault:
    """One of them."""

    name: str
    strike: Callable[[Stricken], None] = lambda run: None
    """What is done to it; nothing: it is in the locustfile, or in the target."""
    length_s: int = 60
    """Of the run, where nothing ends it before."""
    workers: int | None = None
    begun: int = 0
    """Requests that can have begun and not reached the target: one of each process that is killed,
    and one of each user with the stock clients."""
    breaks: bool = False
    """Whether connections break, once for each user: of a request that a client sends anew then,
    and in vain, it only says that it was refused; of one that nobody had read, that it broke."""
    anew: bool = False
    """Whether each request opens a connection."""
    more: str = ""
    """What the locustfile ends with."""
    then: Then | None = None
    """What the target does after some requests; None: it is nginx, and goes on."""
    place: Callable[[Path], AbstractContextManager[Path]] = plain_folder


def _signals(*numbers: signal.Signals) -> Callable[[Stricken], None]:
    def strike(run: Stricken) -> None:
        for number in numbers:
            run.running.send(number)
            time.sleep(run.random.uniform(0, 0.3) if len(numbers) > 1 else 0)

    return strike


def _kill_worker(run: Stricken) -> None:
    os.kill(run.a_worker, signal.SIGKILL)


def _kill_host(run: Stricken) -> None:
    os.kill(run.host, signal.SIGKILL)


def _kill_all(run: Stricken) -> None:
    pids = [run.host, *run.workers]
    run.random.shuffle(pids)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _kill_viewer(run: Stricken) -> None:
    with Running(run.running.project, "attach", "--no-ui") as viewer:
        time.sleep(run.random.uniform(0.2, 1.0))
        viewer.send(signal.SIGKILL)


def _damage_journal(run: Stricken) -> None:
    run.running.send(signal.SIGSTOP)  # it would recover the run
    _kill_all(run)
    run.running.send(signal.SIGKILL)
    run.running.wait()
    with (run.folder / JOURNAL).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size - run.random.randint(1, size // 2))
        at = file.tell()
        [byte] = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))


@contextlib.contextmanager
def _stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _stop_host(run: Stricken) -> None:
    with _stopped(run.host):
        time.sleep(STOPPED_S)


def _stop_worker(run: Stricken) -> None:
    with _stopped(run.a_worker):
        time.sleep(STOPPED_S)


def _no_files_for_worker(run: Stricken) -> None:
    """From now on it can open none."""
    pid = run.a_worker
    _, most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (8, most))


def _remove_folder(run: Stricken) -> None:
    shutil.rmtree(run.folder)


def _remove_books(run: Stricken) -> None:
    (run.folder / BOOKS).unlink()


def _disk_of(run: Stricken) -> Path:
    return run.running.project


def _fill_disk(run: Stricken) -> None:
    fill(_disk_of(run) / "filler")


def _fail_disk(run: Stricken) -> None:
    shut_down(_disk_of(run))


def _lock_disk(run: Stricken) -> None:
    turn_read_only(_disk_of(run))


RAISES = """
    def after():
        if random.random() < 0.3:
            raise random.choice((ZeroDivisionError("in between"), OSError(5, "as if")))
"""
EXITS = """
    due = []

    @events.request.add_listener
    def leave(**_):
        if not due:
            due.append(time.monotonic() + random.uniform(0.5, 2))
        if time.monotonic() > due[0]:
            {call}
"""
STEPPED = """
    real = time.time

    @events.init.add_listener
    def prepare(environment, runner, **_):
        def step_clock(**_):
            step = random.choice((-86400, -3600, -5, 5, 3600, 86400))
            time.time = lambda: real() + step

        environment.events.spawning_complete.add_listener(step_clock)
"""
LEAKS = """
    import resource
    import gevent
    LEAKED = []

    @events.test_start.add_listener
    def leak(environment, **_):
        if isinstance(environment.runner, MasterRunner):
            resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
            gevent.spawn_later(random.uniform(0.2, 2), open_all)

    def open_all():
        while True:
            try:
                LEAKED.append(open(os.devnull))
            except OSError:
                return
"""
FAULTS = [
    ServedFault("nothing", length_s=2),
    ServedFault("Ctrl-C", _signals(signal.SIGINT)),
    ServedFault("SIGTERM", _signals(signal.SIGTERM)),
    ServedFault("two signals, no answer", _signals(signal.SIGINT, signal.SIGTERM), then="silence"),
    ServedFault("killed command", _signals(signal.SIGKILL)),
    ServedFault("killed viewer", _kill_viewer, length_s=3),
    ServedFault("one worker of two killed", _kill_worker, length_s=5, workers=2, begun=1),
    ServedFault("the only worker killed", _kill_worker, workers=1, begun=1),
    ServedFault("killed host", _kill_host, begun=2),
    ServedFault("all processes killed", _kill_all, begun=2),
    ServedFault("killed, and its journal damaged", _damage_journal, begun=2),
    ServedFault("host stopped for 3 s", _stop_host, length_s=6),
    ServedFault("worker stopped for 3 s", _stop_worker, length_s=6),
    ServedFault("clock stepped", length_s=3, more=STEPPED),
    ServedFault("books removed", _remove_books, length_s=2),
    ServedFault("full disk", _fill_disk, place=small_disk),
    ServedFault("read-only disk", _lock_disk, place=ext4_disk),
    ServedFault("failing disk", _fail_disk, place=ext4_disk),
    ServedFault("removed folder", _remove_folder),
    ServedFault("target dies", length_s=4, then="die", breaks=True),
    ServedFault("target never answers", length_s=3, then="silence"),
    ServedFault("target closes connections", length_s=3, then="close"),
    ServedFault("user code raises", length_s=2, more=RAISES),
    ServedFault("user code ends its process", more=EXITS.format(call="os._exit(9)"), begun=2),
    ServedFault("user code leaves by sys.exit", more=EXITS.format(call="raise SystemExit(7)")),
    ServedFault("worker out of files", _no_files_for_worker, length_s=3, anew=True),
    ServedFault("host out of files", length_s=3, more=LEAKS),
]  # fmt: skip
"""Those of docs/reliability.md in which there is a target that counts."""
