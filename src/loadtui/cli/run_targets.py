"""What a command line names to be run: plans, locustfiles, user classes, or nothing at all."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.plan.model import Plan


_RESULTS = (".json", ".csv", ".jtl", ".log", ".hgrm")


class RunTarget(NamedTuple):
    """Something to run."""

    name: str
    """As it was typed; several locustfiles between commas."""
    read: Callable[[], Plan]
    """Its plan; UsageError for a plan file that cannot be read."""


class NamedLocustfiles(NamedTuple):
    """What the options say about locustfiles."""

    files: tuple[str, ...] = ()
    """Values of -f."""
    config: str | None = None


def with_named_locustfiles(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command with `-f` and `--config`, which it gets as one value `named`."""

    @functools.wraps(function)
    def command(*args: Any, files: tuple[str, ...], config: str | None, **given: Any) -> Any:
        return function(*args, named=NamedLocustfiles(files, config), **given)

    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "-f",
        "--locustfile",
        "files",
        metavar="FILE,...",
        multiple=True,
        help="Locustfiles or folders of them, for one run together; may be repeated.",
    ),
    click.option(
        "--config",
        metavar="FILE",
        help="A config file of Locust's, beside locust.conf and pyproject.toml.",
    ),
)


def run_targets(targets: Sequence[str], named: NamedLocustfiles) -> Iterator[RunTarget]:
    """Plan files and locustfiles each for itself, in the order in which they were named; then those
    of -f together, and with user classes all locustfiles.  Without any, what Locust's configuration
    names.

    Raises UsageError for what is none of these, and for a locustfile of -f that is not there.
    """
    from loadtui.plan.locustfile_paths import default_locustfiles, found_locustfiles, listed_paths

    single = [t for t in targets if _is_plan(t) or _is_locustfile(t)]
    classes = [t for t in targets if t not in single]
    for name in classes:
        if Path(name).is_file() or not name.isidentifier():
            raise UsageError(_neither(Path(name)))
    if classes and any(map(_is_plan, single)):
        raise UsageError(
            f"{classes[0]}: user classes are named in the plan (user_classes), not beside it"
        )
    together = listed_paths(named.files)
    if not single and not together:
        together = default_locustfiles(named.config)
    else:
        found_locustfiles(together)
    if classes:
        single, together = [], single + together
    for name in single:
        yield _plan_file(name) if _is_plan(name) else _locustfiles([name])
    if together:
        yield _locustfiles(together, classes)


def _neither(path: Path) -> str:
    """What to say of a path that is neither a plan nor a locustfile by its name."""
    from loadtui.plan.near_files import OTHER_PLANS, near_files, no_toml

    if not path.exists():
        near = near_files(path, {".py", ".toml"})
        return f"{path}: no such plan or locustfile, and not the name of a user class; {near}"
    if path.suffix in OTHER_PLANS:
        return no_toml(path)
    if path.suffix in _RESULTS:
        return (
            f"{path} is neither a plan (.toml) nor a locustfile (.py); results of other programs "
            f"are read by `loadtui import {path}`"
        )
    return f"{path} is neither a plan nor a locustfile: its name must end in .toml or .py"


def _is_plan(target: str) -> bool:
    return target.endswith(".toml")


def _is_locustfile(target: str) -> bool:
    return target.endswith(".py") or Path(target).is_dir()


def _plan_file(name: str) -> RunTarget:
    from loadtui.plan.toml import load_plan

    return RunTarget(name, lambda: load_plan(Path(name)))


def _locustfiles(names: Sequence[str], classes: Sequence[str] = ()) -> RunTarget:
    from loadtui.plan.locustfile_paths import found_locustfiles
    from loadtui.plan.locustfile_plan import plan_for_locustfiles

    def read() -> Plan:
        found_locustfiles(names)
        return plan_for_locustfiles(names, classes)

    return RunTarget(",".join(names), read)
