"""Which files can be imported at all, whatever is in them."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtui.errors import UsageError
from loadtui.importing.run_sources import read_files
from tests.support.locust_files import stats_csv

Written = Callable[..., Path]

DATA = Path(__file__).parent / "data"
FILES = sorted(path for path in DATA.rglob("*.*") if path.suffix != ".md")
ODD_VALUES = [None, [], {}, "x", -1, 0, 1.5, 1e308, 10**30, True, [1], {"200": {"count": -1}}]


def said_of(path: Path) -> str:
    with pytest.raises(UsageError) as error:
        list(read_files([path]))
    assert error.value.exit_code == 2
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        (" \n\r\n", "is empty"),
        (b"\x00\x01\x02\xff" * 50, "is no text file"),
        ("caf\u00e9,1\n".encode("latin-1"), "is not UTF-8 text"),
        ("a,b,c\n1,2,3\n", "no format that can be imported"),
        ("# a README\n", "no format that can be imported"),
        ("{}", "no format that can be imported"),
        ("[]", "empty list"),
        ("[1, 2]", "no format that can be imported"),
        ('{"gateway": {"p95_latency_ms": NaN}}', "holds NaN"),
        ('{"gateway": {"p95_latency_ms": Infinity}}', "holds Infinity"),
        ('{"gateway": {"rps": 1, "rps": 2}}', "key 'rps' is there twice"),
        ('{"gateway": {"rps": 1', "cut off or no JSON"),
        ('{"url": "/"}\n{"url": "/"}', "line 2: another document begins behind the first"),
        ('{"gateway": {"requests": 5, "rps": ' + "9" * 6000 + "}}", "no finite number"),
        ("[" * 100_000, "nested too deeply"),
        ("<!DOCTYPE html>\n<html><meta charset=utf-8>", "import the JSON, CSV or log"),
        (" \n<HTML lang='en'><body>", "is an HTML page"),
        ("<html/>", "is an HTML page"),
        ("<htmlike></htmlike>", "it begins with <htmlike>"),
    ],
)
def test_one_sentence_says_what_is_wrong(written: Written, content: str | bytes, why: str) -> None:
    assert why in said_of(written("some.file", content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "does not exist" in said_of(tmp_path / "nothing.csv")
    assert "is no file" in said_of(tmp_path)


def test_a_huge_json_is_not_even_opened(written: Written) -> None:
    path = written("huge.json", "[" + " " * 5000)
    with path.open("r+b") as file:
        file.truncate(300_000_000)
    assert "300 MB" in said_of(path)


class TestNamedTwice:
    ROW = "timeStamp,elapsed,label,success\n1700000000000,5,{},true\n"

    def remarks(self, *paths: Path) -> list[list[str]]:
        """Of each run what it says of other files."""
        return [
            [remark for remark in source.remarks if "holds the same" in remark]
            for source in read_files(paths)
        ]

    def test_by_another_path(self, written: Written) -> None:
        path = written("a.jtl", self.ROW.format("a"))
        link, hard = path.with_name("link.jtl"), path.with_name("hard.jtl")
        link.symlink_to(path)
        hard.hardlink_to(path)
        detour = path.parent / ".." / path.parent.name / path.name
        assert self.remarks(path, path) == [[]]
        assert self.remarks(path, link, detour, hard) == [
            [
                f"{other} holds the same as {path}, and was taken once"
                for other in (link, detour, hard)
            ]
        ]

    def test_by_a_copy(self, written: Written) -> None:
        path, other = (written(f"{name}.jtl", self.ROW.format(name)) for name in "ab")
        copy = written("copy.jtl", self.ROW.format("a"))
        assert self.remarks(path, other, copy) == [
            [f"{copy} holds the same as {path}, and was taken once"],
            [],
        ]

    def test_several_runs_of_one_file_are_not_the_same(self, written: Written) -> None:
        text = self.ROW.format("a")
        assert self.remarks(written("a.jtl", text + text)) == [[], []]

    def test_files_of_two_runs_may_be_alike(self, written: Written) -> None:
        paths = []
        for name, count in (("a", 3), ("b", 4)):
            paths.append(written(f"{name}_stats.csv", stats_csv({("GET", "/"): (count, 0)})))
            paths.append(written(f"{name}_failures.csv", "Method,Name,Error,Occurrences\n"))
        assert self.remarks(*paths) == [[], []]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, file: Path, data: st.DataObject
) -> None:
    content = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    patch = data.draw(st.sampled_from([b"", b'"', b"\n", b",", b"9" * 30, b"\xff", b"<", b"}"]))
    content[at : at + data.draw(st.integers(0, 40))] = patch
    path = tmp_path_factory.mktemp("damaged") / file.name
    path.write_bytes(content)
    try:
        sources = list(read_files([path]))
    except UsageError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert len(sources) == 1


def places_in(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Keys and positions that lead to each value within a JSON document."""
    yield place
    if isinstance(value, list):
        value = dict(enumerate(value))
    for name, inner in value.items() if isinstance(value, dict) else ():
        yield from places_in(inner, (*place, name))


@settings(max_examples=80, deadline=None)
@given(st.sampled_from([path for path in FILES if path.suffix == ".json"]), st.data())
def test_json_with_an_odd_value_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, file: Path, data: st.DataObject
) -> None:
    first, _ = json.JSONDecoder().raw_decode(file.read_text())  # of lines the first
    document = {"at the top": first}
    *before, last = data.draw(st.sampled_from(list(places_in(document))[1:]))
    inside: Any = document
    for name in before:
        inside = inside[name]
    inside[last] = data.draw(st.sampled_from(ODD_VALUES))
    path = tmp_path_factory.mktemp("odd") / file.name
    path.write_text(json.dumps(document["at the top"]))
    try:
        sources = list(read_files([path]))
    except UsageError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert len(sources) == 1


def test_an_archive_of_runs_belongs_to_another_command(tmp_path: Path) -> None:
    path = tmp_path / "runs.tar"
    with tarfile.open(path, "w") as archive:
        archive.add(DATA, "data", recursive=False)
    assert f"`loadtui runs import {path}`" in said_of(path)
