"""Files with Locust's options, for the parser of the command line."""

from __future__ import annotations

from typing import Any, TextIO

import configargparse

from loadtui.plan.locust_config import file_settings


class LocustConfigFiles(configargparse.ConfigFileParser):  # type: ignore[misc]
    """What the parser of the command line reads such a file with."""

    def parse(self, stream: TextIO) -> dict[str, Any]:
        """Option -> value; raises ConfigFileParserException for what cannot be read."""
        try:
            return file_settings(stream)
        except ValueError as error:
            toml = stream.name.endswith(".toml")
            words = (
                f"Couldn't parse TOML file: {error}"
                if toml
                else f'found "{error}", expected a line such as users = 10'
            )
            raise configargparse.ConfigFileParserException(f"{stream.name}: {words}") from error

    def get_syntax_description(self) -> str:
        return "lines of `option = value`, or [tool.locust] in a .toml file"
