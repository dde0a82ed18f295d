"""The options a locustfile sees, resolved from all the places where Locust looks for them.

An argument list is built from what was given to loadtui and handed to Locust's own parser, so
that custom arguments, `locust.conf`, `[tool.locust]` and `LOCUST_*` hold exactly as they do in
Locust: the command line before the environment before a config file.  The plan counts as command
line.  What only means something to Locust's own web UI, statistics files or process model is set
back to Locust's defaults and named.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import msgspec
from locust.argument_parser import (
    get_empty_argument_parser,
    get_parser,
    setup_parser_arguments,
)

from loadtui.credential_patterns import HIDDEN, without_users
from loadtui.engine.locustfile.argparse_internals import (
    all_actions,
    is_repeated,
    option_actions,
    replace_printing,
)
from loadtui.engine.locustfile.locust_argv import locust_options, locustfiles_option
from loadtui.engine.locustfile.plan_arguments import plan_argument, says_nothing
from loadtui.engine.locustfile.run_secrets import (
    learn_from_options,
    learn_from_words,
    plan_without_values,
)
from loadtui.errors import HIGHEST_EXIT_CODE, UsageError
from loadtui.known_secrets import SECRET, SECRETS
from loadtui.plan.fingerprint_parts import FingerprintParts, hashed_value
from loadtui.plan.model import Plan
from loadtui.store.manifest import Invocation
from loadtui.suggestion import did_you_mean
from loadtui.wire.inspection import OwnArgument
from loadtui.wire.run_spec import RunSpec

_OUTPUTS = frozenset(
    name
    for group in (
        "csv_prefix stats_history_enabled print_stats only_summary reset_stats",
        "html_file json json_file skip_log_setup logfile",
        "show_task_ratio show_task_ratio_json list_commands",
    )
    for name in group.split()
)
"""Those that `loadtui locust` does, and `loadtui run` does not take from Locust's options."""
MEANINGLESS = _OUTPUTS | frozenset(
    name
    for group in (
        "headful autostart autoquit class_picker build_path legacy_ui",
        "web_host web_host_display_name web_port web_auth web_login web_base_path tls_cert tls_key",
        "master master_bind_host master_bind_port expect_workers expect_workers_max_wait",
        "enable_rebalancing expect_slaves worker processes slave master_host master_port",
        "otel",
        "locustfile",  # those of the plan are imported, whatever else is said
    )
    for name in group.split()
)
"""Destinations of Locust's own options that loadtui does not act on."""

_CLOSE = 0.72
"""Above the likeness that two dashes alone make."""
_LOAD = frozenset({"num_users", "spawn_rate", "run_time"})


@dataclass
class ResolvedOptions:
    options: argparse.Namespace
    """All options with Locust's names, `environment.parsed_options` to be.  `user_classes` holds
    the names to run (empty: all), `stop_timeout` seconds; `headless` is True, whatever shows
    the run, unless it has Locust's web application."""
    ignored: list[str] = field(default_factory=list)
    """What was set but has no effect, e.g. `--csv (from LOCUST_CSV)`."""
    finish_tasks: bool = False
    """Whether anybody gave a stop timeout: users that are stopped may finish their task then."""
    exit_code_on_error: int | None = None
    """That of the plan, else of Locust's options; None where neither says one."""
    secrets: frozenset[str] = frozenset()
    """Options of the locustfile whose values nobody is to see: `is_secret`, or named so."""

    def plan_without_secrets(self, plan: Plan) -> Plan:
        """The plan as it is saved and shown: the values of secret options blacked out, and who asks
        in the base URLs, `http://user:password@host`."""
        args = {
            name: HIDDEN if self._hides(name) and not says_nothing(value) else value
            for name, value in plan.args.items()
        }
        host = plan.host and without_users(plan.host)
        hosts = {name: without_users(url) for name, url in plan.hosts.items()}
        return plan_without_values(msgspec.structs.replace(plan, args=args, host=host, hosts=hosts))

    def without_secrets(self, invocation: Invocation | None) -> Invocation | None:
        """What a run was asked for with, the values of secret options blacked out."""
        if invocation is None:
            return None
        words: list[str] = []
        hidden = False
        for word in invocation.arguments:
            option, equals, _ = word.partition("=")
            secret = not hidden and any(_may_mean(option, name) for name in self.secrets)
            if hidden or (secret and equals):
                words.append(f"{option}={HIDDEN}" if secret else HIDDEN)
            else:
                words.append(word)
            hidden = secret and not equals
        return msgspec.structs.replace(invocation, arguments=words)

    def parts_without_secrets(self, parts: FingerprintParts | None) -> FingerprintParts | None:
        """What the fingerprint was made of, the values of secret options hashed, also of those
        whose names were abbreviated."""
        if parts is None:
            return None
        args = {
            name: hashed_value(value)
            if self._hides(name) and not says_nothing(value)
            else SECRETS.hidden_name(value)
            for name, value in parts.args.items()
        }
        return msgspec.structs.replace(parts, args=args)

    def _hides(self, name: str) -> bool:
        """Whether an argument of a plan, `api_key`, is one that nobody is to see."""
        word = f"--{name}".replace("_", "-")
        return SECRET.search(name) is not None or any(
            _may_mean(word, option.replace("_", "-")) for option in self.secrets
        )


