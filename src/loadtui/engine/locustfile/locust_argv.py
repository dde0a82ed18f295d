"""The command line that Locust would be given for a run: `sys.argv` while its code runs, and what
Locust's own parser reads."""

from __future__ import annotations

import math
from pathlib import Path

from loadtui.engine.locustfile.plan_arguments import plan_argument
from loadtui.plan.locustfile_paths import shown_path
from loadtui.plan.model import Plan
from loadtui.wire.run_spec import RunSpec


def locust_argv(spec: RunSpec) -> list[str]:
    """`["locust", "-f", ...]`, with the locustfile's own arguments at the end.

    Those of a plan's `args` are spelled as the locustfiles' text has them, since what they define
    is known only once they are imported.  Of `loadtui locust` it is what was typed.
    """
    if spec.settings.locust is not None:
        return ["locust", *spec.settings.locust.words]
    plan = spec.plan
    words = ["locust", *locust_options(spec), *_plans_own(plan), *spec.settings.locust_args]
    return [*words, *plan.user_classes]


def locust_options(spec: RunSpec) -> list[str]:
    """Locust's own options for this run."""
    plan, settings = spec.plan, spec.settings
    flags = settings.flags
    words: list[str] = []
    # Tags take any number of values and come first, so that an option always ends them.
    if plan.tags:
        words += ["--tags", *plan.tags]
    if plan.exclude_tags:
        words += ["--exclude-tags", *plan.exclude_tags]
    words += ["-f", locustfiles_option(plan)]
    if not settings.web_api:
        words.append("--headless")
    host = flags.host or plan.host
    if host:
        words += ["-H", host]
    if flags.users is not None:
        words += ["-u", f"{flags.users}"]
    if flags.spawn_rate is not None:
        words += ["-r", f"{flags.spawn_rate}"]
    if flags.run_time_s is not None:
        words += ["-t", f"{math.ceil(flags.run_time_s)}s"]
    if settings.loglevel != "INFO":  # the default, which environment and config files may change
        words += ["-L", settings.loglevel]
    if settings.config:
        words += ["--config", settings.config]
    return words


def locustfiles_option(plan: Plan) -> str:
    """The value of -f, relative to the working folder as one would type it."""
    return ",".join(shown_path(path) for path in plan.locustfiles)


def _plans_own(plan: Plan) -> list[str]:
    if not plan.args:
        return []
    text = "\n".join(map(_text, plan.locustfiles))
    told = {name: plan_argument(plan, name, value) for name, value in plan.args.items()}
    return [word for name, value in told.items() for word in _as_typed(name, value, text)]


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:  # a folder of locustfiles, or one that cannot be read
        return ""


def _as_typed(name: str, value: str | int | float | bool, text: str) -> list[str]:
    spellings = f"--{name}", f"--{name.replace('_', '-')}", f"-{name}"
    quoted = (o for o in spellings if f'"{o}"' in text or f"'{o}'" in text)
    option = next(quoted, spellings[1])
    if isinstance(value, bool):
        return [option] if value else []
    return [f"{option}={value}"] if option.startswith("--") else [option, f"{value}"]
