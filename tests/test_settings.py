"""`[tool.loadtui]`: where it is read from, and what is refused in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from loadtui.errors import UsageError
from loadtui.settings import ProjectSettings, read_settings


def _wrote(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_table_nothing_is_set(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == ProjectSettings()
    assert read_settings(_wrote(tmp_path, "[tool.other]\nruns = 3\n")) == ProjectSettings()


def test_every_key(tmp_path: Path) -> None:
    text = (
        '[tool.loadtui]\nruns = "a"\nbaselines = "/b"\npercentiles = [50, "p90", 99.9]\n'
        'theme = "nord"\nkeys = {stop = "x"}\n'
    )
    assert read_settings(_wrote(tmp_path, text)) == ProjectSettings(
        tmp_path / "pyproject.toml",
        tmp_path / "a",
        Path("/b"),
        ("p50", "p90", "p99.9"),
        "nord",
        {"stop": "x"},
    )


def test_the_nearest_table_counts_for_all_keys(tmp_path: Path) -> None:
    _wrote(tmp_path, '[tool.loadtui]\nruns = "outer"\ntheme = "nord"\n')
    inner = _wrote(tmp_path / "tests" / "load", "[project]\n")
    assert read_settings(inner).runs == tmp_path / "outer"
    _wrote(inner.parent, '[tool.loadtui]\nruns = "inner"\n')
    settings = read_settings(inner)
    assert settings.runs == inner.parent / "inner"
    assert settings.theme is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[tool.loadtui]\nbaseline = "b"\n',
            "tool.loadtui.baseline: unknown key, did you mean bas",
        ),
        (
            "[tool.loadtui]\nzzz = 1\n",
            "zzz: unknown key, known are runs, baselines, percentiles, theme, keys",
        ),
        ("[tool]\nloadtui = 3\n", "tool.loadtui: found 3, expected a table"),
        ("[tool.loadtui]\nruns = 3\n", "tool.loadtui.runs must be the path of a folder, not 3"),
        ('[tool.loadtui]\nbaselines = ""\n', "tool.loadtui.baselines must be the path"),
        ("[tool.loadtui]\npercentiles = [50, 100]\n", 'loadtui.percentiles: found "100", expected'),
        ("[tool.loadtui]\npercentiles = []\n", 'loadtui.percentiles: found "", expected numbers'),
        ("[tool", "is not valid TOML"),
        ("a = " + "9" * 5000, "is not valid TOML: a number has too many digits"),
        ("a = " + "[" * 100_000, "is not valid TOML: it is nested too deeply"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(_wrote(tmp_path, text))
    assert str(caught.value).startswith(str(tmp_path / "pyproject.toml"))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_it_is_light() -> None:
    code = "import sys, loadtui.settings; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"textual", "polars", "msgspec", "click", "locust"} & set(done.stdout.split())
