"""Runs that are begun and ended through Locust's web API, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import click
import msgspec

from loadtui.cli.following import has_terminal
from loadtui.cli.interrupts import interrupts_held
from loadtui.cli.plan_runs import RunOptions, run_plans
from loadtui.cli.web_port import WebPort
from loadtui.errors import ExitCode, UsageError
from loadtui.launch.cores import default_processes
from loadtui.launch.inspection_process import inspect_plan
from loadtui.plan.model import Flags, Plan
from loadtui.plan.resolve import with_flags
from loadtui.printable_text import visible_text
from loadtui.store.project_root import project_of_plan
from loadtui.verdict.exit_codes import combined_exit_code
from loadtui.web_api.api_answers import ApiAnswers
from loadtui.web_api.api_server import ApiServer
from loadtui.web_api.argument_words import argument_words
from loadtui.web_api.loopback import bound
from loadtui.web_api.resting_answers import RestingAnswers
from loadtui.web_api.swarm_form import SwarmForm
from loadtui.web_api.swarmed_runs import SwarmedRuns
from loadtui.wire.run_settings import LocustCommandLine
from loadtui.wire.run_spec import RunSpec

RunFirst = Callable[[RunOptions], int]
"""Makes a run with these options, and returns its exit code."""
LOAD_OPTIONS = ("-u", "-r", "-t")
_PORT_OPTIONS = ("--web-port", "--web-host")


def serve_swarms(
    plan: Plan, options: RunOptions, web: WebPort, run_first: RunFirst | None = None
) -> int:
    """Answer for Locust's web API until Ctrl-C or SIGTERM, and run what it is asked for.

    `plan` has the flags of the command line; `run_first` makes the run that begins at once, where
    another command is to tell of it.  Returns the exit code that all runs together make.
    Raises UsageError for what cannot run at all, and KeyboardInterrupt as `run_plans`.
    """
    web.check()
    if options.detach:
        raise UsageError("--web-port does not go with --detach: who answers there would be gone")
    on_screen = not options.no_ui and has_terminal()
    if on_screen and not web.begins:
        raise UsageError("--web-port on a terminal: add --no-ui, or -u to begin a run at once")
    server = _SwarmServer(plan, options, run_first)
    with interrupts_held() as interrupts, bound(web.host, web.port, _PORT_OPTIONS) as listening:
        if not web.begins:
            server.resting.inspect()
        with ApiServer(listening, web.host, server.answers.answer):
            _announce(web, listening.getsockname()[1])
            try:
                if web.begins:
                    server.run_first()
                    if on_screen:
                        return server.code
                ends = None if web.stays_s is None else time.monotonic() + web.stays_s
                while not server.interrupted:
                    left = None if ends is None else max(ends - time.monotonic(), 0)
                    with interrupts.heeded():
                        form = server.runs.next_form(left)
                    if form is None:
                        break
                    server.run_swarm(form)
            except KeyboardInterrupt as interrupt:
                if interrupt.args:  # a run was about to begin
                    raise
            finally:
                server.runs.close()
    return server.code


class _SwarmServer:
    def __init__(self, plan: Plan, options: RunOptions, run_first: RunFirst | None) -> None:
        self._plan = plan
        self._run_first = run_first or partial(run_plans, [plan])
        settings = msgspec.structs.replace(options.settings, web_api=True)
        self.runs = SwarmedRuns()
        self._options = replace(
            options, settings=settings, on_start=self.runs.run_began, on_signal=self._interrupt
        )
        self._codes: list[int] = []
        self.interrupted = False
        """Whether Ctrl-C or SIGTERM came while a run was running."""
        self.resting = RestingAnswers(
            lambda: inspect_plan(self._spec()), settings.processes or default_processes()
        )
        stages = f"the stages of {Path(plan.source or plan.name).name}" if plan.stages else ""
        self.answers = ApiAnswers(self.runs, self.resting, stages)

    @property
    def code(self) -> int:
        return combined_exit_code(self._codes)

    def run_first(self) -> None:
        """Run what the command line says."""
        self._note(self._run_first)

    def run_swarm(self, form: SwarmForm) -> None:
        """Run what a form says; whoever sent it hears of what keeps the run from beginning."""
        try:
            plan, options = self._swarmed(form)
            self._run(plan, options)
        except UsageError as error:
            self.runs.run_refused(str(error))
            click.echo(f"loadtui: error: {visible_text(str(error))}", err=True)
        except KeyboardInterrupt:
            self.runs.run_refused("interrupted")
            raise

    def _run(self, plan: Plan, options: RunOptions) -> None:
        self._note(partial(run_plans, [plan]), options)

    def _note(self, run: RunFirst, options: RunOptions | None = None) -> None:
        """Make a run, and note its exit code."""
        try:
            self._codes.append(run(options or self._options))
        except KeyboardInterrupt:
            self._codes.append(ExitCode.INTERRUPTED)
            raise

    def _interrupt(self) -> None:
        self.interrupted = True

    def _swarmed(self, form: SwarmForm) -> tuple[Plan, RunOptions]:
        """The plan and the options of a run as a form says."""
        driven = bool(self._plan.stages) or self.resting.shape is not None
        flags = Flags(
            None if self._plan.stages else form.users,
            None if self._plan.stages else form.spawn_rate,
            None if driven else form.run_time_s,
            form.host or None,
        )
        before = self._options.settings
        own = argument_words(form.options, self.resting.arguments)
        settings = msgspec.structs.replace(
            before,
            flags=flags,
            locust_args=before.locust_args + own,
            locust=_typed(before.locust, flags, own),
            options=_with_load(before.options, flags),
        )
        return with_flags(self._plan, flags), replace(self._options, settings=settings)

    def _spec(self) -> RunSpec:
        return RunSpec(
            run="",
            plan=self._plan,
            settings=self._options.settings,
            project=str(self._options.project or project_of_plan(self._plan)),
            working_folder=str(Path.cwd()),
        )


def _typed(
    before: LocustCommandLine | None, flags: Flags, own: list[str]
) -> LocustCommandLine | None:
    """Locust's command line with what a form says at its end, where it takes precedence."""
    if before is None:
        return None
    words = [*before.words, *_with_load([], flags), *own]
    if flags.host:
        words += ["-H", flags.host]
    return msgspec.structs.replace(before, words=words)


def _with_load(options: list[str], flags: Flags) -> list[str]:
    """Words that were typed, with another load."""
    words = iter(options)
    kept: list[str] = []
    for word in words:
        if word in LOAD_OPTIONS:
            next(words, None)
        else:
            kept.append(word)
    load = zip(LOAD_OPTIONS, (flags.users, flags.spawn_rate, flags.run_time_s), strict=True)
    return [*(w for name, v in load if v is not None for w in (name, f"{v:g}")), *kept]


def _announce(web: WebPort, port: int) -> None:
    host = f"[{web.host}]" if ":" in web.host else web.host
    until = "" if web.begins else "nothing runs until POST /swarm; "
    click.echo(f"Locust's web API is at http://{host}:{port}; {until}Ctrl-C ends it", err=True)
