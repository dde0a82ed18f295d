"""What is said of a verdict: sign, word, tone and sentence of everything that can come of a run.

The one page of data that all formats of a report and all screens read: they only lay it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from loadtui.plurals import counted, thousands
from loadtui.store.comparison import Comparison, ComparisonRow
from loadtui.store.manifest import Manifest

Tone = Literal["good", "bad", "warn", "strong", "dim"]
"""How a word is coloured; never the only sign of anything."""


class Wording(NamedTuple):
    """One thing that can be said, in the few ways there are to say it."""

    sign: str
    word: str
    """In small letters."""
    tone: Tone
    sentence: str = ""
    """What it means, without a capital letter and without a full stop; empty: the word says it."""

    @property
    def headline(self) -> str:
        """`✓ PASS`: where it is the one thing to see."""
        return f"{self.sign} {self.word.upper()}"

    @property
    def phrase(self) -> str:
        """`invalid, its numbers cannot be trusted`: the word and what it means."""
        return f"{self.word}, {self.sentence}" if self.sentence else self.word

    @property
    def explained(self) -> str:
        """The headline and what it means."""
        return f"{self.headline}, {self.sentence}" if self.sentence else self.headline

    @property
    def in_list(self) -> str:
        """`✓ pass`, `✗ FAIL`: in a list what is bad stands out without its colour."""
        return self.headline if self.tone == "bad" else f"{self.sign} {self.word}"


RUN_VERDICTS: Mapping[str, Wording] = {
    "pass": Wording("✓", "pass", "good"),
    "fail": Wording("✗", "fail", "bad"),
    "invalid": Wording("✗", "invalid", "bad", "its numbers cannot be trusted"),
    "inconclusive": Wording("?", "inconclusive", "warn"),
}
"""The verdict of a manifest -> what is said of it."""
INVALID_RUN = RUN_VERDICTS["invalid"]
VALID_RUN = Wording("✓", "valid", "good")
UNKNOWN_VALIDITY = Wording("–", "not known", "warn", "imported: another program made the load")
BECOMING_INVALID = Wording("!", "becoming invalid", "warn")
"""While the run is not over."""
NOT_COMPARED = Wording("✗", "not compared", "bad")
WITHOUT_BASELINE = Wording("?", "not compared", "warn")
NOT_JUDGED = Wording("–", "not judged", "dim", "not judged, because the run is invalid")
NOT_RUN = Wording("–", "not run", "warn")

RUN_STATES: Mapping[str, Wording] = {
    "starting": Wording("◌", "starting", "warn"),
    "running": Wording("●", "running", "good"),
    "stopping": Wording("◍", "stopping", "warn"),
    "finished": Wording("■", "finished", "dim"),
    "interrupted": Wording("!", "interrupted", "warn", "the run did not come to its end"),
    "failed": Wording("✗", "failed", "bad", "the run broke off"),
}

THRESHOLD_STATUSES: Mapping[str, Wording] = {
    "fail": Wording("✗", "fail", "bad"),
    "missing": Wording("?", "missing", "bad", "there was nothing to judge"),
    "waived": Wording("!", "waived", "warn", "the locustfile set an exit code of 0 over it"),
    "pass": Wording("✓", "pass", "good"),
}
"""The gravest first."""

ROW_WORDS: Mapping[str, Wording] = {
    "regressed": Wording("!", "regressed", "warn"),
    "improved": Wording("✓", "improved", "good"),
    "unchanged": Wording("=", "unchanged", "dim"),
    "inconclusive": Wording("?", "inconclusive", "warn"),
    "not comparable": Wording("?", "not comparable", "warn"),
    "new": Wording("+", "new", "dim"),
    "shown": Wording("·", "shown", "dim"),
}
"""Of one metric in a comparison that does not fail."""

COMPARISON_VERDICTS: Mapping[str, Wording] = {
    "fail": RUN_VERDICTS["fail"],
    "regressed": Wording("!", "regressed", "warn", "within what is tolerated"),
    "inconclusive": RUN_VERDICTS["inconclusive"],
    "not comparable": ROW_WORDS["not comparable"],
    "pass": RUN_VERDICTS["pass"],
}
_FAILED_BY_REGRESSION = Wording("✗", "regressed", "bad")

JUDGEMENT_OUTCOMES: Mapping[str, Wording] = {
    "error": Wording("✗", "error", "bad"),
    "fail": Wording("✗", "failed", "bad"),
    "warning": Wording("!", "warning", "warn"),
    "undecided": Wording("?", "undecided", "warn"),
    "pass": Wording("✓", "passed", "good"),
}
"""Of a single judgement; the gravest first."""

PROVENANCES: Mapping[str, Wording] = {
    "measured": Wording("✓", "measured", "good", "requests were sent and timed"),
    "simulated": Wording(
        "!",
        "simulated",
        "warn",
        "drawn at random, nothing was measured and no server was asked",
    ),
    "imported": Wording(
        "!", "imported", "warn", "measured by another program, whose own health is not known"
    ),
}
SIMULATED_BY_SOURCE = PROVENANCES["simulated"]._replace(
    sentence="its source says so itself, its numbers were not measured"
)
"""Of an imported run that another program simulated."""

STEERED = Wording(
    "!", "steered", "warn", "users were changed by hand, so the run cannot be compared"
)
UNKNOWN_ERRORS = "The source does not say what failed, and how."
UNFINISHED_REQUESTS = "killed in flight or never reported; not counted"
LOST_REQUESTS = "finished and could not be saved; not counted"
LATE_ENDPOINTS_SHOWN = 3


def missing_requests(manifest: Manifest) -> list[tuple[str, str, str]]:
    """Requests that were started and are in no count: (what they are, how many in words, why)."""
    totals = manifest.totals
    rows = [
        ("unfinished", totals.unfinished, UNFINISHED_REQUESTS),
        ("lost", totals.lost, LOST_REQUESTS),
    ]
    return [
        (word, f"{counted(count, 'request')} {word}", why) for word, count, why in rows if count
    ]


def started_sentence(manifest: Manifest) -> str:
    """What became of all requests that were started; empty when all of them were recorded."""
    totals = manifest.totals
    if not missing_requests(manifest):
        return ""
    parts = (
        f"{thousands(totals.requests or 0)} recorded",
        f"{thousands(totals.unfinished)} unfinished",
        f"{thousands(totals.lost)} lost",
    )
    return f"{counted(totals.started or 0, 'request')} started: {', '.join(parts)}"


def run_wording(state: str, verdict: str, *, comparison_error: str = "") -> Wording:
    """What came of a run: its verdict, and of one without a verdict why there is none.

    A run that did not come to its end has no verdict but that it is invalid.
    """
    if verdict in RUN_VERDICTS and (state == "finished" or verdict == "invalid"):
        return RUN_VERDICTS[verdict]
    if state == "finished" and comparison_error:
        return NOT_COMPARED
    return RUN_STATES.get(state) or Wording("!", state or "unknown", "warn")


def row_wording(row: ComparisonRow) -> Wording:
    """The verdict on one metric of a comparison."""
    wording = ROW_WORDS[row.word]
    return wording._replace(sign="✗", tone="bad") if row.status == "fail" else wording


def comparison_wording(comparison: Comparison) -> Wording:
    """The verdict on a whole comparison."""
    if comparison.verdict == "fail" and any(
        row.word == "regressed" and row.status == "fail" for row in comparison.rows
    ):
        return _FAILED_BY_REGRESSION
    return COMPARISON_VERDICTS[comparison.verdict]


def provenance_word(kind: str) -> str:
    """`measured`; kinds that are not measured in capitals."""
    return kind if kind == "measured" else kind.upper()


def provenance_wording(manifest: Manifest) -> Wording:
    """Where the numbers of a run come from."""
    if manifest.provenance.kind == "simulated" and manifest.imported is not None:
        return SIMULATED_BY_SOURCE
    return PROVENANCES[manifest.provenance.kind]


def generator_sentence(manifest: Manifest) -> str:
    """How often the load generator was short of CPU; empty where that was not measured."""
    validity = manifest.validity
    if not validity.measured_seconds or manifest.provenance.kind != "measured":
        return ""
    return (
        f"load generator short of CPU in {validity.bad_seconds} of "
        f"{validity.measured_seconds} measured seconds"
    )


def late_sentence(manifest: Manifest) -> str:
    """What was sent after the end of the run, as by `on_stop`; empty where nothing was."""
    if not (late := manifest.totals.late):
        return ""
    by_number = sorted(manifest.late, key=lambda row: (-row.requests, row.method, row.name))
    shown = [
        f"{row.method} {row.name}".strip() + f": {row.requests}"
        for row in by_number[:LATE_ENDPOINTS_SHOWN]
    ]
    if further := len(by_number) - len(shown):
        shown.append(f"{counted(further, 'further endpoint')}")
    return f"{counted(late, 'request')} started after the end, not counted ({', '.join(shown)})"


def validity_sentence(manifest: Manifest) -> str:
    """`valid` with the load generator's health, or `INVALID`, what that means, and why; of an
    imported run that it is not known."""
    if not manifest.validity.valid:
        reasons = "; ".join(manifest.validity.reasons)
        return f"{INVALID_RUN.word.upper()}, {INVALID_RUN.sentence}: {reasons}"
    if manifest.known_valid is None:
        return UNKNOWN_VALIDITY.phrase
    generator = generator_sentence(manifest)
    return f"{VALID_RUN.word}; {generator}" if generator else VALID_RUN.word


def time_scale_wording(manifest: Manifest) -> Wording | None:
    """The remark on a plan that was run faster or slower than it is written; None: it was not."""
    scale = manifest.plan.time_scale
    if scale == 1.0:
        return None
    return Wording("!", f"time scale {scale:g}", "warn", "stages do not last as the plan says")


def sentence_case(text: str) -> str:
    """A sentence that stands by itself: with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}." if text else ""
