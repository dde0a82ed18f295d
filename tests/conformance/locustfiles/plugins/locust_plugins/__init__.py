"""As the package of this name does: arguments for every run, and checks at its end."""

import logging

from locust import events
from locust.runners import WorkerRunner


@events.init_command_line_parser.add_listener
def add_checks(parser):
    checks = parser.add_argument_group("checks", "Limits that the run has to keep")
    checks.add_argument("--check-rps", type=float, default=0.0, env_var="LOCUST_CHECK_RPS")
    checks.add_argument("--check-fail-ratio", type=float, default=-1)
    checks.add_argument("--iterations", "-i", type=int, default=0)


@events.quitting.add_listener
def check(environment, **_):
    if isinstance(environment.runner, WorkerRunner):
        return
    allowed = environment.parsed_options.check_fail_ratio
    if 0 <= allowed < environment.stats.total.fail_ratio:
        logging.info("SAYS check failed: fail ratio above %.2f", allowed)
        environment.process_exit_code = 3


def run_iterations(environment):
    return range(environment.parsed_options.iterations)
