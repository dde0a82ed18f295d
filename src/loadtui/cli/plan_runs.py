"""Runs plans one after the other and tells what came of them; `run` and `demo` share it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click
import msgspec

from loadtui.cli.baseline_options import BaselineChoice
from loadtui.cli.following import follow_run, has_terminal
from loadtui.cli.interrupts import Interrupts, interrupts_held
from loadtui.cli.notices import say
from loadtui.cli.outputs import RunOutputs
from loadtui.cli.percentiles import wanted_percentiles
from loadtui.cli.run_baseline import Comparing, codes_of, comparing_for, confirmed
from loadtui.cli.run_printer import RunPrinter
from loadtui.errors import ExitCode, UsageError
from loadtui.launch.cores import usable_cores
from loadtui.launch.start_host import HostHandle, StartOrder, start_host
from loadtui.plan.model import Plan
from loadtui.plurals import counted
from loadtui.tui.chart.markers import Marker
from loadtui.wire.run_settings import RunSettings

if TYPE_CHECKING:
    from loadtui.cli.run_words import RunWords
    from loadtui.store.stored_run import Run


MOST_PER_CORE = 16
"""Worker processes a core: each takes some 60 MB, and a second of CPU time to start."""


@dataclass
class RunOptions:
    """How to run, whatever the plan."""

    no_ui: bool = False
    quiet: bool = False
    detach: bool = False
    lifeline: bool = False
    """True: the run ends with this command even when it is shown on a screen."""
    outputs: RunOutputs = field(default_factory=RunOutputs)
    """What is written of the runs."""
    settings: RunSettings = field(default_factory=RunSettings)
    """What host and workers are told."""
    baseline: BaselineChoice = field(default_factory=BaselineChoice)
    """What runs are compared with at their end."""
    project: Path | None = None
    """Where runs are saved; None: each in the project of its plan."""
    marker: Marker | None = None
    """How charts are drawn; None: as fits the terminal."""
    mouse: bool = True
    """False: the mouse is left to the terminal."""
    on_start: Callable[[Path], object] = bool
    """Called with the folder of each run once it is running."""
    on_signal: Callable[[], object] = bool
    """Called when Ctrl-C or SIGTERM comes while a run that is not on a screen is followed."""
    printer: RunPrinter | None = None
    """What prints a run that is not on a screen; None: its progress is printed, unless `quiet`."""
    leave_after_s: float | None = None
    """Seconds after the end of the run at which the screen leaves by itself; None: never."""


def run_plans(plans: Sequence[Plan], options: RunOptions) -> int:
    """Run the plans in turn; returns the exit code that all of them together make.

    Every run is saved in its folder, whatever happens to the next.  Raises UsageError for a run
    that could not start, after what the runs before it brought was written.
    """
    options.outputs.check()
    tell_of_processes(options.settings.processes)
    if options.detach and options.outputs.options:
        raise UsageError(
            f"{options.outputs.options[0]} does not go with --detach: the run is not over then; "
            "`loadtui report RUN` writes the same later"
        )
    if options.baseline.required:
        for plan in plans:  # Before the first of them runs.
            comparing_for(plan, options.baseline, _project(plan, options))
    reached: list[_Reached] = []
    late: list[bool] = []

    def note() -> None:
        late.append(True)
        options.on_signal()

    noting = replace(options, on_signal=note)
    turn = 0
    for turn, plan in enumerate(plans, 1):  # noqa: B007  (says how far it came)
        try:
            runs = _run_until_clear(plan, noting)
        except UsageError as error:
            if len(plans) == 1:
                raise
            say(f"loadtui: error: {plan.name}: {error}")
            reached.append(_Reached(plan.name, None, error.exit_code, str(error)))
            continue
        codes = codes_of(runs) if runs else []  # none of a detached run
        reached += [_Reached(plan.name, *both) for both in zip(runs, codes, strict=True)]
        if late or ExitCode.INTERRUPTED in codes[-1:]:
            break
    all_codes = [one.code for one in reached]
    if turn < len(plans):
        all_codes.append(ExitCode.INTERRUPTED)
    code = _combined(all_codes)
    if len(plans) > 1 and not options.detach:
        _tell_all(plans, reached, code, options)
    kept = [one.run for one in reached if one.run is not None]
    options.outputs.write_runs(kept, several=len(plans) > 1 or len(kept) > 1)
    return code


def tell_of_processes(processes: int | None) -> None:
    """Warn of more workers than there are cores for.

    Raises UsageError for so many that the machine would come to a halt before the run begins.
    """
    cores = usable_cores()
    if processes is not None and processes > (most := cores * MOST_PER_CORE):
        raise UsageError(
            f"--processes: found {processes}, expected at most {most}, which is {MOST_PER_CORE} "
            f"for each of the {counted(cores, 'usable core')} here"
        )
    if processes is not None and processes > cores:
        say(
            f"loadtui: warning: --processes {processes} on {counted(cores, 'usable core')}: "
            "workers will wait for one another, and part of what they measure is that"
        )


class _Reached(NamedTuple):
    """A run that was made, or a plan that was refused."""

    plan: str
    run: Run | None
    code: int
    error: str = ""


def _tell_all(
    plans: Sequence[Plan], reached: Sequence[_Reached], code: int, options: RunOptions
) -> None:
    """One table over all plans, each of whose runs was told about before."""
    from loadtui.report.text.phases_text import Phase, phases_text

    if options.quiet and options.outputs.on_stdout:
        return
    phases = [Phase(*one) for one in reached]
    known = {one.plan for one in reached}
    phases += [Phase(plan.name) for plan in plans if plan.name not in known]
    stream, width, color = _for_people(on_stdout=not options.outputs.on_stdout)
    click.echo("\n" + phases_text(phases, code, width, color), nl=False, file=stream)


def _run_until_clear(plan: Plan, options: RunOptions) -> list[Run]:
    """Run a plan, more than once where its verdict is to be confirmed; each is told about."""
    from loadtui.store.namesakes import refuse_namesake

    project = _project(plan, options)
    comparing = comparing_for(plan, options.baseline, project)
    if options.project is None:
        refuse_namesake(plan, project)

    def once(others: Sequence[Path]) -> Run | None:
        run = run_one(plan, options, against=_together(comparing, others))
        if run is not None and not (options.quiet and options.outputs.on_stdout):
            tell(run, on_stdout=not options.outputs.on_stdout)
        return run

    first = once([])
    return [] if first is None else confirmed(first, options.baseline, once)


def _together(comparing: Comparing, others: Sequence[Path]) -> Comparing:
    if comparing.against is None:
        return comparing
    against = msgspec.structs.replace(comparing.against, others=[str(other) for other in others])
    return comparing._replace(against=against)


def _project(plan: Plan, options: RunOptions) -> Path:
    from loadtui.store.project_root import project_of_plan

    return options.project or project_of_plan(plan)


def _settings(settings: RunSettings, project: Path) -> RunSettings:
    """With what the project chooses where the command line does not."""
    percentiles = wanted_percentiles(settings.percentiles, project)
    return msgspec.structs.replace(settings, percentiles=percentiles)


def run_one(plan: Plan, options: RunOptions, *, against: Comparing | None = None) -> Run | None:
    """Start a run and stay with it to its end; None when it was left to itself."""
    comparing = against or Comparing(None)
    on_screen = not options.no_ui and not options.detach and has_terminal()
    project = _project(plan, options)
    order = StartOrder(
        plan=plan,
        project=project,
        folder=Path.cwd(),
        settings=_settings(options.settings, project),
        against=comparing.against,
        not_compared=comparing.not_compared,
        # A run that is shown on a screen outlives it; a headless one ends with its command.
        lifeline=options.lifeline or (not on_screen and not options.detach),
    )
    with interrupts_held() as interrupts:
        handle = start_host(order)
        words = None if on_screen or options.detach else _words(handle, options)
        _wait_until_started(handle, interrupts, words)
        options.on_start(handle.folder)
        if options.baseline.wanted and comparing.not_compared:
            say(f"loadtui: {comparing.not_compared}")
        if not on_screen and not options.quiet:
            _tell_of_start(handle.folder)
        if options.detach:
            click.echo(handle.run)
            return None
        # A screen asks what is meant; until it is there, they end the command as ever.
        with interrupts.heeded() if on_screen else nullcontext():
            followed = follow_run(
                handle.folder,
                on_screen=on_screen,
                quiet=options.quiet,
                words=words,
                marker=options.marker,
                mouse=options.mouse,
                printer=options.printer,
                leave_after_s=options.leave_after_s,
                held_back=interrupts.take,
                noted=options.on_signal,
            )
        for _ in range(interrupts.take()):
            options.on_signal()  # it came too late for this run, whose result is told
    if not followed.to_the_end:
        return None
    handle.wait()
    if words is not None:
        words.finish()
    from loadtui.cli.saved_run import saved_run

    return saved_run(handle.folder, followed.last)


def _tell_of_start(folder: Path) -> None:
    """What is to be known of a run while there is time to stop it."""
    from loadtui.report.account.recorded_remarks import recorded_remarks
    from loadtui.store.manifest_file import read_manifest

    for remark in recorded_remarks(read_manifest(folder)):
        say(f"loadtui: warning: {remark}")


def _words(handle: HostHandle, options: RunOptions) -> RunWords | None:
    from loadtui.cli.run_words import RunWords

    if options.quiet:
        return None
    return RunWords(handle.folder, on_stdout=not options.outputs.on_stdout)


def _wait_until_started(handle: HostHandle, interrupts: Interrupts, words: RunWords | None) -> None:
    """Return once the run has started; one that is interrupted before is given up."""
    try:
        with interrupts.heeded():
            handle.wait_until_started(int if words is None else words.look)
    except KeyboardInterrupt:
        handle.abandon()
        raise KeyboardInterrupt(
            "interrupted before the run started: nothing was sent, and nothing is saved"
        ) from None


def tell(run: Run, *, on_stdout: bool = True) -> None:
    """The end of a run for people: on standard output, unless that is for a document."""
    from loadtui.cli.run_words import words_text
    from loadtui.report.text.run_text import run_text

    stream, width, color = _for_people(on_stdout)
    click.echo(run_text(run, width, color) + words_text(run.folder), file=stream)
    _tell_elsewhere(run, stream)


def _tell_elsewhere(run: Run, stream: TextIO) -> None:
    """What `latest` and the list of runs mean here, where the run is another project's."""
    from loadtui.store.project_root import project_here, project_of_run

    project, here = project_of_run(run.folder), project_here()
    if project != here:
        click.echo(
            f"It is a run of the project {project}, where its plan is; `latest`, typed in {here}, "
            "means another run.",
            file=stream,
        )


def _for_people(on_stdout: bool) -> tuple[TextIO, int, bool]:
    """Where text goes, how many cells wide it is there, and whether it is coloured."""
    from loadtui.report.text.paint import wants_color

    stream: TextIO = sys.stdout if on_stdout else sys.stderr
    width = shutil.get_terminal_size((100, 24)).columns if stream.isatty() else 100
    return stream, max(width, 80), wants_color(stream)


def _combined(codes: Sequence[int]) -> int:
    from loadtui.verdict.exit_codes import combined_exit_code

    return combined_exit_code(codes)
