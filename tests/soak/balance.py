"""What a target has served, and what the run it belongs to knows of."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from loadtui.launch.running_runs import wait_until_over
from loadtui.store.run_files import JOURNAL
from tests.soak.counting_target import CountingTarget
from tests.soak.faults import ServedFault, Stricken
from tests.soak.random_load import RandomLoad, random_load
from tests.support.command import Document, Running, command, run_args
from tests.support.servers import Nginx
from tests.support.waiting import wait_until

LONGEST_S = 100.0
"""That a run takes; a worker of which the host hears nothing is waited for, for thirty."""
UNSENT = re.compile(r"refused|Too many open files|Errno 24\b", re.IGNORECASE)
"""Messages of requests that failed before they were sent."""


@dataclass
class Balance:
    """Of one run."""

    fault: str
    seed: int
    load: RandomLoad
    served: int
    recorded: int
    unfinished: int
    lost: int
    unsent: int
    """Recorded ones that have not reached the target, by their messages."""
    started: int
    may_differ: tuple[int, int]
    """From and to."""
    code: int
    wrong: list[str] = field(default_factory=list)

    @property
    def difference(self) -> int:
        return self.recorded + self.unfinished + self.lost - self.unsent - self.served

    def check(self) -> None:
        """Note what does not agree."""
        if self.started != self.recorded + self.unfinished + self.lost:
            self.wrong.append(f"started {self.started} is not recorded + unfinished + lost")
        least, most = self.may_differ
        if not least <= self.difference <= most:
            self.wrong.append(f"differs by {self.difference}, and may by {least} to {most}")


def balance(fault: ServedFault, seed: int, folder: Path, nginx: Nginx) -> Balance:
    """Have it happen to a run in this folder, which is empty.

    Raises CannotMountError where the fault needs a disk and none can be made; AssertionError when
    the run does not end.
    """
    random = Random(f"{fault.name} {seed}")
    load = random_load(random, workers=fault.workers, anew=fault.anew, more=fault.more)
    env = {"XDG_STATE_HOME": str(folder / "state"), "PYTHONHASHSEED": str(seed)}
    with fault.place(folder) as project, _target(fault, random, folder, nginx) as target:
        (project / "locustfile.py").write_text(load.text)
        users = ("-u", str(load.users), "-r", "100", "--processes", str(load.workers))
        options = ("-t", f"{fault.length_s}s", "-s", "1s", *load.options, "-H", target.url)
        with Running(project, *run_args("locustfile.py", *users, *options), env=env) as running:
            manifest = running.until_running()
            run = running.folder
            wait_until(lambda: target.count() > 0, "a request")
            if fault.begun:  # what is begun while its user connects has not reached the target
                wait_until(lambda: target.connections() >= load.users, "all users to connect")
            time.sleep(load.moment_s)
            before = os.environ.get("XDG_STATE_HOME")
            fault.strike(Stricken(running, manifest, run, random))
            assert os.environ.get("XDG_STATE_HOME") == before
            outcome = running.wait(LONGEST_S)
        if run.exists() and (run / JOURNAL).exists():
            assert wait_until_over(run, LONGEST_S), "the host did not end"
        document: Document
        if outcome.stdout:
            document = outcome.document
        else:
            document = command(project, "runs", "show", run.name, "--json", env=env).document
        wait_until(lambda: target.connections() <= 0, "the target to read what was sent")
        served = target.count()
    totals = document["totals"]
    unsent = sum(error["count"] for error in document["errors"] if UNSENT.search(error["message"]))
    broken = load.users if fault.breaks else 0
    # The stock clients look at a connection, and let others work, before they send.
    begun = load.users if fault.begun and "--stock-http" in load.options else fault.begun
    made = Balance(
        fault.name, seed, load, served,
        totals["requests"] + (document["late"] or 0), document["unfinished"], totals["lost"],
        unsent, totals["started"] + (document["late"] or 0),
        (-broken, begun + broken), outcome.code,
    )  # fmt: skip
    made.check()
    if "Traceback" in outcome.stderr and not document["exceptions"]:
        made.wrong.append("it ends with a traceback")
    return made


@contextmanager
def _target(
    fault: ServedFault, random: Random, folder: Path, nginx: Nginx
) -> Iterator[Nginx | CountingTarget]:
    if fault.then is None:
        nginx.reset()
        yield nginx
    else:
        after = random.randint(50, 1000)
        with CountingTarget(folder, after=after, then=fault.then) as target:
            yield target
