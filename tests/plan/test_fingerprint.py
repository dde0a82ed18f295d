from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.plan.fingerprint import fingerprint
from loadtui.plan.model import Flags, Plan, Stage, Threshold, Tolerance

MAIN = '''
"""What it does."""
import helper
from pkg.deep import thing
from pkg import sub as renamed

class A:
    """A user."""
    def task(self):
        """Only words."""
    def other(self):
        return helper.x + 1
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "scenarios"
    (root / "pkg").mkdir(parents=True)
    (root / "lf.py").write_text(MAIN)
    (root / "helper.py").write_text("from pkg.deep import y\nx = 1\n")
    (root / "pkg" / "__init__.py").write_text("a = 1\n")
    (root / "pkg" / "deep.py").write_text("from . import near\nfrom .. import outside\nthing = 1\n")
    (root / "pkg" / "near.py").write_text("import os\nn = 1\n")
    (root / "pkg" / "sub.py").write_text("s = 1\n")
    (root / "stranger.py").write_text("not_imported = 1\n")
    return root


def plan(folder: Path) -> Plan:
    return Plan("p", (str(folder / "lf.py"),), stages=(Stage("L1", 10, 1, 60),))


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text()))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: "# a comment\n\n" + s,
        lambda s: s.replace("What it does.", "Something else."),
        lambda s: s.replace('        """Only words."""', "        pass"),
        lambda s: s.replace("helper.x + 1", "(helper.x  +  1)  # sum"),
        lambda s: s.replace("\n", "\r\n"),
        lambda s: "\ufeff" + s,
    ],
)
def test_comments_docstrings_and_format_do_not_count(
    change: Callable[[str], str], folder: Path
) -> None:
    before = fingerprint(plan(folder))
    text = change((folder / "lf.py").read_text())
    (folder / "lf.py").write_bytes(text.encode())
    assert fingerprint(plan(folder)) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("lf.py", "+ 1", "+ 2"),
        ("lf.py", "+ 1", "+ 1.0"),
        ("lf.py", "def other", "def another"),
        ("helper.py", "x = 1", "x = 2"),
        ("pkg/__init__.py", "a = 1", "a = 2"),
        ("pkg/deep.py", "thing = 1", "thing = 2"),
        ("pkg/near.py", "n = 1", "n = None"),
        ("pkg/sub.py", "s = 1", "s = '1'"),
    ],
)
def test_code_counts_also_that_of_helpers(file: str, old: str, new: str, folder: Path) -> None:
    before = fingerprint(plan(folder))
    rewrite(folder / file, lambda s: s.replace(old, new))
    assert fingerprint(plan(folder)) != before


def test_files_that_are_not_imported_do_not_count(folder: Path) -> None:
    before = fingerprint(plan(folder))
    rewrite(folder / "stranger.py", lambda s: s + "more = 2\n")
    (folder.parent / "outside.py").write_text("o = 1\n")
    assert fingerprint(plan(folder)) == before


def test_neither_place_nor_name_nor_promises_count(folder: Path, tmp_path: Path) -> None:
    first = plan(folder)
    copy = tmp_path / "elsewhere"
    shutil.copytree(folder, copy)
    (copy / "lf.py").rename(copy / "renamed.py")
    second = msgspec.structs.replace(
        first,
        name="other",
        source="/x.toml",
        locustfiles=(str(copy / "renamed.py"),),
        host="http://x",
        hosts={"A": "http://y"},
        thresholds=(Threshold("p95 < 1s"),),
        tolerances=(Tolerance("p95", fail="+1%"),),
    )
    assert fingerprint(second) == fingerprint(first)


@pytest.mark.parametrize(
    "change",
    [
        {"user_classes": ("A",)},
        {"stages": (Stage("L1", 11, 1, 60),)},
        {"stages": (Stage("L1", 10, 2, 60),)},
        {"stages": (Stage("L1", 10, 1, 61),)},
        {"stages": (Stage("L2", 10, 1, 60),)},
        {"time_scale": 0.5},
        {"tags": ("a",)},
        {"exclude_tags": ("a",)},
        {"args": {"think": 1}},
    ],
)
def test_the_load_counts(change: dict[str, object], folder: Path) -> None:
    before = plan(folder)
    assert fingerprint(msgspec.structs.replace(before, **change)) != fingerprint(before)


def test_flags_and_arguments_count_and_the_order_of_tags_does_not(folder: Path) -> None:
    bare = plan(folder)
    different = {
        fingerprint(bare),
        fingerprint(bare, Flags(users=5)),
        fingerprint(bare, Flags(spawn_rate=5)),
        fingerprint(bare, Flags(run_time_s=5)),
        fingerprint(bare, locust_args=["--think", "1"]),
    }
    assert len(different) == 5
    assert fingerprint(bare, Flags(host="http://x")) == fingerprint(bare)
    tagged = [msgspec.structs.replace(bare, tags=tags) for tags in (("a", "b"), ("b", "a"))]
    assert fingerprint(tagged[0]) == fingerprint(tagged[1])


def test_what_is_not_python_is_hashed_as_it_is(folder: Path) -> None:
    rewrite(folder / "lf.py", lambda s: "def f(:\n" + s)
    before = fingerprint(plan(folder))
    rewrite(folder / "lf.py", lambda s: s + "# a comment\n")
    assert fingerprint(plan(folder)) != before


def test_deep_nesting(folder: Path) -> None:
    (folder / "lf.py").write_text("x = " + "+".join(["1"] * 5000) + "\n")
    assert len(fingerprint(plan(folder))) == 16


def test_a_folder_of_locustfiles(folder: Path) -> None:
    whole = Plan("p", (str(folder),))
    before = fingerprint(whole)
    (folder / "_private.py").write_text("x = 1\n")
    assert fingerprint(whole) == before
    (folder / "another.py").write_text("x = 1\n")
    assert fingerprint(whole) != before


def test_a_missing_locustfile_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.py: the locustfile cannot be read"):
        fingerprint(Plan("p", (str(folder / "none.py"),)))
