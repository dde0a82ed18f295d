"""What a report's page says in words and numbers, ready to be put into its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from loadtui.report.account import formatting
from loadtui.report.account.run_contents import RunContents, target
from loadtui.report.html.chart_data import drawn_endpoints
from loadtui.report.html.page_tables import (
    TELLING_ERROR_RATE,
    comparison_rows,
    endpoint_table,
    error_rows,
    exception_rows,
    metric_table_rows,
    stage_rows,
    threshold_rows,
)
from loadtui.report.html.provenance_stamp import generator, provenance_stamp, undrawn
from loadtui.report.text.comparison_text import banner_word
from loadtui.report.text.run_text import plural
from loadtui.samples.figures import Figures
from loadtui.store.comparison import Comparison
from loadtui.store.manifest import Manifest

View = dict[str, Any]

_TONES = {"good": "good", "bad": "bad", "warn": "warn", "dim": "calm", "strong": "calm"}
_WORDS = {"pass": ("✓", "Pass", "good"), "fail": ("✗", "Fail", "bad")}
_INVALID = ("✗", "Invalid", "bad")


def page_view(found: RunContents, comparison: Comparison | None, *, drawn: bool) -> View:
    """The page about a run; `drawn` says that its base is drawn beside it."""
    manifest = found.manifest
    sign, word, tone = _WORDS.get(
        manifest.verdict, ("!", (manifest.verdict or manifest.state).capitalize(), "warn")
    )
    if not manifest.validity.valid:
        sign, word, tone = _INVALID
    return {
        "verdict": {"sign": sign, "word": word, "tone": tone, "why": _why(manifest, comparison)},
        "exit_code": manifest.exit_code,
        **_common(found, comparison, drawn),
    }


def comparison_page_view(
    found: RunContents, comparison: Comparison, exit_code: int, *, drawn: bool
) -> View:
    """The page about a run that was compared by hand, whose verdict is that of the comparison."""
    shown = page_view(found, comparison, drawn=drawn)
    text, style = banner_word(comparison)
    sign, word = text.split(" ", 1)
    shown["verdict"] = {
        "sign": sign,
        "word": word.capitalize(),
        "tone": _TONES[style],
        "why": _against(comparison),
    }
    shown["exit_code"] = exit_code
    return shown


def _common(found: RunContents, comparison: Comparison | None, drawn: bool) -> View:
    manifest = found.manifest
    return {
        "plan": manifest.plan.name,
        "target": target(manifest.plan),
        "run": manifest.run,
        "when": _when(manifest),
        "course": _course(manifest),
        "provenance": provenance_stamp(manifest),
        "generator": generator(manifest),
        "undrawn": undrawn(manifest),
        "validity": _validity(manifest),
        "remarks": _remarks(found),
        "kpis": _kpis(found),
        "thresholds": threshold_rows(manifest),
        "comparison": _comparison(comparison, drawn),
        # The one stage of an imported run is all of it.
        "stages": [] if manifest.imported is not None else stage_rows(found.summary),
        "endpoints": endpoint_table(found.summary, drawn_endpoints(found)),
        "errors": error_rows(found),
        "exceptions": exception_rows(found),
        "exceptions_allowed": manifest.plan.allow_exceptions,
        "metrics": metric_table_rows(found.summary),
        "facts": _facts(manifest),
    }


def when_text(rfc3339: str) -> str:
    """A moment as people write it: 23 Nov 2026, 10:15 UTC; as it is when it is none."""
    try:
        moment = datetime.fromisoformat(rfc3339)
    except ValueError:
        return rfc3339
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def _when(manifest: Manifest) -> str:
    moment = when_text(manifest.started)
    return f"imported {moment}" if _unknown_start(manifest) else moment


def _unknown_start(manifest: Manifest) -> bool:
    return manifest.imported is not None and not manifest.imported.started_known


def _course(manifest: Manifest) -> str:
    length, users = manifest.length_s, manifest.most_users
    said: list[str] = [manifest.state]
    if length is not None:
        said = [f"{manifest.state} after {formatting.duration(length)}"]
    if users:
        said.append(f"up to {plural(users, 'user')}")
    if manifest.ended_because:
        said.append(manifest.ended_because)
    return " · ".join(said)


def _validity(manifest: Manifest) -> View:
    found = manifest.validity
    text = ""
    if found.valid and found.measured_seconds and manifest.provenance.kind == "measured":
        text = (
            f"The load generator was short of CPU in {found.bad_seconds} of "
            f"{found.measured_seconds} measured seconds."
        )
    return {"valid": found.valid, "text": text, "reasons": found.reasons}


def _why(manifest: Manifest, comparison: Comparison | None) -> str:
    """One line under the verdict."""
    if not manifest.validity.valid:
        return "Its numbers say nothing."
    said = []
    broken = sum(result.status != "pass" for result in manifest.thresholds)
    if manifest.thresholds:
        kept = len(manifest.thresholds) - broken
        said.append(f"{kept} of {plural(len(manifest.thresholds), 'threshold')} kept")
    if comparison is not None:
        said.append(_against(comparison))
    return " · ".join(said)


def _against(comparison: Comparison) -> str:
    base = comparison.base
    runs = plural(len(base.runs), "run")
    what = f"baseline {base.name} ({runs})" if base.kind == "baseline" else base.name
    return f"against {what}"


def _remarks(found: RunContents) -> list[View]:
    """What a reader has to know before the numbers: words and a sentence."""
    manifest = found.manifest
    said: list[tuple[str, str, str]] = []
    if manifest.state == "interrupted":
        said.append(("warn", "Interrupted", "The run did not come to its end."))
    if manifest.state == "failed":
        said.append(("bad", "Failed", manifest.ended_because or "The run could not go on."))
    if manifest.plan.time_scale != 1.0:
        scale = f"Stages were stretched by {manifest.plan.time_scale:g} and not as the plan says."
        said.append(("warn", "Time scale", scale))
    if manifest.steered:
        said.append(("warn", "Steered", "Users were changed by hand, so it cannot be compared."))
    if unfinished := manifest.totals.unfinished:
        killed = f"{plural(unfinished, 'request')} killed in flight at the end, not in the counts."
        said.append(("warn", "Unfinished", killed))
    if not found.summary.totals.whole.requests and found.summary.totals.whole.requests is not None:
        said.append(("bad", "No requests", "No request finished, so there is nothing to draw."))
    if manifest.process_exit_code is not None:
        set_to = f"The locustfile set process_exit_code {manifest.process_exit_code}."
        said.append(("bad" if manifest.process_exit_code else "warn", "Exit code", set_to))
    if manifest.comparison_error:
        said.append(("bad", "Not compared", manifest.comparison_error))
    if manifest.note:
        said.append(("calm", "Note", manifest.note))
    return [{"tone": tone, "word": word, "text": text} for tone, word, text in said]


def _kpis(found: RunContents) -> list[View]:
    both = found.summary.totals
    measured = bool(both.measured.requests)
    shown: Figures = both.measured if measured else both.whole
    part = "measured part" if measured else "whole run"
    whole = both.whole
    errors = formatting.percent(whole.error_rate)
    return [
        _kpi("Requests", formatting.count(whole.requests), "whole run"),
        _kpi("Requests/s", formatting.rate(shown.rps), part),
        _kpi("p50", formatting.latency(shown.p50_ms), part),
        _kpi("p95", formatting.latency(shown.p95_ms), part),
        _kpi("p99", formatting.latency(shown.p99_ms), part),
        _kpi(
            "Failed",
            errors,
            f"{formatting.count(whole.failures)} of {formatting.count(whole.requests)}",
            "bad" if (whole.error_rate or 0.0) >= TELLING_ERROR_RATE else "calm",
        ),
    ]


def _kpi(label: str, value: str, note: str, tone: str = "calm") -> View:
    number, _, unit = value.rpartition(" ")
    if not number or unit.isdigit():  # Thousands are set apart by a space too.
        number, unit = value, ""
    return {"label": label, "value": number, "unit": unit, "note": note, "tone": tone}


def _comparison(comparison: Comparison | None, drawn: bool) -> View | None:
    if comparison is None:
        return None
    text, style = banner_word(comparison)
    sign, word = text.split(" ", 1)
    finds = comparison.finds_p95
    power = ""
    if finds is not None:
        low, high = (f"+{share * 100:.0f} %" for share in finds)
        span = low if low == high else f"{low} to {high}, depending on the endpoint"
        power = (
            f"{plural(comparison.tests, 'metric')} tested together; a rise of p95 is found 9 times "
            f"in 10 from {span}."
        )
    return {
        "sign": sign,
        "word": word.capitalize(),
        "tone": _TONES[style],
        "against": _against(comparison),
        "runs": comparison.base.runs if comparison.base.kind == "baseline" else [],
        "drawn": drawn,
        "counts": [
            {"word": word, "count": formatting.count(count)}
            for word, count in comparison.counts.items()
        ],
        "power": power,
        "failures": comparison.failures,
        "remarks": comparison.remarks,
        "differences": comparison.differences,
        **comparison_rows(comparison),
    }


def _facts(manifest: Manifest) -> list[tuple[str, str]]:
    """What ran where, for the end of the page."""
    facts = [
        ("Run", manifest.run),
        ("Plan", manifest.plan.name),
        ("Target", target(manifest.plan)),
        ("Imported" if _unknown_start(manifest) else "Started", when_text(manifest.started)),
        ("Fingerprint", manifest.fingerprint),
    ]
    if manifest.git is not None:
        dirty = " (with uncommitted changes)" if manifest.git.dirty else ""
        facts.append(("Commit", f"{manifest.git.commit}{dirty}"))
    if manifest.imported is not None:
        facts += [
            (file.name, f"{formatting.size(file.size)}, sha256 {file.sha256}")
            for file in manifest.imported.files
        ]
    if manifest.workers:
        facts.append(("Workers", str(len(manifest.workers))))
    facts += [(name, version) for name, version in manifest.versions.items()]
    facts += [
        (name.replace("_", " "), str(value))
        for name, value in manifest.machine.items()
        if isinstance(value, (str, int, float))
    ]
    facts += [("Not honoured", option) for option in manifest.ignored_options]
    if manifest.tags:
        facts.append(("Tags", ", ".join(manifest.tags)))
    return [(name, value) for name, value in facts if value]
