"""What a report's page says in words and numbers, ready to be put into its template."""

from __future__ import annotations

from datetime import datetime

from loadtui.plurals import counted
from loadtui.report.account import formatting
from loadtui.report.account.account import load_parts
from loadtui.report.account.compared_rows import comparison_remarks, power_sentence, side_name
from loadtui.report.account.recorded_remarks import recorded_remarks
from loadtui.report.account.run_contents import RunContents
from loadtui.report.account.verdict_words import (
    INVALID_RUN,
    NOT_COMPARED,
    RUN_STATES,
    STEERED,
    UNKNOWN_VALIDITY,
    WITHOUT_BASELINE,
    Wording,
    comparison_wording,
    generator_sentence,
    late_sentence,
    missing_requests,
    run_wording,
    sentence_case,
    started_sentence,
    time_scale_wording,
)
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
from loadtui.report.html.view import View, verdict_view, wording_view
from loadtui.samples.figures import Figures
from loadtui.store.comparison import Comparison
from loadtui.store.manifest import Manifest
from loadtui.verdict.exit_codes import failing_on_error


def page_view(contents: RunContents, comparison: Comparison | None, *, drawn: bool) -> View:
    """The page about a run; `drawn` says that its base is drawn beside it."""
    manifest = contents.manifest
    wording = run_wording(
        manifest.state, manifest.verdict, comparison_error=manifest.comparison_error
    )
    if not manifest.validity.valid:
        wording = INVALID_RUN
    return {
        "verdict": {
            **wording_view(wording),
            "word": wording.word.capitalize(),
            "why": _why(manifest, comparison),
        },
        "exit_code": manifest.exit_code,
        **_common(contents, comparison, drawn),
    }


def comparison_page_view(
    contents: RunContents, comparison: Comparison, exit_code: int, *, drawn: bool
) -> View:
    """The page about a run that was compared by hand, whose verdict is that of the comparison."""
    view = page_view(contents, comparison, drawn=drawn)
    view["verdict"] = {
        **verdict_view(comparison_wording(comparison)),
        "why": _against(comparison),
    }
    view["exit_code"] = exit_code
    return view


