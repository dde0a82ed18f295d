"""A full-text index of passages: SQLite's FTS5, in memory."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

import msgspec

from loadtui.demo.passages import Passage

MOST_ADDED = 1_000
"""Passages that stay of what is added later; of more the oldest go, so that a long run does not
ask an ever larger index."""
CANDIDATES = 300
"""About how many passages are ranked for a query: its rarest words decide, which find the same and
bound the work."""
RECOUNT = 500
"""After so many changes it is counted anew how many passages hold a word."""

_TERM = re.compile(r"\w+")


class PassageHit(msgspec.Struct, frozen=True):
    id: str
    score: float
    """More is better; BM25 as FTS5 computes it."""
    text: str


class PassageIndex:
    """Passages by id, found by their words."""

    def __init__(self, lasting: Iterable[Passage]) -> None:
        """`lasting` passages are never dropped to make room."""
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        self._database.execute(
            "CREATE VIRTUAL TABLE passages USING fts5"
            "(id UNINDEXED, text, tokenize='porter unicode61')"
        )
        self._rows: dict[str, int] = {}
        self._added: dict[str, None] = {}
        self._next = 1
        self._counted: dict[str, int] = {}
        self._recount_at = 0
        self._write(lasting)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, passages: Iterable[Passage]) -> int:
        """Index passages, in place of those with the same id; how many there were."""
        return self._write(passages, self._added)

    def search(self, query: str, top_k: int) -> list[PassageHit]:
        """The best passages that hold any of the query's rarer words."""
        terms = self._rarest(dict.fromkeys(_TERM.findall(query.lower())))
        if not terms:
            return []
        rows = self._database.execute(
            "SELECT id, rank, text FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?",
            (" OR ".join(map(_quoted, terms)), top_k),
        )
        return [PassageHit(id_, -rank, text) for id_, rank, text in rows]

    def _rarest(self, terms: Iterable[str]) -> list[str]:
        """The rarest of these terms that are found at all, at least one."""
        counted = sorted((count, term) for term in terms if (count := self._holding(term)))
        rarest: list[str] = []
        candidates = 0
        for count, term in counted:
            candidates += count
            if rarest and candidates > CANDIDATES:
                break
            rarest.append(term)
        return rarest

    def _holding(self, term: str) -> int:
        """How many passages hold a term, or held it when that was last counted."""
        count = self._counted.get(term)
        if count is None:
            sql = "SELECT count(*) FROM passages WHERE passages MATCH ?"
            (count,) = self._database.execute(sql, (_quoted(term),)).fetchone()
            self._counted[term] = count
        return count

    def _write(self, passages: Iterable[Passage], added: dict[str, None] | None = None) -> int:
        count = 0
        self._database.execute("BEGIN")
        for id_, text in passages:
            self._drop(id_)
            self._database.execute(
                "INSERT INTO passages(rowid, id, text) VALUES (?, ?, ?)", (self._next, id_, text)
            )
            self._rows[id_] = self._next
            self._next += 1
            count += 1
            if added is not None:
                added.pop(id_, None)
                added[id_] = None
        while len(self._added) > MOST_ADDED:
            oldest = next(iter(self._added))
            del self._added[oldest]
            self._drop(oldest)
        self._database.execute("COMMIT")
        if self._next > self._recount_at:
            self._counted.clear()
            self._recount_at = self._next + RECOUNT
        return count

    def _drop(self, id_: str) -> None:
        row = self._rows.pop(id_, None)
        if row is not None:
            self._database.execute("DELETE FROM passages WHERE rowid = ?", (row,))


def _quoted(term: str) -> str:
    return f'"{term}"'
