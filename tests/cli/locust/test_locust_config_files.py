"""Files with Locust's options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import configargparse
import pytest

from loadtui.cli.locust.locust_config_files import LocustConfigFiles


def parsed(path: Path, text: str) -> dict[str, Any]:
    path.write_text(text)
    with path.open() as stream:
        return dict(LocustConfigFiles().parse(stream))


def test_lines(tmp_path: Path) -> None:
    text = "# a note\nusers = 5\nheadless = true\ntags = [a, b]\n"
    assert parsed(tmp_path / "ci.conf", text) == {
        "users": "5", "headless": "true", "tags": ["a", "b"],
    }  # fmt: skip


def test_toml(tmp_path: Path) -> None:
    text = "[tool.locust]\nusers = 5\nheadless = true\ntags = ['a', 'b']\n[tool.other]\nx = 1\n"
    assert parsed(tmp_path / "pyproject.toml", text) == {
        "users": "5", "headless": "True", "tags": ["a", "b"],
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "[tool]\n", "tool = 3\n", "[tool]\nlocust = 1\n"])
def test_toml_without_the_section(tmp_path: Path, text: str) -> None:
    assert parsed(tmp_path / "some.toml", text) == {}


def test_toml_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(configargparse.ConfigFileParserException, match="Couldn't parse TOML"):
        parsed(tmp_path / "some.toml", "users = = 5")