class ArgumentsRefused(UsageError):
    """The arguments are wrong, not the locustfile."""


class _Refused(Exception):
    """The parser refused the arguments, or was asked for help."""


def resolve_options(spec: RunSpec) -> ResolvedOptions:
    """Resolve the options of a run; to be called after the locustfiles were loaded, because only
    then their own arguments are known, and in the folder whose config files are to hold.

    Raises UsageError with what Locust's parser has against them, in one sentence.
    """
    parser = _parser()
    own = _own_arguments(parser)
    typed = spec.settings.locust
    arguments = _arguments(spec, parser, own) if typed is None else list(typed.words)
    secrets = _secret_options(own)
    learn_from_words(arguments, secrets)
    parser.set_defaults(
        stop_timeout=_seconds(spec.plan.stop_timeout_s), locustfile=locustfiles_option(spec.plan)
    )
    try:
        options: argparse.Namespace = parser.parse_args(arguments)
    except _Refused as refused:
        message = _without_value(str(refused), secrets)
        raise ArgumentsRefused(_sentence(message, parser, own)) from None
    sources = _sources(parser)
    plan = spec.plan
    if plan.user_classes and typed is None:
        options.user_classes = list(plan.user_classes)
    if plan.finish_tasks and sources.get("stop_timeout"):
        # The plan goes before environment and config.
        options.stop_timeout = _seconds(plan.stop_timeout_s)
    finish_tasks = plan.finish_tasks or "stop_timeout" in sources
    on_error = plan.exit_code_on_error
    if on_error is not None:
        options.exit_code_on_error = on_error
    elif "exit_code_on_error" in sources:
        on_error = _exit_code(options.exit_code_on_error, sources)
    if typed is None:
        without_effect = MEANINGLESS | (_LOAD if plan.stages else set())
        ignored = _reset(parser, options, without_effect, sources)
    else:
        _reset(parser, options, MEANINGLESS - _OUTPUTS - {"locustfile"}, sources)
        options.headless = not spec.settings.web_api
        ignored = list(typed.ignored)
    learn_from_options(options, own, secrets)
    return ResolvedOptions(options, ignored, finish_tasks, on_error, secrets)


def _secret_options(own: dict[str, argparse.Action]) -> frozenset[str]:
    return frozenset(
        name
        for name, action in own.items()
        if getattr(action, "is_secret", False)
        or (SECRET.search(name) and getattr(action, "nargs", None) != 0)
    )


def _seconds(value: float) -> float:
    """As Locust reads a time that is typed: whole seconds are an int."""
    return int(value) if value == int(value) else value


def _parser() -> Any:
    """Locust's parser with the locustfile's arguments, which raises instead of exiting."""

    def refuse(message: str) -> NoReturn:
        raise _Refused(message)

    def leave(status: int = 0, message: str | None = None) -> NoReturn:
        raise _Refused(message or "")

    try:
        parser = get_parser()
    except SystemExit as error:
        raise UsageError(
            f"a locustfile's init_command_line_parser listener called sys.exit({error})"
        ) from None
    parser.error = refuse
    parser.exit = leave
    parser.print_help = lambda file=None: None
    replace_printing(parser, lambda message, file=None: None)
    return parser


def arguments_of_locustfile() -> list[OwnArgument]:
    """What a person may type after `--`; to be called after the locustfiles were loaded."""
    actions = {id(action): action for action in _own_arguments(_parser()).values()}
    return [_described(action) for action in actions.values()]


def _described(action: argparse.Action) -> OwnArgument:
    long = [option for option in action.option_strings if option.startswith("--")]
    option = (long or list(action.option_strings))[0]
    if action.nargs == 0:
        negative = f"--no-{option.removeprefix('--')}"
        no = negative if negative in action.option_strings else ""
        return OwnArgument(action.dest, option, "nothing", no)
    if action.nargs not in (None, "?"):
        return OwnArgument(action.dest, option, "values")
    return OwnArgument(action.dest, option, "value_each" if is_repeated(action) else "value")


def _own_arguments(parser: Any) -> dict[str, argparse.Action]:
    """Option string -> action of the arguments that the locustfile added."""
    plain = get_empty_argument_parser()
    setup_parser_arguments(plain)
    locusts = set(option_actions(plain))
    return {
        option: action for option, action in option_actions(parser).items() if option not in locusts
    }


