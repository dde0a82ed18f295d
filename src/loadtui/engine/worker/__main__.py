"""A worker process: `python -m loadtui.engine.worker RUN_FOLDER`, started by the run host.

Its standard input is its lifeline: one line of settings, and then nothing until the host is gone.
"""

from __future__ import annotations

import _thread
import gc
import json
import logging
import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING

FLUSH_S = 0.2
"""For messages to be sent before a process is ended by force."""

if TYPE_CHECKING:
    from loadtui.engine.locustfile.user_code import UserCode
    from loadtui.engine.worker.probes import Probes
    from loadtui.engine.worker.worker_runner import LoadWorkerRunner


def main() -> int:
    folder = Path(sys.argv[1])
    lifeline = _take_stdin()
    _end_with_host(lifeline)
    gc.disable()  # no garbage to be found while importing; see loadtui.engine.host
    import locust  # first of all, since it patches the standard library
    import locust.contrib.fasthttp
    import locust.log
    import msgspec

    from loadtui.engine.locustfile.environment import build_environment
    from loadtui.engine.open_files import raise_open_file_limit
    from loadtui.engine.worker.probes import Probes
    from loadtui.engine.worker.request_hook import RequestHook
    from loadtui.engine.worker.worker_runner import LoadWorkerRunner
    from loadtui.errors import UsageError
    from loadtui.metrics import set_sink
    from loadtui.wire.run_spec import SPEC_FILE, RunSpec

    gc.freeze()
    gc.enable()
    spec = msgspec.json.decode((folder / SPEC_FILE).read_bytes(), type=RunSpec)
    os.chdir(spec.folder)
    if spec.settings.sets_up_logging:
        locust.log.setup_logging(spec.settings.loglevel)
    raise_open_file_limit()
    probes = Probes()
    locust.events.request = RequestHook(
        probes.recorder, probes.failures, probes.in_flight, probes.remarks
    )
    _watch_http(probes, stock=spec.settings.stock_http)
    set_sink(probes.metrics)
    user_code = _watched_user_code(probes)

    try:
        built = build_environment(spec)
    except UsageError as error:
        logging.error("%s", error)
        return error.exit_code
    settings = _settings(lifeline)
    environment = built.environment
    environment.parsed_options.worker = True
    runner = LoadWorkerRunner(
        environment, settings["port"], probes, finish_tasks=built.resolved.finish_tasks
    )
    probes.users = lambda: runner.user_count
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
    import locust.clients
    import locust.contrib.fasthttp

    if not stock:
        from loadtui.engine.http.install import install

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
    code = environment.process_exit_code or 0
    environment.events.quit.fire(exit_code=code)
    runner.say_goodbye()
    return int(code)


def _watched_user_code(probes: Probes) -> UserCode:
    """What user code raises is counted from here on."""
    from loadtui.engine.locustfile.listener_errors import ListenerErrors
    from loadtui.engine.locustfile.user_code import UserCode

    logging.getLogger().addHandler(ListenerErrors(probes.failures.add_exception))
    user_code = UserCode(probes.failures.add_exception, lambda asked: None)
    user_code.watch()
    return user_code


def _tell_exits(runner: LoadWorkerRunner, user_code: UserCode) -> None:
    """Have the host told when user code wants to end the program."""
    user_code.is_user = lambda greenlet: greenlet in runner.user_greenlets
    user_code.on_exit = runner.tell_exit
    user_code.watch_os_exit(lambda status: _end_at_once(runner, user_code))


def _end_at_once(runner: LoadWorkerRunner, user_code: UserCode) -> None:
    """User code has called os._exit: send what was recorded, and why, before the process ends."""
    from gevent.monkey import get_original

    runner.ship()
    if user_code.asked is not None:
        runner.tell_exit(user_code.asked, at_once=True)
    get_original("time", "sleep")(FLUSH_S)  # the thread that sends is not one of gevent's


def _take_stdin() -> int:
    """Keep the lifeline to ourselves: user code that reads standard input finds it empty."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return lifeline


def _end_with_host(lifeline: int) -> None:
    """End the process when the host is gone: nobody is left to send samples to.

    A thread of the system's waits for that, since user code may keep every greenlet waiting; it is
    started before gevent replaces what it is made of.
    """
    poll = select.poll()
    poll.register(lifeline, 0)  # no bytes are waited for, only that the other end is closed

    def watch() -> None:
        poll.poll()
        os.write(2, b"the run host is gone, ending\n")
        os._exit(1)

    _thread.start_new_thread(watch, ())


def _settings(lifeline: int) -> dict[str, int]:
    """The line of settings from the host."""
    from gevent.os import tp_read

    line = b""
    while not line.endswith(b"\n"):
        line += tp_read(lifeline, 1)
    settings: dict[str, int] = json.loads(line)
    return settings


if __name__ == "__main__":
    sys.exit(main())
