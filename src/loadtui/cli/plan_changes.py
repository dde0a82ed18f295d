"""Options that change a plan before it is run: tags, the stop timeout, promises of one's own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from loadtui.errors import UsageError

if TYPE_CHECKING:
    from loadtui.plan.model import Plan, Threshold


class PlanChanges(NamedTuple):
    """What these options say; a plan keeps what they leave out."""

    tags: tuple[str, ...] = ()
    exclude_tags: tuple[str, ...] = ()
    stop_timeout: str | None = None
    give_up: str | None = None
    checks: tuple[str, ...] = ()
    exit_code_on_error: int | None = None

    def made_to(self, plan: Plan) -> Plan:
        """The plan with these changes; UsageError names the option that cannot be read."""
        import msgspec

        from loadtui.plan.model import STOP_TIMEOUT_S

        changes: dict[str, Any] = {}
        if self.tags:
            changes["tags"] = _listed(self.tags)
        if self.exclude_tags:
            changes["exclude_tags"] = _listed(self.exclude_tags)
        if (timeout := seconds_of("-s", self.stop_timeout)) is not None:
            changes["stop_timeout_s"] = timeout
            changes["default_stop_timeout_given"] = timeout == STOP_TIMEOUT_S
        if self.give_up is not None:
            never = self.give_up == "never"
            changes["give_up_s"] = None if never else seconds_of("--give-up", self.give_up)
        if self.exit_code_on_error is not None:
            changes["exit_code_on_error"] = self.exit_code_on_error
        if added := tuple(map(_threshold, self.checks)):
            changes["thresholds"] = (*plan.thresholds, *added)
            # A promise on latency alone is none about failures: those of every run still hold.
            changes["defaults_too"] = not plan.thresholds and not any(map(_about_failures, added))
        return msgspec.structs.replace(plan, **changes)


def with_plan_changes(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command with these options, which it gets as one value `changes`."""

    @functools.wraps(function)
    def command(*args: Any, **given: Any) -> Any:
        changes = PlanChanges(**{name: given.pop(name) for name in PlanChanges._fields})
        return function(*args, changes=changes, **given)

    options = (
        click.option(
            "-T", "--tags", metavar="TAG,...", multiple=True, help="Only tasks with these tags."
        ),
        click.option(
            "-E", "--exclude-tags", metavar="TAG,...", multiple=True, help="No tasks with these."
        ),
        click.option(
            "-s", "--stop-timeout", metavar="TIME", help="For requests in flight; default 5s."
        ),
        click.option(
            "--give-up",
            metavar="TIME",
            help="When no connection can be made; default 10s, or never.",
        ),
        click.option(
            "--check",
            "checks",
            metavar="CHECK",
            multiple=True,
            help='A threshold beside the plan\'s, e.g. "error_rate < 5%" or "p95 < 2s @ POST /v1/*"'
            "; may be repeated.",
        ),
        click.option(
            "--exit-code-on-error",
            type=click.IntRange(0, 255),
            metavar="N",
            help="Fail with exit code N when any request failed or user code raised.",
        ),
    )
    with_options: Callable[..., Any] = command
    for option in reversed(options):
        with_options = option(with_options)
    return with_options


def seconds_of(option: str, text: str | None) -> float | None:
    """A duration in seconds, None where it was not given; UsageError for what is none."""
    from loadtui.plan.units import parse_duration

    if text is None:
        return None
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _threshold(text: str) -> Threshold:
    """`CHECK` or `CHECK @ ENDPOINT`, the endpoint as in a plan."""
    from loadtui.plan.model import Threshold
    from loadtui.plan.threshold_check import parse_check

    check, at, endpoint = text.partition(" @ ")
    try:
        read = parse_check(check)
    except ValueError as error:
        raise UsageError(f"--check: {error}") from None
    if at and not endpoint.strip():
        example = f'"{read.text} @ GET /"'
        raise UsageError(
            f'--check: found "{text}", expected an endpoint after the @ as in {example}'
        )
    return Threshold(read.text, endpoint=endpoint.strip() or None)


def _about_failures(threshold: Threshold) -> bool:
    """Whether it limits the error rate of all requests."""
    from loadtui.plan.threshold_check import parse_check

    check = parse_check(threshold.check)
    return threshold.endpoint is None and (check.metric, check.stat) == (None, "error_rate")


def _listed(options: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for option in options for tag in option.replace(",", " ").split())
