"""Runs with a verdict to report, of every kind a report has to tell apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from loadtui.plan.model import Threshold
from loadtui.report.account.subject import RunSubject, run_subject
from loadtui.store.baseline_file import SUFFIX
from loadtui.store.manifest_file import write_manifest
from loadtui.store.run_folder import baselines_root
from loadtui.store.stored_run import Run
from loadtui.verdict.against_baseline import compare_with_baseline
from loadtui.verdict.promotion import promote
from tests.support.stored_runs import Traffic, keep_run, plan

STRANGE = (
    "GET /a|b`c`<img src=x onerror=alert(1)>\x1b[31m**@everyone** #1 ]]>&amp; 검색\n::error::x"
)
"""An endpoint that tries to be Markdown, HTML, XML, ANSI and a GitHub command."""
FAILING = 0.696
"""Share of the requests of BROKEN that fail: exactly 87 of 125."""

GOOD = {"GET /a": Traffic(100), STRANGE: Traffic(20)}
SLOW = {"GET /a": Traffic(300), STRANGE: Traffic(20)}
BROKEN = {
    "GET /a": Traffic(100, count=125, failing=FAILING),
    STRANGE: Traffic(20, count=125, failing=FAILING),
}


def baseline(project: Path, traffic: Any = GOOD) -> Path:
    """The file of a baseline of one run."""
    run = keep_run(project / "base", traffic, seed=1, plan=plan())
    promote(run, baselines_root(project), name="gateway")
    return baselines_root(project) / f"gateway{SUFFIX}"


def compared(project: Path, traffic: Any, name: str = "now", **fields: Any) -> Run:
    """A run that was held against the baseline, as a host does at its end."""
    base = baselines_root(project) / f"gateway{SUFFIX}"
    run = keep_run(project / name, traffic, **{"seed": 2, "plan": plan(), **fields})
    run.manifest = compare_with_baseline(run, base, others=[], project=project, strict=False)
    write_manifest(run.folder, run.manifest)
    return Run.open(run.folder)


def invalid(project: Path) -> Run:
    """A run whose thresholds would hold, and whose load generator lost samples."""
    with_threshold = plan(thresholds=(Threshold("p95 < 2s"),))
    run = keep_run(project / "invalid", GOOD, plan=with_threshold)
    validity = msgspec.structs.replace(
        run.manifest.validity, valid=False, reasons=["12 requests were lost | on the <way>"]
    )
    run.manifest = msgspec.structs.replace(
        run.manifest, validity=validity, verdict="invalid", exit_code=3
    )
    write_manifest(run.folder, run.manifest)
    return run


def subject(run: Run, project: Path) -> RunSubject:
    return run_subject(run, project)
