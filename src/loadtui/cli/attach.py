"""`loadtui attach`: watch a running run."""

from __future__ import annotations

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.host_command import EVERYWHERE, named_run, wanted_run
from loadtui.cli.notices import say
from loadtui.cli.runs_option import runs_option
from loadtui.tui.chart.markers import MARKERS, Marker


@click.command("attach", cls=DescribedCommand)
@click.argument("run", required=False)
@click.option("--no-ui", "--headless", "no_ui", is_flag=True, help="Print instead of a screen.")
@click.option(
    "-q", "--quiet", is_flag=True, help="Print neither progress nor what the locustfile says."
)
@click.option(
    "--marker",
    type=click.Choice(MARKERS),
    help="How charts are drawn; default: as fits the terminal.",
)
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
@EVERYWHERE
@runs_option
def command(
    run: str | None,
    no_ui: bool,
    quiet: bool,
    marker: Marker | None,
    no_mouse: bool,
    everywhere: bool,
) -> int:
    """Watch a running run; without RUN this project's only one, or one of several to pick.

    RUN is a run's id or the path of its folder; of a run of this project also the beginning of its
    id.  Any number may watch a run.  Leaving, without a screen by Ctrl-C, leaves it running.  Who
    stays to the end gets the run's exit code.
    """
    from loadtui.cli.following import follow_run, has_terminal
    from loadtui.cli.interrupts import InterruptAction
    from loadtui.cli.plan_runs import tell
    from loadtui.cli.run_words import RunWords
    from loadtui.cli.saved_run import saved_run
    from loadtui.launch.running_runs import find_running, running_matches
    from loadtui.verdict.exit_codes import stored_exit_code

    on_screen = not no_ui and has_terminal()
    wanted = wanted_run(run, everywhere=everywhere, form="attach RUN")
    folders = running_matches(wanted)
    if on_screen and len(folders) > 1:
        from loadtui.tui.pick_running import pick_running

        picked = pick_running(folders, mouse=not no_mouse)
        if picked is None:
            return 0
        folder = picked
    else:
        folder = find_running(wanted)
    if not on_screen and not quiet:
        say(f"watching {named_run(folder)}")
    words = None if on_screen or quiet else RunWords(folder, from_now=True)
    followed = follow_run(
        folder,
        on_screen=on_screen,
        quiet=quiet,
        words=words,
        marker=marker,
        mouse=not no_mouse,
        on_interrupt=InterruptAction.DETACH,
    )
    if not followed.to_the_end:
        return 0
    if words is not None:
        words.finish()
    saved = saved_run(folder, followed.last)
    tell(saved)
    return stored_exit_code(saved.manifest)
