"""A quarter of an hour of simulated load on twenty endpoints, the largest report people look at."""

from __future__ import annotations

from pathlib import Path

from loadtui.plan.model import Plan, Stage, Threshold
from loadtui.simulate.profile import EndpointProfile, LatencyPart, Profile, TrendProfile
from loadtui.simulate.simulated_run import simulate_run
from loadtui.store.stored_run import Run

EVIL = "/a</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\x1b[31m"
ENDPOINTS = 20


def quarter_hour(project: Path, seed: int = 1, slower: float = 1.0, requests: int = 90_000) -> Run:
    """A run of three stages of five minutes; the busiest endpoint is `slower` so many times, and
    one has a name that tries to run."""
    locustfile = project / "gateway.py"
    locustfile.write_text("from locust import FastHttpUser\n\n\nclass U(FastHttpUser):\n    pass\n")
    plan = Plan(
        name="gateway",
        locustfiles=(str(locustfile),),
        host="http://127.0.0.1:8000",
        stages=tuple(
            Stage(f"L{at}", users, users / 10, 300) for at, users in enumerate((10, 50, 100), 1)
        ),
        thresholds=(Threshold("p95 < 2s"), Threshold("error_rate < 1%")),
    )
    names = ["/busiest", EVIL, *(f"/endpoint/{number}" for number in range(2, ENDPOINTS))]
    endpoints = tuple(
        EndpointProfile(
            method="GET" if at % 2 else "POST",
            name=name,
            latency=(LatencyPart(20.0 * (at % 5 + 1) * (slower if at == 0 else 1.0), 0.4),),
            weight=ENDPOINTS / (at + 1),
        )
        for at, name in enumerate(names)
    )
    profile = Profile(
        endpoints=endpoints,
        run_to_run=0.01,
        trends=(TrendProfile("ttft", 140.0, 0.4, "ms", endpoint="POST /busiest"),),
    )
    return simulate_run(plan, profile, seed, requests, project=project)
