"""`loadtui attach`: watch a run that is going on."""

from __future__ import annotations

import click

from loadtui.tui.chart.markers import MARKERS, Marker


@click.command("attach", short_help="Watch a run that is going on.")
@click.argument("run", required=False)
@click.option("--no-ui", "--headless", "no_ui", is_flag=True, help="Print instead of a screen.")
@click.option("-q", "--quiet", is_flag=True, help="Print no progress.")
@click.option(
    "--marker",
    type=click.Choice(MARKERS),
    help="How charts are drawn; default: as fits the terminal.",
)
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
def command(
    run: str | None, no_ui: bool, quiet: bool, marker: Marker | None, no_mouse: bool
) -> int:
    """Watch a run that is going on; without RUN the only one, or one of several to pick.

    RUN is a run's id, the beginning of one, or the path of its folder.  Any number may watch a
    run.  Leaving, without a screen by Ctrl-C, lets the run go on.  Who stays to the end gets the
    run's exit code.
    """
    from loadtui.cli.following import InterruptAction, follow_run, has_terminal
    from loadtui.cli.plan_runs import exit_code_of, tell
    from loadtui.launch.running_runs import find_running, matching
    from loadtui.store.stored_run import Run

    on_screen = not no_ui and has_terminal()
    folders = matching(run)
    if on_screen and len(folders) > 1:
        from loadtui.tui.pick_running import pick_running

        picked = pick_running(folders, mouse=not no_mouse)
        if picked is None:
            return 0
        folder = picked
    else:
        folder = find_running(run)
    stayed = follow_run(
        folder,
        on_screen=on_screen,
        quiet=quiet,
        marker=marker,
        mouse=not no_mouse,
        on_interrupt=InterruptAction.DETACH,
    )
    if not stayed:
        return 0
    kept = Run.open(folder)
    tell(kept)
    return exit_code_of(kept)