def _arguments(spec: RunSpec, parser: Any, own: dict[str, argparse.Action]) -> list[str]:
    arguments = locust_options(spec)
    for name, value in spec.plan.args.items():
        told = plan_argument(spec.plan, name, value)
        arguments += _argument(spec.plan, parser, own, name, told)
    return arguments + list(spec.settings.locust_args)


def _argument(
    plan: Plan,
    parser: Any,
    own: dict[str, argparse.Action],
    name: str,
    value: str | int | float | bool,
) -> list[str]:
    """An entry of the plan's `args` table as it would be typed; `think_time` is `--think-time`
    where the locustfile spells it so."""
    known = option_actions(parser)
    option = next(
        (o for o in (f"--{name}", f"--{name.replace('_', '-')}", f"-{name}") if o in known), None
    )
    if option is None:
        raise UsageError(
            f"{plan.source or 'the plan'}: args.{name}: the locustfile has no argument --{name}"
            f"{_suggested(f'--{name}', own)}"
        )
    if isinstance(value, bool) and known[option].nargs == 0:
        negative = f"--no-{option.removeprefix('--')}"
        if value:
            return [option]
        return [negative] if negative in known[option].option_strings else []
    # With `=`, a value that starts with a dash is not taken for an option.
    return [f"{option}={value}"] if option.startswith("--") else [option, str(value)]


def _sources(parser: Any) -> dict[str, str]:
    """Destination -> where its value comes from, for what is not just the default."""
    sources: dict[str, str] = {}
    for source, settings in parser.get_source_to_settings_dict().items():
        if source == "defaults":
            continue
        for key, (action, value) in settings.items():
            if action is None:  # the command line, in one piece
                sources |= dict.fromkeys(_given(parser, value), "")
            elif source == "environment_variables":
                sources.setdefault(action.dest, f" (from {key})")
            else:
                sources.setdefault(action.dest, f" (from {source.partition('|')[2]})")
    return sources


def _given(parser: Any, arguments: Any) -> set[str]:
    """Destinations of the options in an argument list, abbreviated ones included."""
    if not isinstance(arguments, list):
        return set()
    names = {a.partition("=")[0] for a in arguments if a.startswith("-")}
    return {
        action.dest
        for option, action in option_actions(parser).items()
        for name in names
        if _may_mean(name, option)
    }


def _may_mean(word: str, option: str) -> bool:
    """Whether a word is an option, or an abbreviation of it."""
    return word == option or (len(word) > 3 and option.startswith(word))


def _reset(
    parser: Any,
    options: argparse.Namespace,
    destinations: frozenset[str],
    sources: dict[str, str],
) -> list[str]:
    """Set the destinations back to their defaults; names those that were something else."""
    ignored = []
    for action in all_actions(parser):
        if action.dest not in destinations or not hasattr(options, action.dest):
            continue
        if getattr(options, action.dest) != action.default:
            setattr(options, action.dest, action.default)
            longest = max(action.option_strings, key=len)
            ignored.append(f"{longest}{sources.get(action.dest, '')}")
    return ignored


def _exit_code(code: int, sources: dict[str, str]) -> int:
    if not 0 <= code <= HIGHEST_EXIT_CODE:
        where = sources["exit_code_on_error"]
        raise UsageError(f"--exit-code-on-error{where}: found {code}, expected 0 to 255")
    return code


def _sentence(message: str, parser: Any, own: dict[str, argparse.Action]) -> str:
    message = " ".join(message.split())
    if not message:  # --help or --version
        listed = ", ".join(sorted(own)) or "none"
        return (
            "--help and --version are not for the locustfile, leave them out; "
            f"its own arguments are: {listed}"
        )
    unknown = message.removeprefix("unrecognized arguments: ")
    if unknown != message:
        first = unknown.split()[0]
        if first.startswith("-"):
            name = first.partition("=")[0]
            near = did_you_mean(name, own, "", close=_CLOSE)
            near = near or did_you_mean(name, option_actions(parser), "", close=_CLOSE)
            listed = f"; its own are: {', '.join(sorted(own)) or 'none'}"
            return f"the locustfile has no argument {name}{f', {near}' if near else listed}"
        return f"{unknown}: neither a user class nor the value of an argument of the locustfile"
    return f"the arguments for the locustfile are not right: {message}"


def _without_value(message: str, secrets: frozenset[str]) -> str:
    """What argparse has against the value of a secret option, without that value: it may stand in a
    config file, which nobody else has read."""
    about = re.match(r"argument (\S+): [^:]*: ", message)
    if about is None or secrets.isdisjoint(about[1].split("/")):
        return message
    return f"{about[0]}{HIDDEN}"


def _suggested(option: str, known: Iterable[str]) -> str:
    """The end of a sentence on an option that does not exist; empty where none is near it."""
    hint = did_you_mean(option.partition("=")[0], known, "")
    return f", {hint}" if hint else ""
