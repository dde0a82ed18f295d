"""`loadtui doctor`: what would spoil a measurement on this machine, and how to mend it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.notices import say
from loadtui.cli.outputs import STDOUT, check_writable, put_text
from loadtui.cli.runs_option import runs_option
from loadtui.cli.stored_runs import text_width
from loadtui.errors import ExitCode, UsageError


@click.command("doctor", cls=DescribedCommand)
@click.option(
    "--json",
    "json_path",
    type=click.Path(allow_dash=True, dir_okay=False, readable=False, path_type=Path),
    metavar="FILE",
    help="Write the findings as JSON; - prints them on stdout, and nothing else there.",
)
@click.option("--no-self-test", is_flag=True, help="Make no load, only look.")
@runs_option
def command(json_path: Path | None, no_self_test: bool) -> int:
    """Show what would spoil a measurement on this machine, and how to mend it.

    Terminal, cores, memory, limits, ports, disk, clocks, versions and neighbours are looked at, for
    a second; then 5 s of load on a target of its own show how much one worker makes here.  The exit
    code is 1 when there is a problem; notes leave it 0.
    """
    import msgspec

    from loadtui.doctor.doctor_document import doctor_document, worst_level
    from loadtui.doctor.doctor_text import doctor_text
    from loadtui.doctor.examination import examined, this_machine
    from loadtui.doctor.self_test import failed_self_test, run_self_test, self_test_findings
    from loadtui.report.json.json_bytes import to_json
    from loadtui.report.text.paint import wants_color
    from loadtui.store.project_root import project_here

    if json_path is not None:
        check_writable(json_path, "--json")
    findings = examined(this_machine(project_here()))
    done = None
    if not no_self_test:
        if sys.stderr.isatty():
            say("self-test: 5 s of load on a target of its own ...")
        try:
            done = run_self_test()
            findings += self_test_findings(done)
        except UsageError as error:
            findings.append(failed_self_test(error))
    if json_path != STDOUT:
        text = doctor_text(findings, text_width(), wants_color(sys.stdout))
        click.echo(text, nl=False, color=True)
    if json_path is not None:
        document = msgspec.to_builtins(doctor_document(findings, done))
        put_text(to_json(document), json_path, "--json")
    return ExitCode.FAIL if worst_level(findings) == "problem" else ExitCode.PASS
