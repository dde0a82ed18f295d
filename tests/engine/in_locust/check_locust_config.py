"""Our reader of Locust's configuration and Locust's own parser find the same."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import pytest
from locust.argument_parser import (
    get_parser,
    parse_locustfile_option,
    parse_locustfile_paths,
)

from loadtui.plan.locust_config import configured_value
from loadtui.plan.locustfile_paths import LOCUSTFILE_VARIABLE, found_locustfiles

SAID = {
    "home/.locust.conf": "locustfile = home.py\n",
    "locust.conf": "locustfile: 'conf.py'  # not the other\nusers = 3\n",
    "pyproject.toml": '[tool.locust]\n"--locustfile" = "table.py"\n',
    "named.conf": "locustfile named.py\nlocustfile = [last.py\n",
    LOCUSTFILE_VARIABLE: "env.py",
}


@pytest.mark.parametrize("missing", range(len(SAID) + 1))
def test_sources(missing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that say something, then without the strongest, and so on."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    left = dict(itertools.islice(SAID.items(), len(SAID) - missing))
    for name, text in left.items():
        if name == LOCUSTFILE_VARIABLE:
            monkeypatch.setenv(name, text)
        else:
            (tmp_path / name).write_text(text)
    config = "named.conf" if "named.conf" in left else None
    options: Any = parse_locustfile_option(["--config", config] if config else [])
    value = configured_value("locustfile", LOCUSTFILE_VARIABLE, config)
    assert (value.words if value else ["locustfile.py"]) == [options.locustfile]


def test_a_folder(tmp_path: Path) -> None:
    for name in ("z.py", "sub/a.py", "sub/_no.py", ".hidden/h.py", "sub/notes.txt", "d.py/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "sub")
    theirs = parse_locustfile_paths([str(tmp_path)])
    ours = found_locustfiles([str(tmp_path)])
    assert sorted(ours) == sorted(theirs)
    assert ours[0] == theirs[0] == str(tmp_path / "z.py"), "the folder's own first"
    assert len(theirs) == 4


def test_the_variable_and_the_files() -> None:
    parser: Any = get_parser()
    variables = {a.env_var for a in parser._actions if "--locustfile" in a.option_strings}
    assert variables == {LOCUSTFILE_VARIABLE}
    assert not os.environ.get(LOCUSTFILE_VARIABLE)
