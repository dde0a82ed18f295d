"""What Locust's configuration says about one option, read as Locust's own parser reads it.

The command line may not import Locust, which takes most of a second, and has to know the
locustfile before anything starts.  Every other option is resolved by Locust's parser in the host
and the workers.
"""

from __future__ import annotations

import os
import tomllib
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from loadtui.errors import UsageError
from loadtui.toml_text import toml_table

CONFIG_FILES = ("~/.locust.conf", "locust.conf", "pyproject.toml")
"""Files that are read where they exist; what a later one says goes before."""
_TABLE = ("tool", "locust")


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


def file_settings(stream: TextIO) -> dict[str, Any]:
    """Options and values of an open file: of TOML the table `[tool.locust]`, everything but lists
    as text, else its lines; ValueError for what is none."""
    if not stream.name.endswith(".toml"):
        return config_lines(stream)
    table: Any = toml_table(stream.read())
    for name in _TABLE:
        table = table.get(name) if isinstance(table, dict) else None
    given = table.items() if isinstance(table, dict) else ()
    return {key: value if isinstance(value, list) else str(value) for key, value in given}


def config_lines(lines: Iterable[str]) -> dict[str, Any]:
    """Keys and values of a file such as locust.conf: `key = value`, `key: value`, `key value`, a
    key alone, lists in brackets, comments; ValueError with the line that is none of these."""
    # Takes 10 ms to import, and most folders have no such file.
    from configargparse import ConfigFileParserException, DefaultConfigFileParser

    seen = deque[str](maxlen=1)

    def noted() -> Iterator[str]:
        for line in lines:
            seen.append(line)
            yield line

    try:
        return dict(DefaultConfigFileParser().parse(noted()))
    except ConfigFileParserException:
        raise ValueError(seen.pop().strip()) from None


def _files(config: str | None) -> Iterator[str]:
    """Those that there are, what goes before first."""
    if config is not None:
        yield os.path.expanduser(config)  # noqa: PTH111  (raises nothing without a home)
    for name in reversed(CONFIG_FILES):
        path = os.path.expanduser(name)  # noqa: PTH111
        if os.path.exists(path):  # noqa: PTH110  (False for what may not be looked at)
            yield path


def _settings(path: str) -> dict[str, Any]:
    try:
        with Path(path).open(encoding="utf-8") as stream:
            return file_settings(stream)
    except OSError as error:
        raise UsageError(f"{path}: the config file cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        kind = "TOML" if isinstance(error, tomllib.TOMLDecodeError) else "UTF-8 text"
        raise UsageError(f"{path}: not valid {kind}: {error}") from None
    except ValueError as error:
        raise UsageError(f'{path}: found "{error}", expected a line such as users = 10') from None
