"""`loadtui init`: a locustfile and a plan for somebody's own service."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadtui.cli.described import DescribedCommand
from loadtui.cli.init_answers import MOST_S, MOST_USERS, asked_answers, can_ask
from loadtui.cli.notices import say
from loadtui.errors import ExitCode, UsageError
from loadtui.plurals import counted
from loadtui.printable_text import visible_text

if TYPE_CHECKING:
    from loadtui.new_project.plan_text import NewLoad
    from loadtui.new_project.service_request import NewService

DEFAULT_NAME = "load-test"
_FILES = {".yaml": "--openapi", ".yml": "--openapi", ".json": "--openapi", ".har": "--har"}
"""Ends of the names of files that are often given without their option."""


@dataclass(frozen=True)
class _Wanted:
    """What the command line says, or a person answered."""

    target: str | None
    openapi: str | None
    har: str | None
    curl: str | None
    postman: str | None
    host: str | None
    name: str | None
    users: int
    duration: str
    locustfile: str
    only: tuple[str, ...]
    writes: bool

    @property
    def sources(self) -> list[str]:
        given = {
            "--openapi": self.openapi,
            "--har": self.har,
            "--curl": self.curl,
            "--postman": self.postman,
        }
        return [option for option, value in given.items() if value is not None]


@click.command("init", cls=DescribedCommand)
@click.argument("target", required=False, metavar="[URL|LOCUSTFILE]")
@click.option(
    "--openapi", metavar="FILE|URL", help="A description: Swagger 2.0, OpenAPI 3; YAML too."
)
@click.option("--har", metavar="FILE", help="What a browser recorded (HTTP archive).")
@click.option("--curl", metavar="COMMAND", help="A command of curl; - reads it from stdin.")
@click.option("--postman", metavar="FILE", help="A collection of Postman, 2.0 or 2.1.")
@click.option("-H", "--host", metavar="URL", help="Base URL, instead of that of the source.")
@click.option("--name", help="Name of the plan, whose file is NAME.toml; default: the service's.")
@click.option("-u", "--users", type=int, default=10, show_default=True, help="Users at the end.")
@click.option("-t", "--duration", metavar="TIME", default="1m", show_default=True, help="Length.")
@click.option("--locustfile", default="locustfile.py", show_default=True, help="File to write.")
@click.option("--only", multiple=True, metavar="PATTERN", help="Operations, e.g. 'GET /users/*'.")
@click.option("--writes", is_flag=True, help="Send what changes data, too (--openapi, --postman).")
@click.option("--ci", type=click.Choice(["github"]), help="Write a workflow for GitHub Actions.")
@click.option("--no-run", is_flag=True, help="Do not run it for 10 s.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
def command(
    ci: str | None, no_run: bool, force: bool, only: tuple[str, ...], **given: object
) -> int:
    """Write a locustfile and a plan for a service, and run them for 10 s.

    They are made from a URL, a description, a recording, a command of curl, or a collection; from
    a locustfile only the plan is.  Without anything it asks.  Secrets are left out of the files and
    read from the environment.
    """
    wanted = _checked(_Wanted(only=only, **given))  # type: ignore[arg-type]
    load = _load(wanted)
    service, locustfile = _read(wanted)
    service = _with_host(service, wanted)
    name = _plan_name(wanted.name, service.title)
    texts, created = _texts(service, wanted, name, load, locustfile, ci)
    _refuse(created, wanted, name, force)
    if locustfile is not None:
        _inspect(locustfile, service.host)
    from loadtui.new_project.new_files import write_new_files

    write_new_files(texts)
    for path in texts:
        _print(f"wrote {_near(path)}{_contents(path, service, created)}")
    for sentence in service.told:
        _print(sentence)
    plan = Path(f"{name}.toml")
    code = ExitCode.PASS if no_run else _tried(plan, service, load)
    if code == ExitCode.INTERRUPTED:
        return code
    _print("\nNext:")
    quoted = shlex.quote(plan.name)
    for line, why in (
        (f"loadtui run {quoted}", "all of it"),
        ("loadtui baseline promote latest", "later runs are compared with that run"),
        ("loadtui report latest -o report.html", "a page with charts"),
    ):
        _print(f"  {line:<40} # {why}")
    return ExitCode.PASS


def _checked(wanted: _Wanted) -> _Wanted:
    """The same with what a person answered.  Raises UsageError for what does not go together."""
    target, sources = wanted.target, wanted.sources
    if len(sources) > 1:
        raise UsageError(f"{sources[0]} does not go with {sources[1]}: give one source")
    for option, is_given, needs in (
        ("--only", bool(wanted.only), ("--openapi",)),
        ("--writes", wanted.writes, ("--openapi", "--postman")),
    ):
        if is_given and not set(needs) & set(sources):
            raise UsageError(f"{option} is for {' and '.join(needs)}; leave it out")
    if target is not None and target.endswith(".py"):
        if sources:
            raise UsageError(f"{target} does not go with {sources[0]}: give one of the two")
    elif target is not None and sources:
        if wanted.host is not None:
            raise UsageError(f"--host does not go with the URL {target}: give one of the two")
        return replace(wanted, host=target, target=None)
    if target is None and not sources:
        if wanted.host is not None:
            return replace(wanted, target=wanted.host, host=None)
        url, name, users, duration = asked_answers(wanted.name, wanted.users, wanted.duration)
        return replace(wanted, target=url, name=name, users=users, duration=duration)
    return wanted


def _load(wanted: _Wanted) -> NewLoad:
    from loadtui.new_project.plan_text import NewLoad
    from loadtui.plan.units import parse_duration

    if not 1 <= wanted.users <= MOST_USERS:
        raise UsageError(f"--users: found {wanted.users}, expected 1 to {MOST_USERS}")
    try:
        seconds = parse_duration(wanted.duration)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= MOST_S or seconds != round(seconds):
        raise UsageError(
            f"--duration: found {wanted.duration!r}, expected whole seconds up to a day, such as "
            "90s or 5m"
        )
    return NewLoad(wanted.users, int(seconds))


def _read(wanted: _Wanted) -> tuple[NewService, Path | None]:
    """What the source says, and the locustfile that is there already."""
    from loadtui.new_project.service_request import NewService, ServiceRequest

    if wanted.openapi is not None:
        from loadtui.new_project.openapi import OpenApiChoice, read_openapi

        return read_openapi(wanted.openapi, OpenApiChoice(wanted.only, wanted.writes)), None
    if wanted.har is not None:
        from loadtui.new_project.har import read_har

        return read_har(wanted.har, wanted.host or ""), None
    if wanted.curl is not None:
        from loadtui.new_project.curl import read_curl

        return read_curl(_stdin_text() if wanted.curl == "-" else wanted.curl), None
    if wanted.postman is not None:
        from loadtui.new_project.postman import read_postman

        return read_postman(wanted.postman, wanted.writes), None
    target = wanted.target or ""
    if target.endswith(".py") and "://" not in target:
        path = Path(target)
        if not path.is_file():
            raise UsageError(f"there is no file {target}; give its path, or the URL of a service")
        return NewService("" if path.stem == "locustfile" else path.stem, "", ()), path
    if "://" not in target and (Path(target).suffix in _FILES or Path(target).exists()):
        option = _FILES.get(Path(target).suffix, "--openapi")
        raise UsageError(
            f"{target} is no URL and no locustfile; say what the file is, as {option} {target}"
        )
    from loadtui.new_project.path_names import base_and_path, host_title
    from loadtui.new_project.secret_names import USER_AND_PASSWORD

    base, path_of_url, has_user = base_and_path(target, "URL")
    user = USER_AND_PASSWORD if has_user else None
    request = ServiceRequest("GET", path_of_url, user_and_password=user)
    return NewService(host_title(base), base, (request,)), None


def _stdin_text() -> str:
    if can_ask():
        say("paste the command, then Ctrl-D")
    return sys.stdin.read(10_000_000)


def _inspect(locustfile: Path, host: str) -> None:
    """Refuse a locustfile that cannot be run, as by `loadtui check`; raises UsageError."""
    from loadtui.launch.inspection_process import inspect_plan
    from loadtui.plan.locustfile_plan import plan_for_locustfiles
    from loadtui.plan.model import Flags
    from loadtui.plan.resolve import with_flags
    from loadtui.wire.run_settings import RunSettings
    from loadtui.wire.run_spec import RunSpec

    flags = Flags(host=host or None)
    plan = with_flags(plan_for_locustfiles([locustfile]), flags)
    settings = RunSettings(flags=flags, processes=1)
    inspect_plan(RunSpec("check", plan, settings, project=str(Path.cwd())))


def _with_host(service: NewService, wanted: _Wanted) -> NewService:
    """The service with the base URL that it is to be tested at."""
    from loadtui.new_project.path_names import base_and_path

    host = wanted.host
    if host is None and (service.host or not service.requests):
        return service
    if host is None:
        source = wanted.openapi or wanted.postman
        raise UsageError(
            f"{source} does not say where the service is; add --host URL, such as --host "
            "http://127.0.0.1:8000"
        )
    base, path, has_user = base_and_path(host, "--host")
    if has_user:
        raise UsageError("--host: leave user and password out; they would be in the files")
    # What was recorded or copied has its whole path.
    prefix = "" if wanted.har or wanted.curl else path.partition("?")[0].rstrip("/")
    return replace(service, host=base + prefix)


def _plan_name(name: str | None, title: str) -> str:
    if name is None:
        return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:50].strip("-") or DEFAULT_NAME
    if (
        not name.strip()
        or "/" in name
        or name.startswith((".", "-"))
        or not name.isprintable()
        or len(name) > 100
        or name == "pyproject"
    ):
        raise UsageError(f"--name: found {name!r}, expected a name that can be part of a file's")
    return name.removesuffix(".toml")


def _texts(
    service: NewService,
    wanted: _Wanted,
    name: str,
    load: NewLoad,
    locustfile: Path | None,
    ci: str | None,
) -> tuple[dict[Path, str], list[Path]]:
    """What is to be written where, and which of it is not to be there yet."""
    from loadtui.new_project.locustfile_text import locustfile_text
    from loadtui.new_project.new_files import ignore_text
    from loadtui.new_project.plan_text import plan_text
    from loadtui.new_project.workflow_text import FILE, workflow_text
    from loadtui.store.project_root import project_here

    texts: dict[Path, str] = {}
    here = Path.cwd()
    if locustfile is None:
        locustfile = Path(wanted.locustfile)
        if locustfile.suffix != ".py" or locustfile.name != wanted.locustfile:
            raise UsageError(
                f"--locustfile: found {wanted.locustfile!r}, expected a name like api.py"
            )
        texts[here / locustfile] = locustfile_text(service, _made_from(wanted))
    named = os.path.relpath(locustfile, here)
    texts[here / f"{name}.toml"] = plan_text(named, service.host, load)
    if ci is not None:
        top = _repository(here)
        folder = "" if top == here else here.relative_to(top).as_posix()
        variables = sorted({name for one in service.requests for name in one.variables()})
        texts[top / FILE] = workflow_text(f"{name}.toml", folder, variables)
    created = list(texts)
    ignore = project_here() / ".gitignore"
    if (text := ignore_text(ignore)) is not None:
        texts[ignore] = text
    return texts, created


def _made_from(wanted: _Wanted) -> str:
    for option, value in (
        ("OpenAPI", wanted.openapi),
        ("HAR", wanted.har),
        ("Postman", wanted.postman),
    ):
        if value is not None:
            from loadtui.credential_patterns import without_url_credentials

            return f"from {without_url_credentials(Path(value).name)} ({option})"
    return "from a command of curl" if wanted.curl is not None else "from its URL"


def _repository(here: Path) -> Path:
    """The top of the git repository, else this folder."""
    return next((one for one in (here, *here.parents) if (one / ".git").exists()), here)


def _refuse(created: list[Path], wanted: _Wanted, name: str, force: bool) -> None:
    """Refuse to overwrite files, and a plan with the name of another one."""
    from loadtui.new_project.new_files import refuse_existing
    from loadtui.plan.model import Plan
    from loadtui.store.namesakes import refuse_namesake
    from loadtui.store.project_root import project_here

    if not force:
        for path in created:
            refuse_existing([path], _way_out(path, wanted))
    plan = Plan(name=name, locustfiles=(), source=str(Path.cwd() / f"{name}.toml"))
    try:
        refuse_namesake(plan, project_here())
    except UsageError as error:
        raise UsageError(f"{error}, or this one with --name") from None


def _way_out(path: Path, wanted: _Wanted) -> str:
    if path.name == wanted.locustfile:
        return (
            f"`loadtui init {shlex.quote(path.name)}` makes a plan for it, --locustfile NAME.py "
            "writes another, --force overwrites it"
        )
    if path.suffix == ".toml":
        return "--name NAME writes another, --force overwrites it"
    return "leave --ci out, or --force overwrites it"


def _contents(path: Path, service: NewService, created: list[Path]) -> str:
    if path.suffix == ".py":
        return f" ({counted(len(service.requests), 'task')})"
    return "" if path in created else " (.loadtui/, where runs are saved)"


def _tried(plan: Path, service: NewService, load: NewLoad) -> int:
    from loadtui.cli.init_trial import try_plan

    variables = {name for one in service.requests for name in one.variables()}
    return try_plan(plan, variables, load.users)


def _near(path: Path) -> str:
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _print(text: str) -> None:
    click.echo("\n".join(visible_text(line) for line in text.split("\n")))
