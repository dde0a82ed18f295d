"""What Locust's configuration says about one option, read as Locust's own parser reads it.

The command line may not import Locust, which takes most of a second, and has to know the
locustfile before anything starts; so the few rules of ConfigArgParse are written down here, and a
test compares them with that parser.  Every other option is resolved by Locust's parser in the
host and the workers.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from loadtui.errors import UsageError

CONFIG_FILES = ("~/.locust.conf", "locust.conf", "pyproject.toml")
"""Files that are read where they exist; what a later one says goes before."""
_TABLE = "tool.locust"
_NOTHING_TO_READ = "#;["
"""First letters of comments and of the names of sections, which mean nothing."""
_LINE = re.compile(
    r"""(?P<key>[^:=;#\s]+)\s*
        (?:(?P<separator>[:=\s])\s*(?P<quote>['"]?)(?P<value>.+?)?(?P=quote))?
        \s*(?:\s[;#].*)?""",
    re.VERBOSE,
)


class ConfiguredValue(NamedTuple):
    words: list[str]
    """One, unless a file gives a list."""
    source: str
    """The variable's name or the file's path, as a person would write it."""


def configured_value(option: str, variable: str, config: str | None) -> ConfiguredValue | None:
    """What the environment, else a config file says about a long option, given without dashes;
    None where nothing does.

    `config` is a file that was named beside those that Locust always reads, in the current folder
    and the home folder.  Raises UsageError for a file that cannot be read.
    """
    if variable in os.environ:
        return ConfiguredValue([os.environ[variable]], variable)
    for path in _files(config):
        said = [v for key, v in _settings(path).items() if key in (option, f"--{option}")]
        if said:
            value = said[-1]
            words = [str(one) for one in value] if isinstance(value, list) else [value]
            return ConfiguredValue(words, path)
    return None


def config_lines(text: str) -> dict[str, str | list[Any]]:
    """Keys and values of a file such as locust.conf: `key = value`, `key: value`, `key value`, a
    key alone, lists in brackets, comments; ValueError with the line that is none of these."""
    settings: dict[str, str | list[Any]] = {}
    for written in text.split("\n"):
        line = written.strip()
        if not line or line[0] in _NOTHING_TO_READ or line.startswith("---"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(line)
        separator, value = found["separator"], found["value"]
        if value is None:
            value = "" if separator is not None and separator != " " else "true"
        settings[found["key"]] = _items(value) if _is_list(value) else value
    return settings


def _files(config: str | None) -> Iterator[str]:
    """Those that there are, what goes before first."""
    if config is not None:
        yield os.path.expanduser(config)  # noqa: PTH111  (raises nothing without a home)
    for name in reversed(CONFIG_FILES):
        path = os.path.expanduser(name)  # noqa: PTH111
        if os.path.exists(path):  # noqa: PTH110  (False for what may not be looked at)
            yield path


def _settings(path: str) -> dict[str, str | list[Any]]:
    toml = path.endswith(".toml")
    try:
        text = Path(path).read_text(encoding="utf-8")
        return _table(tomllib.loads(text)) if toml else config_lines(text)
    except OSError as error:
        raise UsageError(f"{path}: the config file cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        kind = "TOML" if toml else "UTF-8 text"
        raise UsageError(f"{path}: not valid {kind}: {error}") from None
    except ValueError as error:
        raise UsageError(f'{path}: found "{error}", expected a line such as users = 10') from None


def _table(document: Any) -> dict[str, str | list[Any]]:
    """The table `[tool.locust]`, everything but lists as text."""
    for name in _TABLE.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    if not isinstance(document, dict):
        return {}
    return {k: v if isinstance(v, list) else str(v) for k, v in document.items()}


def _is_list(value: str) -> bool:
    return value.startswith("[") and value.endswith("]")


def _items(value: str) -> Any:
    """JSON, else names without quotes between commas."""
    try:
        return json.loads(value)
    except ValueError:
        return [item.strip() for item in value[1:-1].split(",")]
