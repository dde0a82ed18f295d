"""What users read is in the words of the field, in sentences that can be read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.prose import Passage, passages, words
from tests.support.source_tree import PACKAGE, ROOT, TESTS, modules
from tests.support.visible_strings import visible_strings

MAX_WORDS = 30
VOCABULARY = TESTS / "vocabulary.toml"
DOCUMENTS = sorted(
    [
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / name for name in ("CONTRIBUTING.md", "README.md", "README.ko.md", "SECURITY.md")),
    ]
)
NOTES_FOR_DEVELOPERS = re.compile(r"_internals\.py$")
"""Modules whose strings say what names of a dependency are for; they reach no user."""


@cache
def vocabulary() -> list[tuple[re.Pattern[str], str]]:
    listed = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))["word"]
    return [(re.compile(entry["find"], re.IGNORECASE), entry["instead"]) for entry in listed]


def private_words(text: str) -> Iterator[str]:
    """What is to be replaced, and by what."""
    for pattern, instead in vocabulary():
        found = pattern.search(text)
        if found is not None:
            yield f'"{found[0]}": {instead}'


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_is_in_plain_words(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    found = [
        f"{document.name}:{passage.line}: {complaint}"
        for passage in passages(text)
        for complaint in private_words(passage.text)
    ]
    assert found == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_has_no_sentence_that_is_too_long(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    long = [
        f"{document.name}:{passage.line}: {words(sentence)} words: {sentence}"
        for passage in passages(text)
        for sentence in passage.sentences()
        if words(sentence) > MAX_WORDS
    ]
    assert long == []


def test_help_and_messages_are_in_plain_words() -> None:
    found = [
        f"{module}:{line}: {complaint}"
        for module in modules()
        if not NOTES_FOR_DEVELOPERS.search(module)
        for line, text in visible_strings(PACKAGE / module)
        for complaint in private_words(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("the run goes on", True),
        ("the run is running; go on to the next page", False),
        ("what was kept", True),
        ("whether the generator kept up", False),
        ("it ends in order", True),
        ("in order to be found", False),
        ("10 requests a second", True),
        ("10 requests per second", False),
        ("other forms", True),
        ("as form fields, in this format", False),
    ],
)
def test_what_counts_as_a_private_word(text: str, bad: bool) -> None:
    assert bool(list(private_words(text))) is bad


def test_prose_is_read_without_its_code_and_markup() -> None:
    text = (
        "# Head\n\nOne `kept x` two\nthree ([link](kept.md)). Four.\n\n```sh\nkept\n```\n\n"
        "| a | `kept` |\n|---|---|\n- item\n"
    )
    assert list(passages(text)) == [
        Passage(1, "Head"),
        Passage(3, "One § two three (link). Four."),
        Passage(10, "a"),
        Passage(10, "§"),
        Passage(12, "item"),
    ]
    assert [words(sentence) for sentence in Passage(3, "One § two (link). Four.").sentences()] == [
        4,
        1,
    ]


def test_visible_strings_are_literals_and_the_help_of_commands(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""Hidden text."""\n'
        "import click\n"
        "SHOWN = 'a message'\n"
        '"""Hidden description."""\n'
        "@click.command('x')\n"
        "def command():\n"
        '    """Shown help."""\n'
        "    print(f'{SHOWN} is shown')\n"
        "def helper():\n"
        '    """Hidden docstring."""\n'
        "    return 'identifier'\n"
    )
    assert [text for _, text in visible_strings(module)] == [
        "a message",
        "Shown help.",
        "§ is shown",
    ]
