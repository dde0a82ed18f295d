"""What to say of an option that a command does not have: ours, Locust's or the locustfile's own."""

from __future__ import annotations

from collections.abc import Sequence

import click

from loadtui.cli.locust_options import LOCUST_OPTIONS
from loadtui.suggestion import did_you_mean

OTHER_NAMES = {
    **dict.fromkeys(("--threshold", "--thresholds", "--fail-on", "--assert"), "--check"),
    **dict.fromkeys(("--duration", "--time", "--length"), "--run-time"),
    **dict.fromkeys(("--vus", "--concurrency", "--num-users", "--clients"), "--users"),
    **dict.fromkeys(("--hatch-rate", "--ramp", "--ramp-up", "--rate"), "--spawn-rate"),
    **dict.fromkeys(("--workers", "--expect-workers"), "--processes"),
    **dict.fromkeys(("--url", "--base-url", "--target"), "--host"),
    **dict.fromkeys(("--json-file", "--output", "--out"), "--json"),
    **dict.fromkeys(("--silent", "--only-summary"), "--quiet"),
    **dict.fromkeys(("--background", "--daemon"), "--detach"),
    **dict.fromkeys(("--md", "--summary"), "--markdown"),
    **dict.fromkeys(("--file", "--locustfiles"), "--locustfile"),
}
"""Names by which other programs, or older versions of Locust, call what we have."""

IN_OTHER_WAYS = {
    **dict.fromkeys(
        ("--stage", "--stages"), "stages are tables of a plan, a TOML file: docs/plan.md"
    ),
    **dict.fromkeys(("--iterations", "--requests", "--num-requests"), "a run ends by time: -t 1m"),
    **dict.fromkeys(("--summary-export", "--report"), "--json, --html and --csv write the result"),
}
"""Options of other programs for what is said here in another way, and in which."""

LOCUSTS_OWN = frozenset(name for option in LOCUST_OPTIONS for name in option.strings)
"""Options of the `locust` command."""

_CLOSE = 0.72
"""Above the likeness that two dashes alone make."""


def unknown_option(name: str, ctx: click.Context) -> str:
    """A sentence on an option that was typed and does not exist."""
    ours = [o for param in ctx.command.params for o in param.opts if o.startswith("--")]
    command = ctx.command_path
    if name in IN_OTHER_WAYS and name not in ours:
        return f"no such option {name}; {IN_OTHER_WAYS[name]} (`{command} --help`)"
    hint = _meant(name, ours)
    if not hint and name in _of_run(ctx):
        return (
            f"{name} is an option of `loadtui run` that `{command}` does not have: leave it out, "
            f"or give it there; `{command} --help` lists those of this command"
        )
    if name in LOCUSTS_OWN:
        if hint:
            return f"no such option {name}, {hint} (Locust's command lines: `loadtui locust ARGS`)"
        return (
            f"{name} is an option of Locust's that `{command}` does not have: leave it out, or "
            "give the whole command line to `loadtui locust`"
        )
    if hint:
        return (
            f"no such option {name}, {hint} (arguments of the locustfile come after `--`: "
            f"`{command} ... -- {name}`)"
        )
    return (
        f"no such option {name}; if it is an argument of the locustfile, it comes after `--`: "
        f"`{command} ... -- {name}`; else see `{command} --help`"
    )


def _of_run(ctx: click.Context) -> set[str]:
    """The options of `loadtui run`, where that is not the command."""
    root = ctx.find_root()
    run = root.command.get_command(root, "run") if isinstance(root.command, click.Group) else None
    if run is None or ctx.command is run:
        return set()
    return {option for param in run.params for option in param.opts}


def _meant(name: str, ours: Sequence[str]) -> str:
    """The question whether one of ours is meant; empty where none is likely.  Of Locust's own
    options only those are asked for that do the same."""
    other = OTHER_NAMES.get(name, "")
    likely = other if other in ours else ""
    if not likely and name not in LOCUSTS_OWN:
        likely = max((o for o in ours if name.startswith(f"{o}-")), key=len, default=name)
    return did_you_mean(likely, ours, "", close=_CLOSE) if likely else ""
