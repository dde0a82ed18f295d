"""What the RAG service answers from, and how it finds it."""

from __future__ import annotations

import inspect
import json

import pytest

from loadtui.demo import passage_index
from loadtui.demo.passage_index import PassageIndex
from loadtui.demo.passages import LONGEST_PASSAGE, Passage, passages


@pytest.fixture(scope="module")
def found() -> list[Passage]:
    return passages()


def test_passages_are_the_standard_librarys_own_words(found: list[Passage]) -> None:
    texts = dict(found)
    assert len(texts) == len(found) > 1_000
    assert texts["json.dumps"] == inspect.cleandoc(json.dumps.__doc__ or "")[:LONGEST_PASSAGE]
    assert found == passages(), "the same in the same order every time"


def test_a_question_finds_its_module(found: list[Passage]) -> None:
    index = PassageIndex(found)
    best = index.search("send an email message over SMTP with TLS", 3)
    assert best[0].id.startswith("smtplib")
    assert [hit.score for hit in best] == sorted((hit.score for hit in best), reverse=True)


def test_words_in_other_forms_are_found() -> None:
    index = PassageIndex([Passage("a", "It compresses archives."), Passage("b", "Nothing else.")])
    assert [hit.id for hit in index.search("compressed archive", 5)] == ["a"]


@pytest.mark.parametrize("query", ["", "?!", '" OR 1 NEAR(', "zzzzz"])
def test_odd_queries_find_nothing(query: str) -> None:
    assert PassageIndex([Passage("a", "some text")]).search(query, 5) == []


def test_the_rarest_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage_index, "CANDIDATES", 3)
    common = [Passage(f"c{n}", "the value of it") for n in range(10)]
    index = PassageIndex([*common, Passage("rare", "a walrus")])
    assert [hit.id for hit in index.search("the value of the walrus", 5)] == ["rare"]
    assert len(index.search("the value", 5)) == 5, "one word at least is looked for"


def test_a_passage_indexed_again_takes_the_place_of_the_former() -> None:
    index = PassageIndex([Passage("a", "old words")])
    assert index.add([Passage("a", "new sentence")]) == 1
    assert len(index) == 1
    assert index.search("old", 5) == []
    assert [hit.text for hit in index.search("sentence", 5)] == ["new sentence"]


def test_the_oldest_added_go_and_the_lasting_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage_index, "MOST_ADDED", 3)
    index = PassageIndex([Passage("lasting", "stays for good")])
    index.add(Passage(f"p{n}", f"word{n}") for n in range(5))
    assert len(index) == 4
    assert index.search("word0 word1", 5) == []
    assert [hit.id for hit in index.search("word4 good", 5)] != []
    assert index.search("good", 5)[0].id == "lasting"