def _common(contents: RunContents, comparison: Comparison | None, drawn: bool) -> View:
    manifest = contents.manifest
    return {
        "plan": manifest.plan.name,
        "target": manifest.plan.target,
        "run": manifest.run,
        "when": _when(manifest),
        "course": " · ".join(load_parts(manifest)),
        "provenance": provenance_stamp(manifest),
        "generator": generator(manifest),
        "undrawn": undrawn(manifest),
        "users_title": "Users" if manifest.imported else "Users and requests in flight",
        "validity": _validity(manifest),
        "remarks": _remarks(contents),
        "percentiles": manifest.shown_percentiles,
        "kpis": _kpis(contents),
        "thresholds": threshold_rows(manifest),
        "comparison": _comparison(comparison, drawn),
        # The one stage of an imported run is all of it.
        "stages": [] if manifest.imported is not None else stage_rows(contents.summary),
        "endpoints": endpoint_table(contents.summary, drawn_endpoints(contents)),
        "errors": error_rows(contents),
        "exceptions": exception_rows(contents),
        "exceptions_allowed": manifest.plan.allow_exceptions,
        "metrics": metric_table_rows(contents.summary),
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


def _validity(manifest: Manifest) -> View:
    validity = manifest.validity
    return {
        "unknown": _unknown_validity() if manifest.known_valid is None else None,
        "valid": validity.valid,
        "text": sentence_case(generator_sentence(manifest) if validity.valid else ""),
        "meaning": sentence_case(INVALID_RUN.sentence),
        "reasons": validity.reasons,
    }


def _unknown_validity() -> View:
    return {"word": UNKNOWN_VALIDITY.word, "meaning": sentence_case(UNKNOWN_VALIDITY.sentence)}


def _why(manifest: Manifest, comparison: Comparison | None) -> str:
    """One line under the verdict."""
    if not manifest.validity.valid:
        return sentence_case(INVALID_RUN.sentence)
    parts = []
    if manifest.thresholds:
        met = sum(result.status == "pass" for result in manifest.thresholds)
        parts.append(f"{met} of {counted(len(manifest.thresholds), 'threshold')} met")
    if comparison is not None:
        parts.append(_against(comparison))
    return " · ".join(parts)


def _against(comparison: Comparison) -> str:
    return f"against {side_name(comparison.base)}"


def _remarks(contents: RunContents) -> list[View]:
    """What a reader has to know before the numbers: words and a sentence."""
    manifest = contents.manifest
    remarks = []
    if manifest.state in ("interrupted", "failed"):
        wording = RUN_STATES[manifest.state]
        reason = manifest.ended_because if manifest.state == "failed" else ""
        remarks.append(_remark(wording, reason or sentence_case(wording.sentence)))
    if (time_scale := time_scale_wording(manifest)) is not None:
        remarks.append(_remark(time_scale, sentence_case(time_scale.sentence)))
    if manifest.steered:
        remarks.append(_remark(STEERED, sentence_case(STEERED.sentence)))
    remarks += [
        {"tone": "warn", "word": "Remark", "text": sentence_case(remark)}
        for remark in recorded_remarks(manifest)
    ]
    remarks += [
        {"tone": "warn", "word": word.capitalize(), "text": f"{count}: {why}."}
        for word, count, why in missing_requests(manifest)
    ]
    if started := started_sentence(manifest):
        remarks.append({"tone": "calm", "word": "Started", "text": f"{started}."})
    if late := late_sentence(manifest):
        remarks.append({"tone": "calm", "word": "Late", "text": sentence_case(late)})
    if contents.summary.totals.whole.requests == 0:
        sentence = "No request finished, so there is nothing to draw."
        remarks.append({"tone": "bad", "word": "No requests", "text": sentence})
    if manifest.process_exit_code is not None:
        sentence = f"The locustfile set process_exit_code {manifest.process_exit_code}."
        tone = "bad" if manifest.process_exit_code else "warn"
        remarks.append({"tone": tone, "word": "Exit code", "text": sentence})
    if on_error := failing_on_error(manifest):
        sentence = f"--exit-code-on-error {manifest.plan.exit_code_on_error}: there is {on_error}."
        remarks.append({"tone": "bad", "word": "Exit code", "text": sentence})
    if manifest.comparison_error:
        remarks.append(_remark(NOT_COMPARED, manifest.comparison_error))
    if manifest.not_compared:
        remarks.append(_remark(WITHOUT_BASELINE, sentence_case(manifest.not_compared)))
    if manifest.note:
        remarks.append({"tone": "calm", "word": "Note", "text": manifest.note})
    return remarks


def _remark(wording: Wording, text: str) -> View:
    return {**wording_view(wording), "word": wording.word.capitalize(), "text": text}


def _kpis(contents: RunContents) -> list[View]:
    both = contents.summary.totals
    measured = bool(both.measured.requests)
    shown: Figures = both.measured if measured else both.whole
    part = "measured part" if measured else "whole run"
    whole = both.whole
    errors = formatting.percent(whole.error_rate)
    return [
        _kpi("Requests", formatting.count(whole.requests), "whole run"),
        _kpi("Requests/s", formatting.rate(shown.rps), part),
        *(_kpi(name, formatting.latency(ms), part) for name, ms in shown.percentiles.items()),
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
    return {
        **verdict_view(comparison_wording(comparison)),
        "against": _against(comparison),
        "runs": comparison.base.runs if comparison.base.kind == "baseline" else [],
        "drawn": drawn,
        "counts": [
            {"word": word, "count": formatting.count(count)}
            for word, count in comparison.counts.items()
        ],
        "power": sentence_case(power_sentence(comparison)),
        "failures": comparison.failures,
        "not_compared": comparison.not_compared,
        "remarks": comparison_remarks(comparison),
        "differences": comparison.differences,
        **comparison_rows(comparison),
    }


def _facts(manifest: Manifest) -> list[tuple[str, str]]:
    """What ran where, for the end of the page."""
    facts = [
        ("Run", manifest.run),
        ("Plan", manifest.plan.name),
        ("Target", manifest.plan.target),
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
    if manifest.tags:
        facts.append(("Tags", ", ".join(manifest.tags)))
    return [(name, value) for name, value in facts if value]
