"""`loadtui check`: validate plans and locustfiles without sending a request."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loadtui.cli.notices import say
from loadtui.cli.own_arguments import WithOwnArguments, own_arguments
from loadtui.cli.run_targets import NamedLocustfiles, run_targets, with_named_locustfiles
from loadtui.errors import ExitCode, UsageError
from loadtui.known_secrets import hidden_by_command
from loadtui.printable_text import visible_text

if TYPE_CHECKING:
    from loadtui.plan.model import Plan
    from loadtui.wire.inspection import Inspection


@click.command(
    "check",
    cls=WithOwnArguments,
    epilog="Arguments of the locustfile itself go after `--`.",
)
@click.argument("paths", nargs=-1, metavar="[PATH]... [-- ARGS]")
@with_named_locustfiles
@click.option("-H", "--host", metavar="URL", help="Base URL, instead of the plan's or the class's.")
@click.option("--connect", is_flag=True, help="Try name, connection and TLS of the targets too.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    named: NamedLocustfiles,
    host: str | None,
    connect: bool,
    as_json: bool,
) -> int:
    """Check plans (.toml) and locustfiles (.py) as a run would, without sending a request.

    Without a path it is what `loadtui run` would run.
    The locustfile is imported in a process of its own, which gets 30 s for it.  With --connect the
    exit code is 1 when a target cannot be reached.
    """
    unreachable = False
    documents: list[dict[str, Any]] = []
    refused: list[UsageError] = []
    for path, read in run_targets(paths, named):
        try:
            plan, inspection = _check(read(), host, named.config, own_arguments(ctx))
            faults = _target_faults(inspection) if connect else {}
            inspection = _with_shown_urls(inspection)
            unreachable = unreachable or any(faults.values())
            documents.append(_document(path, plan, inspection))
            if connect:
                documents[-1]["connect"] = faults
            if not as_json:
                lines = [*_summary(path, plan, inspection), *_connections(faults)]
                click.echo("\n".join(visible_text(line) for line in lines))
        except UsageError as error:
            documents.append({"path": path, "ok": False, "error": hidden_by_command(str(error))})
            refused.append(error)
    if as_json:
        from loadtui.report.json.json_bytes import to_json

        document = documents if len(documents) > 1 else documents[0]
        click.echo(to_json(document), nl=False)
    for earlier in refused[:-1]:
        say(f"loadtui: error: {earlier}")
    if refused:
        raise refused[-1]
    return ExitCode.FAIL if unreachable else ExitCode.PASS


def _check(
    plan: Plan, host: str | None, config: str | None, own: list[str]
) -> tuple[Plan, Inspection]:
    from loadtui.launch.inspection_process import inspect_plan
    from loadtui.plan.model import Flags
    from loadtui.plan.resolve import with_flags
    from loadtui.store.namesakes import refuse_namesake
    from loadtui.store.project_root import project_of_plan
    from loadtui.wire.run_settings import RunSettings
    from loadtui.wire.run_spec import RunSpec

    flags = Flags(host=host)
    plan = with_flags(plan, flags)
    spec = RunSpec(
        "check",
        plan,
        RunSettings(flags=flags, locust_args=own, config=config or "", processes=1),
        project=str(Path.cwd()),
    )
    refuse_namesake(plan, project_of_plan(plan))
    return plan, inspect_plan(spec)


def _target_faults(inspection: Inspection) -> dict[str, str]:
    """Base URL of the classes with an HTTP client -> why it cannot be reached, empty if it can; a
    host that is no URL, which a warning is about, is not tried."""
    from loadtui.credential_patterns import without_users
    from loadtui.plan.target_probe import is_base_url, target_fault

    verified: dict[str, bool] = {}
    for c in inspection.classes:
        if c.host and c.kind != "other" and is_base_url(c.host):
            verified[c.host] = verified.get(c.host, False) or c.kind == "http"
    return {
        without_users(url): target_fault(url, verify=verify) for url, verify in verified.items()
    }


def _connections(faults: dict[str, str]) -> Iterator[str]:
    for url, fault in faults.items():
        yield f"  connect    {url}: {fault or 'it can be reached'}"


def _document(path: str, plan: Plan, inspection: Inspection) -> dict[str, Any]:
    import msgspec

    from loadtui.plan.fingerprint import fingerprint

    inspected: dict[str, Any] = msgspec.to_builtins(inspection)
    return {
        "path": path,
        "ok": True,
        "plan": plan.name,
        "target": _target(plan, inspection),
        "locustfiles": list(plan.locustfiles),
        "classes": inspected.get("classes", []),
        "shape": inspection.shape,
        "stages": [
            {
                "name": stage.name,
                "users": stage.users,
                "spawn_rate": stage.spawn_rate,
                "duration_s": stage.duration_s,
            }
            for stage in plan.stages
        ],
        "duration_s": sum(s.duration_s for s in plan.stages) if plan.stages else None,
        "thresholds": [msgspec.to_builtins(t) for t in plan.thresholds],
        "tolerances": [msgspec.to_builtins(t) for t in plan.tolerances],
        "ignored": inspection.ignored,
        "warnings": inspection.warnings,
        "at_import": inspection.at_import,
        "fingerprint": fingerprint(plan),
    }


def _summary(path: str, plan: Plan, inspection: Inspection) -> Iterator[str]:
    yield f"{path}: ready to run as {plan.name}"
    if target := _target(plan, inspection):
        yield f"  target     {target}"
    for c in inspection.classes:
        share = f"fixed count {c.fixed_count}" if c.fixed_count else f"weight {c.weight:g}"
        yield f"  class      {c.name}, {share}{f', {c.host}' if c.host else ''}"
    if inspection.shape:
        yield f"  shape      {inspection.shape} drives the users"
    elif plan.stages:
        yield from _stages(plan)
    else:
        yield "  load       from -u, -r and -t, or Locust's own options"
    for threshold in plan.thresholds:
        where = [f"{threshold.endpoint}"] if threshold.endpoint else []
        where += [f"in {threshold.stage}"] if threshold.stage else []
        yield f"  threshold  {' '.join([threshold.check, *where])}"
    for tolerance in plan.tolerances:
        words = [f"{w} {v}" for w in ("warn", "fail") if (v := getattr(tolerance, w))]
        words += ["undecided fails"] if tolerance.undecided == "fail" else []
        yield f"  tolerance  {tolerance.metric}: {', '.join(words)}"
    if inspection.ignored:
        yield f"  ignored    {', '.join(inspection.ignored)}"
    if inspection.at_import:
        yield f"  at import  {', '.join(inspection.at_import)}"
    for warning in inspection.warnings:
        yield f"  warning    {warning}"


def _with_shown_urls(inspection: Inspection) -> Inspection:
    import msgspec

    from loadtui.credential_patterns import without_users

    replace = msgspec.structs.replace
    classes = [replace(c, host=c.host and without_users(c.host)) for c in inspection.classes]
    return replace(inspection, classes=classes)


def _target(plan: Plan, inspection: Inspection) -> str:
    from loadtui.plan.resolve import with_class_hosts

    return with_class_hosts(plan, {c.name: c.host for c in inspection.classes}).target


def _stages(plan: Plan) -> Iterator[str]:
    from loadtui.plan.units import format_duration

    rows = [("stage", "users", "spawn rate", "duration")]
    for stage in plan.stages:
        users = stage.users
        if isinstance(users, dict):
            count = " + ".join(f"{n} {name}" for name, n in users.items())
        else:
            count = str(users)
        rate = f"{stage.spawn_rate:g}/s"
        rows.append((stage.name, count, rate, format_duration(stage.duration_s)))
    total = format_duration(sum(stage.duration_s for stage in plan.stages))
    rows.append(("total", "", "", total))
    widths = [max(9, *(_cells(row[0]) for row in rows))]
    widths += [max(_cells(row[i]) for row in rows) for i in (1, 2, 3)]
    for row in rows:
        name, *numbers = (" " * (w - _cells(text)) for text, w in zip(row, widths, strict=True))
        cells = (pad + text for pad, text in zip(numbers, row[1:], strict=True))
        yield f"  {row[0]}{name}  {'  '.join(cells)}"


def _cells(text: str) -> int:
    """Columns that a text takes on a terminal: East Asian letters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
