"""Runs that take minutes or hours, with figures: memory, exact counts, sizes and times."""

from __future__ import annotations

import argparse
import sys

from tests.soak import endpoints_soak, fault_table, journal_soak, rate_soak, users_soak


def parsed(words: list[str] | None = None) -> argparse.Namespace:
    """What was asked for; `main` of it is to be called with it."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    kinds = parser.add_subparsers(required=True, metavar="KIND")

    rate = kinds.add_parser("rate", help=rate_soak.__doc__)
    rate.add_argument("--minutes", type=float, default=30.0)
    rate.add_argument("--rate", type=int, help="requests a second, instead of looking for it")
    rate.set_defaults(main=rate_soak.main)

    users = kinds.add_parser("users", help=users_soak.__doc__)
    users.add_argument("--users", type=int, default=10_000)
    users.add_argument("--minutes", type=float, default=3.0)
    users.add_argument("--workers", type=int, help="default: as `run` has it")
    users.set_defaults(main=users_soak.main)

    endpoints = kinds.add_parser("endpoints", help=endpoints_soak.__doc__)
    endpoints.add_argument("--endpoints", type=int, default=2_000)
    endpoints.add_argument("--minutes", type=float, default=1.0)
    endpoints.set_defaults(main=endpoints_soak.main)

    journal = kinds.add_parser("journal", help=journal_soak.__doc__)
    journal.add_argument("--hours", type=float, default=24.0)
    journal.add_argument("--endpoints", type=int, default=5)
    journal.set_defaults(main=journal_soak.main)

    faults = kinds.add_parser("faults", help=fault_table.__doc__)
    faults.add_argument("only", nargs="*", metavar="FAULT", help="only these")
    faults.add_argument("--seeds", type=int, default=10)
    faults.add_argument("--first", type=int, default=0, help="the first seed")
    faults.add_argument("--processes", type=int, default=2, help="runs at a time")
    faults.set_defaults(main=fault_table.main)
    return parser.parse_args(words)


def main() -> int:
    asked = parsed()
    code: int = asked.main(asked)
    return code


if __name__ == "__main__":
    sys.exit(main())
