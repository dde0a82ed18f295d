"""The documents that the RAG service answers from: docstrings of Python's standard library as it is
installed here, and this program's own guides where they lie beside it."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import loadtui
from loadtui.errors import UsageError

LONGEST_PASSAGE = 1_500
"""Characters of a passage; what is longer is cut."""
SHORTEST_PASSAGE = 60

MODULES = """
abc argparse ast asyncio base64 bisect calendar collections concurrent.futures configparser
contextlib copy csv dataclasses datetime decimal difflib dis email.message enum fileinput
fnmatch fractions functools gzip hashlib heapq hmac html http.client http.cookiejar http.server
imaplib importlib inspect io ipaddress itertools json logging lzma mailbox math mimetypes
multiprocessing operator optparse os pathlib pickle platform pprint queue random re sched
secrets selectors shelve shutil signal smtplib socket sqlite3 statistics string struct
subprocess tarfile tempfile textwrap threading time timeit tokenize trace traceback types
unittest urllib.parse urllib.request uuid warnings weakref xml.dom.minidom xml.etree.ElementTree
zipfile
"""


class Passage(NamedTuple):
    id: str
    text: str


def passages() -> list[Passage]:
    """All of them, in a fixed order; UsageError where docstrings were left out."""
    texts: dict[str, str] = {}
    for name in MODULES.split():
        for id_, text in _of_module(name):
            texts.setdefault(id_, text)
    if not texts:
        raise UsageError("the RAG service answers from docstrings, start Python without -OO")
    texts.update(_of_guides(Path(loadtui.__file__).resolve().parents[2] / "docs"))
    return [Passage(id_, text[:LONGEST_PASSAGE]) for id_, text in texts.items()]


def _of_module(name: str) -> Iterator[tuple[str, str]]:
    module = importlib.import_module(name)
    yield from _documented(name, module)
    for attribute, value in _public(module):
        if getattr(value, "__module__", None) not in (name, f"_{name}"):
            continue  # It is documented where it comes from.
        yield from _documented(f"{name}.{attribute}", value)
        if inspect.isclass(value):
            for method, function in _public(value):
                yield from _documented(f"{name}.{attribute}.{method}", function)


def _public(owner: ModuleType | type) -> Iterator[tuple[str, object]]:
    for name, value in sorted(vars(owner).items()):
        if not name.startswith("_") and (inspect.isclass(value) or inspect.isroutine(value)):
            yield name, value


def _documented(id_: str, value: object) -> Iterator[tuple[str, str]]:
    text = getattr(value, "__doc__", None)
    if isinstance(text, str) and len(text) >= SHORTEST_PASSAGE:
        yield id_, inspect.cleandoc(text)


def _of_guides(folder: Path) -> Iterator[tuple[str, str]]:
    """The sections of each guide, by the words of its heading."""
    for path in sorted(folder.glob("*.md")):
        for section in re.split(r"^(?=#+ )", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            heading = section.partition("\n")[0].lstrip("# ").strip().lower()
            if heading and len(section) >= SHORTEST_PASSAGE:
                yield f"docs/{path.name}#{re.sub(r'[^a-z0-9]+', '-', heading)}", section.strip()
