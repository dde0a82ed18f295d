"""Makes the run that Locust's command line asks for, and writes what Locust would write."""

from __future__ import annotations

import importlib.metadata
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from loadtui.cli.baseline_options import BaselineChoice
from loadtui.cli.following import has_terminal
from loadtui.cli.locust.locust_arguments import LocustArguments
from loadtui.cli.locust.locust_log import LocustLog
from loadtui.cli.locust.locust_outcome import locust_exit_code, verdict_line
from loadtui.cli.locust.locust_printer import LocustPrinter, print_lines, terminal_columns
from loadtui.cli.notices import say
from loadtui.cli.outputs import OutputFile, RunOutputs, do_all
from loadtui.cli.plan_runs import RunOptions, run_one, tell_of_processes
from loadtui.cli.run_baseline import Comparing, comparing_for
from loadtui.errors import ExitCode, UsageError
from loadtui.launch.start_host import StartRefused
from loadtui.plan.locustfile_plan import plan_for_locustfiles
from loadtui.plan.model import Flags, Plan
from loadtui.plan.resolve import with_flags
from loadtui.store.project_root import project_of_plan
from loadtui.wire.run_settings import LocustCommandLine, RunSettings

if TYPE_CHECKING:
    from loadtui.report.locust_csv.locust_run_rows import LocustRows
    from loadtui.store.stored_run import Run

_LOCUSTS_WORDS = {"the run time is over": "--run-time limit reached"}
NOT_STARTED = 1
"""Locust's exit code where it refuses other things than its arguments."""


def locust_plan(arguments: LocustArguments) -> Plan:
    """The plan of such a run, for its record: what is run is resolved by the engine."""
    options = arguments.options
    plan = plan_for_locustfiles(arguments.locustfiles, arguments.user_classes)
    plan = msgspec.structs.replace(
        plan,
        tags=tuple(options.tags or ()),
        exclude_tags=tuple(options.exclude_tags or ()),
        give_up_s=None,  # Locust goes on when nothing answers.
    )
    return with_flags(plan, Flags(host=options.host))


def locust_settings(arguments: LocustArguments) -> RunSettings:
    """What host and workers are told.

    Raises UsageError for a number of processes that makes no sense.
    """
    options = arguments.options
    return RunSettings(
        flags=Flags(options.num_users, options.spawn_rate, options.run_time, options.host),
        locust_args=list(arguments.own),
        processes=_processes(options.processes),
        loglevel=options.loglevel,
        options=_as_of_run(options),
        locust=LocustCommandLine(
            words=list(arguments.words),
            ignored=[sentence.partition(" has ")[0] for sentence in arguments.without_effect],
            skip_log_setup=options.skip_log_setup,
        ),
    )


def _as_of_run(options: Namespace) -> list[str]:
    """Options of `loadtui run` that ask for the same load, wherever Locust's came from."""
    given = {
        "-u": options.num_users,
        "-r": options.spawn_rate,
        "-t": options.run_time,
        "--processes": _processes(options.processes),
    }
    known = {name: f"{value:.15g}" for name, value in given.items() if value is not None}
    words = [word for pair in known.items() for word in pair]
    for name, tags in (("-T", options.tags), ("-E", options.exclude_tags)):
        words += [word for tag in tags or () for word in (name, tag)]
    return words


def run_locust(arguments: LocustArguments, served: RunOptions | None = None) -> int:
    """Run, and return Locust's exit code; UsageError for what it would refuse, with its code.

    `served` are the options of a run beside which the web API answers.
    """
    options = arguments.options
    plan, settings = locust_plan(arguments), locust_settings(arguments)
    outputs = _outputs(arguments)
    headless = arguments.headless or served is not None or not has_terminal()
    log = LocustLog(
        options.loglevel,
        options.logfile,
        silent=options.skip_log_setup,
        print_to_stderr=options.json,
    )
    for sentence in arguments.without_effect:
        say(f"loadtui: {sentence}")
    tell_of_processes(settings.processes)
    log.say("INFO", f"Starting Locust {importlib.metadata.version('locust')}")
    asked = RunOptions(
        no_ui=headless,
        quiet=True,  # the printer and the log say it all
        settings=settings,
        printer=LocustPrinter(log, tables=_tables_wanted(arguments)),
        leave_after_s=None if options.autoquit == -1 else options.autoquit,
    )
    if served is not None:
        asked = replace(
            asked,
            settings=served.settings,
            on_start=served.on_start,
            on_signal=served.on_signal,
        )
    _say_length(log, arguments)
    run = _run(plan, asked)
    if run is None:
        return ExitCode.PASS  # left running on purpose
    log.forward(run.folder, on_screen=not headless, over=True)
    return _finish(run, arguments, outputs, log)


