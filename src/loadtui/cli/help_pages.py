"""What `--help` of each command shows beside its options: examples, and how they are grouped."""

from __future__ import annotations

from typing import NamedTuple


class HelpPage(NamedTuple):
    """Of one command."""

    examples: tuple[str, ...]
    """Whole command lines, to be copied."""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Title -> names of the options under it; all others come under `Options` at the end."""


_OUTPUT = ("html", "markdown", "json", "junit", "csv", "csv-full-history", "github")

HELP_PAGES: dict[str, HelpPage] = {
    "": HelpPage(
        (
            "loadtui demo",
            "loadtui run locustfile.py -H http://127.0.0.1:8000 -u 10 -r 2 -t 1m",
            "loadtui run scenarios/gateway.toml --no-ui",
        )
    ),
    "run": HelpPage(
        (
            "loadtui run scenarios/gateway.toml",
            "loadtui run locustfile.py -H http://127.0.0.1:8000 -u 10 -r 2 -t 1m",
            'loadtui run plan.toml --no-ui --junit junit.xml --check "p95 < 2s"',
            "loadtui run locustfile.py -t 1m -- --think 1-2",
        ),
        (
            (
                "What runs",
                ("locustfile", "config", "host", "tags", "exclude-tags"),
            ),
            (
                "Load",
                ("users", "spawn-rate", "run-time", "time-scale", "stop-timeout", "give-up"),
            ),
            (
                "Verdict",
                (
                    *("check", "exit-code-on-error", "baseline", "no-baseline", "baselines"),
                    *("require-baseline", "confirm", "strict"),
                ),
            ),
            ("Results", (*_OUTPUT, "percentiles", "note", "tag")),
            ("Screen and printing", ("no-ui", "detach", "quiet", "loglevel", "marker", "no-mouse")),
            ("Processes", ("processes", "pin", "stock-http", "web-port", "web-host")),
        ),
    ),
    "check": HelpPage(
        (
            "loadtui check scenarios/gateway.toml",
            "loadtui check locustfile.py -H http://127.0.0.1:8000 --connect",
        )
    ),
    "runs": HelpPage(
        (
            "loadtui runs",
            "loadtui runs show latest",
            'loadtui runs note latest "after the cache was enlarged"',
        )
    ),
    "runs list": HelpPage(("loadtui runs list", "loadtui runs list --plan gateway --limit 5")),
    "runs show": HelpPage(("loadtui runs show latest", "loadtui runs show latest --history")),
    "runs note": HelpPage(('loadtui runs note latest "the new build"',)),
    "runs tag": HelpPage(("loadtui runs tag latest +nightly -draft", "loadtui runs tag latest")),
    "runs rm": HelpPage(("loadtui runs rm 20261128-153504 -y",)),
    "runs verify": HelpPage(("loadtui runs verify", "loadtui runs verify latest")),
    "runs pin": HelpPage(("loadtui runs pin latest",)),
    "runs unpin": HelpPage(("loadtui runs unpin latest",)),
    "runs prune": HelpPage(
        ("loadtui runs prune --keep 20 --dry-run", "loadtui runs prune --older 30d --size 2GB -y")
    ),
    "runs export": HelpPage(("loadtui runs export latest -o run.tar",)),
    "runs import": HelpPage(("loadtui runs import run.tar",)),
    "baseline": HelpPage(
        (
            "loadtui baseline promote latest",
            "loadtui baseline show gateway",
            "loadtui baseline list",
        )
    ),
    "baseline promote": HelpPage(
        ("loadtui baseline promote latest", "loadtui baseline promote latest --replace")
    ),
    "baseline list": HelpPage(("loadtui baseline list", "loadtui baseline list --json")),
    "baseline show": HelpPage(("loadtui baseline show gateway",)),
    "baseline rm": HelpPage(("loadtui baseline rm gateway -y",)),
    "compare": HelpPage(
        (
            "loadtui compare gateway latest",
            "loadtui compare gateway latest -o comparison.md --strict",
        )
    ),
    "report": HelpPage(
        (
            "loadtui report latest -o report.html",
            "loadtui report latest -o report.md -o junit.xml --csv out",
        )
    ),
    "issue": HelpPage(("loadtui issue latest --dry-run", "loadtui issue --repo example/shop")),
    "comment": HelpPage(
        ("loadtui comment latest --dry-run", "loadtui comment latest --pull-request 7")
    ),
    "init": HelpPage(
        (
            "loadtui init http://127.0.0.1:8000",
            "loadtui init --openapi openapi.yaml --host http://127.0.0.1:8000",
            "loadtui init --har recording.har --ci github",
            "loadtui init --curl \"curl -X POST http://127.0.0.1:8000/items -d 'a=1'\"",
            "loadtui init locustfile.py",
        )
    ),
    "doctor": HelpPage(("loadtui doctor", "loadtui doctor --no-self-test --json -")),
    "schema": HelpPage(("loadtui schema plan",)),
    "completion": HelpPage(("loadtui completion bash", "loadtui completion zsh")),
    "help": HelpPage(("loadtui help run", "loadtui help baseline promote", "loadtui help --man")),
    "status": HelpPage(("loadtui status", "loadtui status --write README.md")),
    "attach": HelpPage(("loadtui attach", "loadtui attach --no-ui")),
    "serve": HelpPage(("loadtui serve", "loadtui serve --port 8060")),
    "stop": HelpPage(("loadtui stop", "loadtui stop --now")),
    "users": HelpPage(("loadtui users 80", "loadtui users 20261128-153504 80")),
    "mark": HelpPage(('loadtui mark "cache cleared"',)),
    "import": HelpPage(
        (
            "loadtui import k6-summary.json",
            "loadtui import results.jtl --name checkout --html report.html",
        )
    ),
    "simulate": HelpPage(
        (
            "loadtui simulate scenarios/gateway.toml --runs 5",
            'loadtui simulate plan.toml --seed 2 --shift "POST /v1/*=+60%"',
        )
    ),
    "calibrate": HelpPage(("loadtui calibrate plan.toml --runs 10",)),
    "demo": HelpPage(
        (
            "loadtui demo",
            "loadtui demo --regress",
            "loadtui demo --serve --slow 1.3 --error-rate 2%",
        ),
        (
            (
                "Target",
                (
                    *("seed", "slow", "error-rate", "stall", "serve"),
                    *("port-gateway", "port-rag", "port-mcp", "free-ports", "pin"),
                ),
            ),
        ),
    ),
}
"""Words of the command after `loadtui` -> its page."""
