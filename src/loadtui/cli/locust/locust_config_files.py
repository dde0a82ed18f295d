"""Files with Locust's options: `locust.conf`, and `[tool.locust]` in TOML, read as Locust does."""

from __future__ import annotations

import tomllib
from typing import Any, TextIO

import configargparse

DEFAULT_CONFIG_FILES = ("~/.locust.conf", "locust.conf", "pyproject.toml")
_SECTION = ("tool", "locust")


class LocustConfigFiles(configargparse.ConfigFileParser):  # type: ignore[misc]
    """What the parser of the command line reads such a file with."""

    def parse(self, stream: TextIO) -> dict[str, Any]:
        """Option -> value; raises ConfigFileParserException for what cannot be read."""
        if not stream.name.endswith(".toml"):
            options: dict[str, Any] = configargparse.DefaultConfigFileParser().parse(stream)
            return options
        try:
            section: Any = tomllib.loads(stream.read())
        except (ValueError, OSError) as error:
            raise configargparse.ConfigFileParserException(
                f"Couldn't parse TOML file: {error}"
            ) from error
        for name in _SECTION:
            section = section.get(name, {}) if isinstance(section, dict) else {}
        given = section.items() if isinstance(section, dict) else ()
        return {
            key: value if isinstance(value, list) else str(value)
            for key, value in given
            if value is not None
        }

    def get_syntax_description(self) -> str:
        return "lines of `option = value`, or [tool.locust] in a .toml file"