def _run(plan: Plan, asked: RunOptions) -> Run | None:
    try:
        return run_one(plan, asked, against=_comparing(plan))
    except StartRefused as error:
        error.exit_code = error.locust_code
        raise
    except UsageError as error:
        error.exit_code = NOT_STARTED
        raise


def _comparing(plan: Plan) -> Comparing:
    """With the plan's baseline, where there is one that can be read: a broken one is no reason not
    to run what Locust would run."""
    try:
        found = comparing_for(plan, BaselineChoice(wanted=True), project_of_plan(plan))
    except UsageError as error:
        return Comparing(None, f"not compared: {error}")
    return found if found.against is not None else Comparing(None)


def _processes(asked: int | None) -> int | None:
    """Locust's own process is one; None stands for as many as this machine has room for."""
    if asked == -1:
        return None
    if asked is not None and asked < -1:
        raise UsageError(f"Invalid --processes count {asked}", exit_code=NOT_STARTED)
    return asked or 1


def _outputs(arguments: LocustArguments) -> RunOutputs:
    options = arguments.options
    if not options.html_file:
        return RunOutputs()
    name = options.html_file
    values = {
        "{u}": options.num_users or 1,
        "{r}": options.spawn_rate or 1,
        "{t}": options.run_time,
    }
    for tag, value in values.items():
        if value is not None:
            name = name.replace(tag, f"{value:.15g}")
    _make_folder(name, "--html")
    outputs = RunOutputs([OutputFile("html", Path(name), "--html")])
    outputs.check()
    return outputs


def _make_folder(file: str, option: str) -> None:
    """Folders of a file are made, as Locust does."""
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{option} {file}: {error.strerror}") from error


def _tables_wanted(arguments: LocustArguments) -> bool:
    """Whether tables are printed before the end.  Locust prints none beside its page; where it
    would wait for somebody to start the run there, it is as with --headless."""
    options = arguments.options
    beside_page = options.autostart and not arguments.headless
    return not options.only_summary and (options.print_stats or not beside_page)


def _say_length(log: LocustLog, arguments: LocustArguments) -> None:
    if arguments.options.run_time:
        log.say("INFO", f"Run time limit set to {arguments.options.run_time} seconds")
    else:
        log.say("INFO", "No run time limit set, use CTRL+C to interrupt")


def _finish(run: Run, arguments: LocustArguments, outputs: RunOutputs, log: LocustLog) -> int:
    from loadtui.report.locust_csv.locust_run_rows import locust_rows
    from loadtui.report.locust_csv.reset_second import spawned_second

    options = arguments.options
    since = spawned_second(run) if options.reset_stats else 0
    rows = locust_rows(run, since)
    code = locust_exit_code(
        run.manifest, rows.total.failures, run.exceptions(), options.exit_code_on_error
    )
    if because := run.manifest.ended_because:
        log.say("INFO", f"{_LOCUSTS_WORDS.get(because, because)}, shutting down")
    log.say("INFO", f"Shutting down (exit code {code})")
    written = partial(outputs.write_runs, [run], several=False)
    do_all([*_tasks(run, arguments, since, rows, log), written])
    say(f"loadtui: {verdict_line(run.manifest)}")
    return code


def _tasks(
    run: Run, arguments: LocustArguments, since: int, rows: LocustRows, log: LocustLog
) -> list[Callable[[], object]]:
    """What is printed and written, in Locust's order."""
    from loadtui.report.locust_csv.locust_csv_writer import write_locust_csv
    from loadtui.report.locust_csv.locust_run_rows import locust_stats_json
    from loadtui.report.locust_csv.locust_tables import name_width

    options = arguments.options
    tasks: list[Callable[[], object]] = []
    if options.json:
        tasks.append(lambda: click.echo(locust_stats_json(run, since)))
    if options.json_file:
        file = f"{options.json_file}.json"
        tasks.append(lambda: _write_json(file, locust_stats_json(run, since)))
    elif not log.silent:
        tasks.append(lambda: print_lines(rows.tables(name_width(terminal_columns()))))
    if options.csv_prefix:
        full, prefix = options.stats_history_enabled, options.csv_prefix
        tasks.append(partial(write_locust_csv, run, prefix, full_history=full, since=since))
    return tasks


def _write_json(file: str, text: str) -> None:
    from loadtui.store.output_file import write_output

    _make_folder(file, "--json-file")
    try:
        write_output(Path(file), text.encode("utf-8"))
    except OSError as error:
        raise UsageError(f"--json-file {file}: {error.strerror}") from error
