"""Profiles: defaults from a plan, TOML, shifts, and numbers without sense."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from loadtui.errors import UsageError
from loadtui.plan.model import Plan, Threshold, Tolerance
from loadtui.simulate.profile import (
    EndpointProfile,
    Profile,
    default_profile,
    load_profile,
    shifted_profile,
    with_error_rate,
)


def labels(profile: Profile) -> list[str]:
    return [endpoint.endpoint.label for endpoint in profile.endpoints]


def test_endpoints_are_those_that_the_plan_names(plan: Plan) -> None:
    named = msgspec.structs.replace(
        plan,
        thresholds=(Threshold("p95 < 1s", endpoint="GET /a"), Threshold("p95 < 1s", endpoint="*")),
        tolerances=(Tolerance("p95", endpoint="/b"), Tolerance("p95", endpoint="GET /a")),
    )
    assert labels(default_profile(named)) == ["GET /a", "/b"]
    assert labels(default_profile(plan))[0] == "POST /v1/chat/completions"
    assert labels(default_profile(named, 2)) == ["GET /endpoint/1", "GET /endpoint/2"]


def test_a_profile_is_read_from_toml(tmp_path: Path) -> None:
    file = tmp_path / "service.toml"
    file.write_text(
        """
        run_to_run = 0.02
        stalls = { every_s = 5, mean_ms = 20 }
        [[endpoints]]
        method = "GET"
        name = "/a"
        latency = [{ median_ms = 10, sigma = 0.2 }]
        [[trends]]
        name = "ttft"
        median = 80
        sigma = 0.1
        endpoint = "GET /a"
        """
    )
    profile = load_profile(file)

    assert labels(profile) == ["GET /a"]
    assert profile.run_to_run == 0.02
    assert profile.stalls.mean_ms == 20
    assert profile.metrics == profile.trends


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("run_to_run = -1\nendpoints = []", "run_to_run is -1"),
        ("endpoints = []", "at least one endpoint"),
        ("endpoints = 3", "array"),
        ("endpoints = [", "service.toml"),
        ("colour = 'red'\nendpoints = []", "colour"),
        ("[[endpoints]]\nmethod = 'GET'\nname = '/'\nlatency = []", "needs a latency"),
        (
            "[[endpoints]]\nmethod = 'GET'\nname = '/'\n"
            "latency = [{ median_ms = nan, sigma = 0.1 }]",
            "median_ms",
        ),
        (
            "[[endpoints]]\nmethod = 'GET'\nname = '/'\n"
            "latency = [{ median_ms = 1, sigma = 0.1 }]\n"
            "[[counters]]\nname = 'c'\nshare = 0.1\nendpoint = 'GET /other'",
            "metric c names an endpoint",
        ),
    ],
)
def test_a_bad_profile_is_one_sentence_that_names_file_and_key(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "service.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=said) as caught:
        load_profile(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: the profile cannot be read"):
        load_profile(tmp_path / "none.toml")


def test_a_shift_moves_the_endpoints_that_fit_and_no_others(steady: Profile) -> None:
    def medians(profile: Profile) -> list[list[float]]:
        return [[part.median_ms for part in endpoint.latency] for endpoint in profile.endpoints]

    assert medians(shifted_profile(steady, "POST *", 1.5)) == [[20, 200], [75]]
    assert medians(shifted_profile(steady, "*", 0.5)) == [[10, 100], [25]]
    with pytest.raises(UsageError, match="no endpoint fits 'PUT"):
        shifted_profile(steady, "PUT *", 2)


def test_an_error_rate_holds_for_every_endpoint(steady: Profile) -> None:
    changed: tuple[EndpointProfile, ...] = with_error_rate(steady, 0.25).endpoints
    assert [endpoint.error_rate for endpoint in changed] == [0.25, 0.25]
