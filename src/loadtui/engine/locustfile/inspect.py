"""`python -m loadtui.engine.locustfile.inspect`: look at locustfiles without sending a request.

Reads a RunSpec as JSON from stdin, does all that a run does before it starts, and prints an
Inspection as one JSON line.  What the locustfiles print goes to stderr.
"""

from __future__ import annotations

import ast
import os
import sys
import traceback
from pathlib import Path

import locust
import locust.env
import msgspec
from locust.runners import MasterRunner

from loadtui.engine.locustfile.import_effects import ImportEffects
from loadtui.engine.locustfile.load import LoadedLocustfiles, choose
from loadtui.engine.locustfile.loaded_run import load_run
from loadtui.engine.locustfile.options import ResolvedOptions, arguments_of_locustfile
from loadtui.engine.locustfile.start_remarks import start_remarks
from loadtui.engine.locustfile.target_hosts import check_hosts, check_names, effective_hosts, kind
from loadtui.engine.locustfile.web_app import LocustWebApp
from loadtui.engine.process_output import OUTPUT
from loadtui.errors import UsageError
from loadtui.known_secrets import SECRETS
from loadtui.wire.inspection import Inspection, UserClass, WebApiAtRest
from loadtui.wire.run_spec import RunSpec


def inspect_locustfiles(spec: RunSpec) -> Inspection:
    """Load the files, resolve the options and check classes, hosts and stages against each other.

    Raises UsageError for what would keep the run from starting.
    """
    plan = spec.plan
    effects = ImportEffects()
    with effects.watched():
        run = load_run(spec)
    loaded, resolved = run.loaded, run.resolved
    classes = choose(loaded, resolved.options.user_classes)
    for i, stage in enumerate(plan.stages):
        if isinstance(stage.users, dict):
            check_names(plan, f"stage[{i}].users", stage.users, classes)
    shape = None if plan.stages else loaded.shape
    # Whoever asks the web API for a run may still name a host.
    warnings = [] if spec.settings.web_api else check_hosts(classes, plan, resolved.options)
    warnings += start_remarks(classes, plan, resolved.options, shape)
    hosts = effective_hosts(classes, plan, resolved.options)
    return Inspection(
        classes=[
            UserClass(c.__name__, c.weight, c.fixed_count, hosts[c.__name__], kind(c))
            for c in classes
        ],
        shape=type(shape).__name__ if shape else None,
        ignored=resolved.ignored,
        warnings=warnings + _warnings(spec, loaded),
        at_import=effects.phrases,
        web_api=_web_api(spec, loaded, resolved, classes) if spec.settings.web_api else None,
    )


def _web_api(
    spec: RunSpec,
    loaded: LoadedLocustfiles,
    resolved: ResolvedOptions,
    classes: list[type[locust.User]],
) -> WebApiAtRest:
    environment = locust.env.Environment(
        locustfile=Path(loaded.files[0]).name,
        user_classes=classes,
        shape_class=None if spec.plan.stages else loaded.shape,
        host=resolved.options.host,
        parsed_options=resolved.options,
    )
    environment.runner = MasterRunner(environment, "127.0.0.1", 0)
    answers = LocustWebApp(environment).last_answers()
    return WebApiAtRest(answers, environment.host, arguments_of_locustfile())


def _warnings(spec: RunSpec, loaded: LoadedLocustfiles) -> list[str]:
    warnings = []
    if loaded.shape and spec.plan.stages:
        warnings.append(f"the plan's stages take the place of {type(loaded.shape).__name__}")
    for path in loaded.files:
        line = _single_process(Path(path))
        if line:
            warnings.append(
                f"{path}:{line}: LocalRunner: the file may only work in a single process, "
                "users here run in worker processes"
            )
    return warnings


def _single_process(path: Path) -> int | None:
    """Line on which a file asks for Locust's single-process runner, which loadtui never uses;
    None where it knows the others too."""
    lines: dict[str, int] = {}
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                lines.setdefault(name, node.lineno)
    return None if {"MasterRunner", "WorkerRunner"} & set(lines) else lines.get("LocalRunner")


def main() -> None:
    answer_to = os.dup(1)
    os.dup2(2, 1)
    OUTPUT.take("", bounded=False)
    try:
        inspection = inspect_locustfiles(msgspec.json.decode(sys.stdin.buffer.read(), type=RunSpec))
    except UsageError as error:
        notes = getattr(error, "__notes__", [])
        error_text, detail = SECRETS.hidden(str(error)), SECRETS.hidden("\n".join(notes))
        inspection = Inspection(error=error_text, detail=detail)
    except Exception as error:
        inspection = Inspection(
            error=SECRETS.hidden(f"the locustfile cannot be run: {type(error).__name__}: {error}"),
            detail=SECRETS.hidden(traceback.format_exc()),
        )
    answer = msgspec.json.encode(inspection) + b"\n"
    while answer:
        answer = answer[os.write(answer_to, answer) :]
    OUTPUT.finish()
    # Threads and exit handlers of the locustfile have no say in when this process ends.
    os._exit(0)


if __name__ == "__main__":
    main()
