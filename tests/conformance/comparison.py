"""What differs between a case under Locust and under loadtui, in words."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.conformance.case import Case
from tests.conformance.programs import Observed
from tests.support.scripted_server import Seen

RUNS = {True: "runs", False: "does not start"}
LONGEST = 150
TIME_OF_DAY = re.compile(r"_=\d{13}\b")
"""What Locust's `rest_` adds to a query."""


def differences(case: Case, locust: Observed, loadtui: Observed) -> list[str]:
    """One line for each; none when the two agree as far as the case asks for it."""
    return [
        *_starts(case, locust, loadtui),
        *_codes(case, locust, loadtui),
        *_figures(case, locust, loadtui),
        *_errors(case, locust, loadtui),
        *_exceptions(case, locust, loadtui),
        *_sayings(case, locust, loadtui),
        *_files(case, locust, loadtui),
        *_server(case, locust, loadtui),
    ]


def _starts(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    theirs = locust.started or case.requests == "none"  # then nothing shows it
    if theirs != case.runs:
        yield f"the case itself: under Locust it {RUNS[theirs]}"
    if loadtui.started != case.runs:
        yield f"start: Locust {RUNS[theirs]}, loadtui {RUNS[loadtui.started]}"


def _codes(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    codes = locust.code, loadtui.code
    alike = {
        "same": locust.code == loadtui.code,
        "fails": bool(locust.code) and bool(loadtui.code),
        "any": True,
    }
    if not alike[case.exit]:
        yield f"exit code: Locust {codes[0]}, loadtui {codes[1]}"


def _figures(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    if case.requests == "none":
        return
    totals = [sum(f.requests for f in seen.endpoints.values()) for seen in (locust, loadtui)]
    for key in sorted({*locust.endpoints, *loadtui.endpoints}):
        name = " ".join(key)
        theirs, ours = locust.endpoints.get(key), loadtui.endpoints.get(key)
        if theirs is None or ours is None:
            yield f"endpoint {name}: only under {'loadtui' if theirs is None else 'Locust'}"
        elif case.requests == "exact" and theirs != ours:
            yield (
                f"endpoint {name}: Locust {theirs.requests} requests and {theirs.failures} "
                f"failures, loadtui {ours.requests} and {ours.failures}"
            )
        elif bool(theirs.failures) != bool(ours.failures):
            yield f"endpoint {name}: failures {theirs.failures} and {ours.failures}"
        elif case.requests == "shares":
            shares = theirs.requests / totals[0], ours.requests / totals[1]
            if abs(shares[0] - shares[1]) > case.within:
                yield f"endpoint {name}: shares {shares[0]:.2f} and {shares[1]:.2f}"


def _errors(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    theirs, ours = ({" ".join(k): n for k, n in seen.errors.items()} for seen in (locust, loadtui))
    if case.requests == "exact":
        yield from _counted("error", theirs, ours)
    else:
        yield from _counted("error", dict.fromkeys(theirs, 1), dict.fromkeys(ours, 1))


def _sayings(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    if case.says == "none":
        return
    theirs, ours = locust.said, loadtui.said
    if case.says == "lines":
        theirs, ours = Counter(set(theirs)), Counter(set(ours))
    yield from _counted("said", theirs, ours)


def unheard(locust: Observed, loadtui: Observed) -> list[str]:
    """Lines that reached the terminal under Locust and not under loadtui."""
    return sorted(set(locust.heard) - set(loadtui.heard))


def _files(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    for name in sorted({*locust.files, *loadtui.files}):
        if any(fnmatch.fnmatch(name, pattern) for pattern in case.ignored_files):
            continue
        theirs, ours = locust.files.get(name), loadtui.files.get(name)
        if theirs != ours:
            yield f"file {name}: Locust wrote {theirs!r}, loadtui {ours!r}"


def _server(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    if case.server == "none":
        return
    theirs, ours = (_requests(case, seen.served) for seen in (locust, loadtui))
    yield from _counted("server", theirs, ours)


def _requests(case: Case, served: list[Seen]) -> Counter[str]:
    heads = [request.data for request in served]
    if case.server != "exact":
        heads = [data.split(b" HTTP/", 1)[0] for data in heads]
    texts = [TIME_OF_DAY.sub("_=…", data.decode("latin-1")) for data in heads]
    return Counter(set(texts) if case.server == "paths" else texts)


def _exceptions(case: Case, locust: Observed, loadtui: Observed) -> Iterable[str]:
    """Locust tells apart where something was raised, with its first message; here messages too."""
    theirs, ours = locust.exceptions, loadtui.exceptions
    for message in theirs.keys() - ours.keys():
        yield f"exception {message!r}: only under Locust"
    if case.exceptions == "more":
        return
    totals = theirs.total(), ours.total()
    if totals[0] != totals[1] if case.requests == "exact" else bool(totals[0]) != bool(totals[1]):
        yield f"exceptions: Locust {totals[0]}, loadtui {totals[1]}: {', '.join(ours)}"


def _counted(what: str, theirs: Any, ours: Any) -> Iterable[str]:
    for key in sorted({*theirs, *ours}):
        counts = theirs.get(key, 0), ours.get(key, 0)
        if counts[0] != counts[1]:
            yield f"{what} {_short(repr(key))}: Locust {counts[0]}, loadtui {counts[1]}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
