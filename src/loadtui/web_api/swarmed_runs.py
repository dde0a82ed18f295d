"""The runs that `/swarm` begins, one at a time, and the one that is running.

Threads that answer ask for swarms, and wait; the thread that runs them, which also heeds Ctrl-C,
takes each and tells what becomes of it.
"""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

from loadtui.web_api.swarm_form import SwarmForm, SwarmRefused
from loadtui.wire.http_exchange import HttpAnswer, HttpQuestion
from loadtui.wire.messages import Command, StopReason
from loadtui.wire.single_command import call
from loadtui.wire.swarm import Swarm

ANSWER_S = 30.0
"""How long a host may take to answer what it is asked over HTTP."""
_ANY_LENGTH_S = 1e8
"""Of a run."""
_ENDING = "loadtui is ending"
_LAST_WORDS_S = 5.0
"""From the moment a host hangs up until what it said last is here."""


@dataclass
class _Order:
    """A run that somebody waits for."""

    form: SwarmForm
    begun: Future[None] = field(default_factory=Future)
    """Done once the run is running; SwarmRefused says why it is not."""


class SwarmedRuns:
    def __init__(self) -> None:
        self._orders: SimpleQueue[_Order] = SimpleQueue()
        self._order: _Order | None = None
        self._folder: Path | None = None
        self._over = threading.Event()
        self._over.set()
        self._one_at_a_time = threading.Lock()
        self._closed = False
        self.last: dict[str, HttpAnswer] = {}
        """Path -> what Locust's web application said at the end of the last run; empty before."""

    # ---------------------------------------------------------------- what answers ask for
    def begin(self, form: SwarmForm, change: Swarm | None) -> None:
        """Begin a run, or give that which is running other users; without a `change` it is left
        as it is.  Raises SwarmRefused for what cannot be."""
        with self._one_at_a_time:
            while (folder := self._folder) is not None:
                if change is None or _changed(folder, change):
                    return
                self._over.wait()
            if self._closed:
                raise SwarmRefused(_ENDING)
            order = _Order(form)
            self._orders.put(order)
            order.begun.result()

    def stop(self) -> None:
        """Stop the run that is running, if any, and wait until it is saved."""
        with self._one_at_a_time:
            if (folder := self._folder) is not None:
                with contextlib.suppress(OSError):  # over already
                    call(folder, Command(1, "stop", text=StopReason.BY_WEB_API))
            self._over.wait()

    def ask(self, question: HttpQuestion) -> HttpAnswer | None:
        """The answer of Locust's web application in the host; None where no run is running.

        Raises TimeoutError when it takes longer than ANSWER_S.
        """
        if (folder := self._folder) is None:
            return None
        try:
            return call(folder, Command(1, "http", http=question), ANSWER_S).http
        except ConnectionError:
            self._over.wait(_LAST_WORDS_S)
            return None

    # ---------------------------------------------------------------- what the running thread does
    def next_form(self, timeout_s: float | None) -> SwarmForm | None:
        """What is to be run next; None when nothing came for so long."""
        with contextlib.suppress(Empty):
            self._order = self._orders.get(timeout=timeout_s)
            return self._order.form
        return None

    def run_began(self, folder: Path) -> None:
        """The run in this folder is running; whoever asked for it is told."""
        self._over.clear()
        self._folder = folder
        threading.Thread(target=self._until_over, args=(folder,), daemon=True).start()
        if self._order is not None:
            self._order.begun.set_result(None)
            self._order = None

    def run_refused(self, reason: str) -> None:
        """The run could not begin."""
        if self._order is not None:
            self._order.begun.set_exception(SwarmRefused(reason))
            self._order = None

    def close(self) -> None:
        """No run will begin any more."""
        self._closed = True
        self.run_refused(_ENDING)
        while self.next_form(0) is not None:
            self.run_refused(_ENDING)

    def _until_over(self, folder: Path) -> None:
        """Wait for the last words of a run's host, which may also go without any."""
        last: dict[str, HttpAnswer] = {}
        with contextlib.suppress(OSError):
            last = call(folder, Command(1, "last_http"), _ANY_LENGTH_S).last_http
        self.last = last or self.last
        self._folder = None
        self._over.set()


def _changed(folder: Path, swarm: Swarm) -> bool:
    """Whether a run has the users now; not when it is ending.  SwarmRefused for others."""
    try:
        error = call(folder, Command(1, "swarm", swarm=swarm)).error
        if not error:
            return True
        now = call(folder, Command(1, "snapshot")).snapshot
    except ConnectionError:
        return False
    if now is not None and now.state == "running":
        raise SwarmRefused(error)
    return False
