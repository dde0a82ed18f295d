"""One damaged input on its whole way: read, saved, and shown in every view."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from xml.etree import ElementTree

from loadtui.errors import UsageError
from loadtui.importing.imported_run import store_imported_run
from loadtui.importing.run_sources import read_files
from loadtui.importing.source import ImportSource
from loadtui.report.account.shortening import visible_sentence
from tests.importing.fuzz.mutations import mutated
from tests.importing.fuzz.seeds import FuzzSeed, seeds_of
from tests.support.imported_views import all_views

CPU_LIMIT_S = 5
"""Reading an input of a few thousand bytes takes no longer, and showing what was read."""
VIEWS_PER_SECOND_S = 0.0002
"""Beyond that for each second of the run, of which some views have a line."""
MEMORY_LIMIT = 2_000_000_000
"""Bytes that an input may need beside those that the program has."""
_PACKAGE = "loadtui"


class Finding(NamedTuple):
    """An input that did not end as it has to."""

    number: int
    place: str
    """Exception and where it was raised, the same for all inputs that find the same."""
    details: str


class Outcome(NamedTuple):
    accepted: bool
    shown: bool
    finding: Finding | None = None


class TooSlow(BaseException):
    """Is caught by nothing on its way."""


def fuzz_input(reader: str, number: int) -> FuzzSeed:
    """The input of that number, always the same; one of its files is damaged."""
    draw = Random(f"{reader} {number}")
    files = dict(draw.choice(seeds_of(reader)))
    name = draw.choice(list(files))
    files[name] = mutated(draw, files[name])
    if len(files) > 1 and draw.random() < 0.2:
        del files[draw.choice(list(files))]
    return files


def try_seeds(reader: str, folder: Path) -> list[Outcome]:
    """The seeds as they are, which have to be accepted; the first on the whole way."""
    return [
        try_files(files, -1 - at, folder, show=not at) for at, files in enumerate(seeds_of(reader))
    ]


def try_input(reader: str, number: int, folder: Path, *, show: bool) -> Outcome:
    """Read an input; with `show` save and show what was read of it as well."""
    return try_files(fuzz_input(reader, number), number, folder, show=show)


def try_files(files: FuzzSeed, number: int, folder: Path, *, show: bool) -> Outcome:
    written = []
    for name, content in files.items():
        written.append(folder / name)
        written[-1].write_bytes(content)
    accepted = False
    try:
        sources = read_input(written)
        accepted = bool(sources)
        for source in sources[:2] if show else ():
            with _limited(CPU_LIMIT_S + VIEWS_PER_SECOND_S * len(source.record.seconds)):
                _show(source, folder / "project")
    except (Exception, TooSlow) as error:
        return Outcome(accepted, show and accepted, Finding(number, _place_of(error), _told(error)))
    finally:
        shutil.rmtree(folder / "project", ignore_errors=True)
        for path in written:
            path.unlink()
    return Outcome(accepted, show and accepted)


def limit_memory() -> None:
    """Let this process get only so much more memory than it has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY_LIMIT
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def read_input(paths: list[Path]) -> list[ImportSource]:
    """What is read of files, nothing of those that are refused in a sentence that names one."""
    try:
        with _limited(CPU_LIMIT_S):
            return list(read_files(paths))
    except UsageError as error:
        sentence = visible_sentence(str(error))
        sentence.encode()
        assert any(str(path) in sentence for path in paths), f"it names no file: {sentence}"
        return []


def _show(source: ImportSource, project: Path) -> None:
    project.mkdir(exist_ok=True)
    base = store_imported_run(source, project=project, name="fuzz")
    run = store_imported_run(source, project=project, name="fuzz")
    for name, text in all_views(base, run, project):
        if "json" in name:
            json.loads(text, parse_constant=_no_number)
        elif "junit" in name:
            ElementTree.fromstring(text)
        else:
            text.encode()


def _no_number(text: str) -> Any:
    raise AssertionError(f"{text} in JSON")


@contextmanager
def _limited(cpu_s: float) -> Iterator[None]:
    def stop(number: int, frame: object) -> None:
        raise TooSlow(f"took longer than {cpu_s:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _place_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if f"/{_PACKAGE}/" in frame.filename] or list(frames)
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "?"
    return f"{type(error).__name__} in {where}"


def _told(error: BaseException) -> str:
    return "".join(traceback.format_exception(error, limit=-6))[-3000:]
