"""Locust's command line, with its environment variables and config files, as one value."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

import configargparse

from loadtui.cli.locust.locust_config_files import LocustConfigFiles
from loadtui.cli.locust_options import LOCUST_OPTIONS, LOG_LEVELS, LocustOption
from loadtui.errors import UsageError
from loadtui.plan.locust_config import CONFIG_FILES
from loadtui.plan.locust_timespan import parse_timespan

_WEB_PORT = 8089
_VALUES = {"text": str, "words": str, "json": str, "int": int, "port": int, "level": str.upper}


class LocustArguments(NamedTuple):
    """What was asked for, in whatever place."""

    words: tuple[str, ...]
    """The command line as it was typed: the engine resolves it once more, with the arguments that
    the locustfile adds."""
    options: argparse.Namespace
    """Locust's own options by its names for them."""
    own: tuple[str, ...]
    """Words that are none of Locust's options or their values, as typed, where one of them is
    nobody's: as a rule the locustfile's own arguments, with user classes between."""
    without_effect: tuple[str, ...]
    """A sentence for each option that was set and has no effect."""
    web_port: int | None = None
    """Where Locust's web API is to answer: as somebody said, and never with --headless."""

    @property
    def user_classes(self) -> tuple[str, ...]:
        """Those that are certain: between own arguments nobody knows here what is a value."""
        return () if self.own else tuple(self.options.user_classes)

    @property
    def locustfiles(self) -> list[str]:
        return [name.strip() for name in self.options.locustfile.split(",")]

    @property
    def headless(self) -> bool:
        return bool(self.options.headless) and not self.options.headful


def read_locust_arguments(words: Sequence[str]) -> LocustArguments:
    """Read what stands after `locust`.

    Options that nobody knows are left to the engine, since the locustfile may add some.  Raises
    UsageError for values that are no good, for what Locust gave up, and for --master and --worker.
    """
    parser = _parser()
    options, own = parser.parse_known_args(list(words))
    for option in LOCUST_OPTIONS:
        if option.effect == "refused" and getattr(options, option.dest, None):
            raise UsageError(f"{option.longest}{_source(parser, option)}: {option.why}")
    if options.stats_history_enabled and options.csv_prefix is None:
        raise UsageError("'--csv-full-history' requires '--csv'.")
    web_port, options.web_port = options.web_port, options.web_port or _WEB_PORT
    ineffective = [
        f"{option.longest}{_source(parser, option)} has no effect: {option.why}"
        for option in LOCUST_OPTIONS
        if option.effect == "none" and getattr(options, option.dest) != option.default
    ]
    arguments = LocustArguments(
        tuple(words), options, _own(words, options, own), tuple(ineffective), web_port
    )
    return arguments._replace(web_port=None) if arguments.headless else arguments


def _own(words: Sequence[str], options: argparse.Namespace, own: list[str]) -> tuple[str, ...]:
    if not own:
        return ()
    nobodys = {*own, *options.user_classes}
    return (*(w for w in words if w in nobodys), *(w for w in own if w not in words))


class _Parser(configargparse.ArgumentParser):  # type: ignore[misc]
    """Raises where argparse would end the program."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(" ".join(message.split()))

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise UsageError(" ".join((message or "").split()), exit_code=status)

    def _get_option_tuples(self, option_string: str) -> list[Any]:
        """Not ambiguous yet: the word may be an argument of the locustfile."""
        known: list[Any] = super()._get_option_tuples(option_string)
        return known if len(known) < 2 else []


class _Retired(argparse.Action):
    """What Locust had once, and refuses with a word on what came instead."""

    def __call__(self, parser: object, *_: object) -> None:
        raise argparse.ArgumentError(self, str(self.const))


def _parser() -> _Parser:
    parser = _Parser(
        default_config_files=CONFIG_FILES,
        config_file_parser_class=LocustConfigFiles,
        add_env_var_help=False,
        add_config_file_help=False,
        add_help=False,
        prog="locust",
    )
    for option in LOCUST_OPTIONS:
        parser.add_argument(*option.strings, **_settings(option))
    parser.add_argument("user_classes", nargs="*", default=_classes_of_environment())
    return parser


def _settings(option: LocustOption) -> dict[str, Any]:
    settings: dict[str, Any] = {"dest": option.dest, "default": option.default}
    if option.env is not None:
        settings["env_var"] = option.env
    match option.kind:
        case "flag" | "help" | "version":
            return {**settings, "default": bool(option.default), "action": "store_true"}
        case "config":
            return {**settings, "is_config_file_arg": True}
        case "retired":
            nargs = {} if option.dest == "web_auth" else {"nargs": 0}
            return {**settings, **nargs, "action": _Retired, "const": option.why}
        case "count":
            return {**settings, "type": _at_least_one}
        case "rate":
            return {**settings, "type": _rate}
        case "time":
            return {**settings, "type": _seconds}
        case "level":
            settings["choices"] = LOG_LEVELS
        case "words" | "json":
            settings["nargs"] = "*"
        case "port":
            settings["default"] = None  # to see whether somebody named one
    return {**settings, "type": _VALUES[option.kind]}


def _classes_of_environment() -> list[str]:
    import os

    return os.environ.get("LOCUST_USER_CLASSES", "").split()


def _at_least_one(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid int value: '{text}'") from None
    if value < 1:
        raise argparse.ArgumentTypeError(
            f"Invalid --expect-workers argument ({value}), must be a positive number"
        )
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError("must be a finite number")
    if value <= 0:
        raise argparse.ArgumentTypeError("must be > 0")
    return value


def _seconds(text: str) -> int:
    try:
        return parse_timespan(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _source(parser: Any, option: LocustOption) -> str:
    """Where a value comes from that was not typed."""
    for source, settings in parser.get_source_to_settings_dict().items():
        for key, (action, _) in settings.items():
            if action is not None and action.dest == option.dest and source != "defaults":
                name = key if source == "environment_variables" else source.partition("|")[2]
                return f" (from {name})"
    return ""
