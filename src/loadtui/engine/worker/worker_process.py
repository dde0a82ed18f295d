"""A worker: prepared in the process that imports the locustfile, run after the fork.

The fast HTTP path has to be in place before the locustfile is imported, which may make a session or
a class of its own from it.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import locust.clients
import locust.contrib.fasthttp
from gevent.monkey import get_original
from gevent.os import tp_read

from loadtui.engine.exit_status import exit_status
from loadtui.engine.http.install import install
from loadtui.engine.http.stock_clients import stock_clients
from loadtui.engine.locustfile.environment import build_environment
from loadtui.engine.locustfile.listener_errors import ListenerErrors
from loadtui.engine.locustfile.loaded_run import LoadedRun
from loadtui.engine.locustfile.user_code import UserCode
from loadtui.engine.process_output import OUTPUT
from loadtui.engine.worker.probes import Probes
from loadtui.engine.worker.request_hook import RequestHook
from loadtui.engine.worker.worker_runner import LoadWorkerRunner
from loadtui.engine.worker_socket import WorkerSocket
from loadtui.errors import UsageError
from loadtui.metrics import set_sink
from loadtui.store.books import Page
from loadtui.store.log_lines import worker_name
from loadtui.wire.run_spec import RunSpec

_write = get_original("os", "write")


class WorkerProcess:
    def __init__(self, spec: RunSpec) -> None:
        """To be made before the locustfile is imported."""
        self._probes = Probes()
        self.stock_http = spec.settings.stock_http or bool(stock_clients())
        """Whether any of Locust's own HTTP clients sends."""
        _watch_http(self._probes, stock=spec.settings.stock_http)

    def run(self, run: LoadedRun, lifeline: int, pages: list[Page]) -> int:
        """Work as the host says until it ends this worker; the exit code.

        `lifeline` is a descriptor from which one line of settings comes, and then nothing until the
        host is gone; `pages` are those of the run's books, by the number of the worker.
        """
        OUTPUT.take("worker")
        _end_with_host(lifeline)
        probes, user_code = self._probes, run.user_code
        hook = RequestHook(probes.recorder, probes.failures, probes.in_flight, probes.remarks)
        run.requests.hand_over(hook)
        set_sink(probes.metrics)
        user_code.add = probes.failures.add_exception
        logging.getLogger().addHandler(ListenerErrors(user_code.add))
        try:
            built = build_environment(run)
        except UsageError as error:
            logging.error("%s", error)
            return error.exit_code
        settings = _settings(lifeline)
        environment = built.environment
        options = environment.parsed_options
        options.worker, options.processes = True, run.spec.settings.processes
        options.run_time = options.autostart = None  # which are the host's, as under Locust
        connection = WorkerSocket(Path(settings["folder"]), settings["client_id"])
        runner = LoadWorkerRunner(
            environment, connection, probes, finish_tasks=built.resolved.finish_tasks
        )
        probes.enter_in(pages[runner.worker_index])
        OUTPUT.rename(worker_name(runner.worker_index, run.spec.settings.processes or 1))
        probes.users = lambda: runner.user_count
        probes.left = lambda: runner.users_left
        if environment.shape_class is not None:
            environment.shape_class.runner = runner
        _tell_exits(runner, user_code)
        environment.events.init.fire(environment=environment, runner=runner, web_ui=None)
        if user_code.asked is not None:
            return user_code.asked.code or 1
        runner.hello()
        return _work(runner)


def _watch_http(probes: Probes, *, stock: bool) -> None:
    """Count what Locust's HTTP clients have in flight, which are ours unless `stock`."""
    if not stock:
        install(probes.in_flight)
        return
    probes.in_flight.watch(locust.contrib.fasthttp.FastHttpSession)
    probes.in_flight.watch(locust.clients.HttpSession)
    probes.in_flight.watch_blocks(locust.contrib.fasthttp.ResponseContextManager)
    probes.in_flight.watch_blocks(locust.clients.ResponseContextManager)


def _work(runner: LoadWorkerRunner) -> int:
    """Do as the host says until it ends this worker; the exit code."""
    environment = runner.environment
    runner.greenlet.join()
    environment.events.quitting.fire(environment=environment, reverse=True)
    code = exit_status(environment.process_exit_code)
    environment.events.quit.fire(exit_code=code)
    runner.say_goodbye()
    return code


def _tell_exits(runner: LoadWorkerRunner, user_code: UserCode) -> None:
    """Have the host told when user code wants to end the program."""
    user_code.is_user = lambda greenlet: greenlet in runner.user_greenlets
    user_code.on_exit = runner.tell_exit
    user_code.watch_os_exit(lambda status: _end_at_once(runner, user_code))


def _end_at_once(runner: LoadWorkerRunner, user_code: UserCode) -> None:
    """User code has called os._exit: send what was recorded, and why, before the process ends."""
    runner.ship()
    if user_code.asked is not None:
        runner.tell_exit(user_code.asked, at_once=True)
    runner.flush()


def _end_with_host(lifeline: int) -> None:
    """End the process when the host is gone: nobody is left to send samples to.

    A thread of the system's waits for that, since user code may keep every greenlet waiting.
    """
    poll = get_original("select", "poll")()
    poll.register(lifeline, 0)  # no bytes are waited for, only that the other end is closed

    def watch() -> None:
        poll.poll()
        _write(2, b"the run host is gone, ending\n")
        os._exit(1)

    get_original("_thread", "start_new_thread")(watch, ())


def _settings(lifeline: int) -> dict[str, str]:
    """The line of settings from the host."""
    line = b""
    while not line.endswith(b"\n"):
        line += tp_read(lifeline, 1)
    settings: dict[str, str] = json.loads(line)
    return settings
