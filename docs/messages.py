"""Writes docs/messages.md: every error of the program, to be found by a search for its words.

`python docs/messages.py` brings the page up to date from the code, `--check` only says whether it
is (exit code 1 where not).
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "messages.md"
PACKAGE = ROOT / "src" / "loadtui"
ERRORS = {"UsageError", "BadParameter"}
LEAST_WORDS = 3
"""A pattern of fewer words is filled from elsewhere, and finds nothing."""
HEADINGS = {
    "cli": "Commands and their options",
    "plan": "Plans and load",
    "settings.py": "Settings in pyproject.toml",
    "engine": "Locustfiles, and starting a run",
    "launch": "Reaching a run",
    "store": "Saved runs, archives and baselines",
    "verdict": "Comparing and promoting",
    "importing": "Importing results of other programs",
    "report": "Reports",
    "issues": "Issues",
    "github": "GitHub",
    "simulate": "Simulated runs",
    "demo": "The demo",
    "tui": "The workbench",
    "web_api": "Locust's web API",
    "users": "Users for AI services",
}
HEAD = """# Messages

Every error of the program, as a pattern: `…` stands for a name, a number or another part. Each
message says what was found and what to do. They are printed on stderr, with exit code 2 unless
[exit codes](run.md#exit-codes) say otherwise; `--debug` adds a traceback. What to do about results
is in [troubleshooting](troubleshooting.md). This page is written by `python docs/messages.py`.
"""


def page() -> str:
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(PACKAGE.rglob("*.py")):
        top = path.relative_to(PACKAGE).parts[0]
        found[HEADINGS.get(top, "Others")] |= set(patterns(path.read_text(encoding="utf-8")))
    order = [*HEADINGS.values(), "Others"]
    parts = [HEAD]
    for heading in order:
        if messages := sorted(found[heading], key=str.lower):
            parts.append("\n".join([f"## {heading}\n", "```text", *messages, "```\n"]))
    return "\n".join(parts)


def patterns(source: str) -> Iterator[str]:
    """What is said where an error is made."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            pattern = _pattern(node.args[0]) if name in ERRORS else ""
            if len([w for w in pattern.split() if any(c.isalpha() for c in w)]) >= LEAST_WORDS:
                yield " ".join(pattern.split())


def _pattern(message: ast.expr) -> str:
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        return message.value
    if isinstance(message, ast.JoinedStr):
        parts = [str(p.value) if isinstance(p, ast.Constant) else "…" for p in message.values]
        return "".join(parts).replace("……", "…")
    return ""


def main() -> int:
    current = page()
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(current, encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == current:
        return 0
    print("docs/messages.md is out of date: run `python docs/messages.py`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
