"""What a shell may put in place of the word that is being typed: runs, baselines, plans, files.

A person waits for the answer, so that as little as possible is imported and read here, no run is
opened, and what goes wrong is kept quiet.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem, get_completion_class

from loadtui.cli.shell_names import COMPLETE_VARIABLE, PROGRAM

MOST_RUNS = 200
"""The newest; of the others one has to know how they begin."""
_TO_BE_QUOTED = re.compile(r"""[\s'"\\$`;&|<>()*?\[\]#~!{},]""")
_LATEST = "latest"
_RUNNING = ("attach", "stop", "users", "mark")
"""Commands whose runs are running ones."""


def answer_shell(program: click.Command, instruction: str) -> int:
    """Print what may come next; `instruction` is that of the shell, such as `bash_complete`."""
    shell, _, does = instruction.partition("_")
    kind = get_completion_class(shell)
    if kind is None:
        return 1
    asked = kind(program, {}, PROGRAM, COMPLETE_VARIABLE)
    if does == "source":
        click.echo(asked.source())
        return 0
    try:
        click.echo(asked.complete())
    except Exception:  # in the midst of a line that is being typed nothing is to be told
        return 1
    return 0


def attach_answers(command: click.Command, name: str) -> click.Command:
    """Have the parameters of a command, and of those below it, answer with what there is."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for below in command.list_commands(context):
            inner = command.get_command(context, below)
            if inner is not None:
                attach_answers(inner, f"{name} {below}")
        return command
    for parameter in command.params:
        words = words_for(parameter, name)
        if words is not None:
            parameter.shell_complete = partial(  # type: ignore[method-assign]
                _items, words, files=words in (_targets, _plans)
            )
    return command


Words = Callable[[], Iterable[str]]


def words_for(parameter: click.Parameter, command: str) -> Words | None:
    """What lists the values that a parameter may have; None for one that is free text, or that
    answers by its type."""
    name = parameter.name or ""
    if isinstance(parameter, click.Option):
        named = _OPTIONS.get(name)
        return _baselines if name == "name" and command.startswith("baseline ") else named
    if command in _RUNNING:
        return _running
    if command.startswith("baseline ") and name in ("name", "names"):
        return _baselines
    return _ARGUMENTS.get(name)


def _items(
    words: Words, ctx: click.Context, incomplete: str, *, files: bool
) -> list[CompletionItem[str]]:
    """Those that begin like what was typed; of files the shell's own where none does."""
    given = {
        word for name in ctx.params if _typed(ctx, name) for word in _several(ctx.params[name])
    }
    fitting = [
        word
        for word in dict.fromkeys(words())
        if word.startswith(incomplete) and word not in given and not _TO_BE_QUOTED.search(word)
    ]
    if files and not fitting:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(word) for word in fitting]


def _typed(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _runs() -> list[str]:
    """`latest`, and the ids of the newest runs: by the names of their folders alone."""
    from loadtui.store.project_root import project_here
    from loadtui.store.run_folder import runs_root

    try:
        with os.scandir(runs_root(project_here())) as entries:
            names = [e.name for e in entries if not e.name.startswith(".") and e.is_dir()]
    except OSError:
        return []
    return [*([_LATEST] if names else []), *sorted(names, reverse=True)[:MOST_RUNS]]


def _running() -> list[str]:
    from loadtui.launch.running_runs import running_runs

    return [folder.name for folder in running_runs()]


def _baselines() -> list[str]:
    from loadtui.store.project_root import project_here
    from loadtui.store.run_folder import baselines_root

    return sorted(path.stem for path in baselines_root(project_here()).glob("*.json"))


def _bases() -> list[str]:
    return [*_baselines(), *_runs()]


def _plans() -> list[str]:
    """Plans of the project, as paths from here."""
    from loadtui.plan.discovery import plan_files
    from loadtui.store.project_root import project_here

    return [os.path.relpath(path) for path in plan_files(project_here())]


def _plan_names() -> list[str]:
    return [Path(path).stem for path in _plans()]


def _targets() -> list[str]:
    """Plans, and Python files of this folder and beside the plans."""
    plans = _plans()
    folders = dict.fromkeys([Path(), *(Path(plan).parent for plan in plans)])
    return [*plans, *(str(path) for folder in folders for path in sorted(folder.glob("*.py")))]


_ARGUMENTS: dict[str, Words] = {
    "run": _runs,
    "runs": _runs,
    "base": _bases,
    "target": _targets,
    "targets": _targets,
    "paths": _targets,
    "plan_file": _plans,
}
"""By the names of the arguments."""
_OPTIONS: dict[str, Words] = {"baseline": _bases, "plan": _plan_names}
