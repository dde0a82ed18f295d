"""pytest in a process where Locust was imported first of all, as in host and workers."""

import sys

import locust  # noqa: F401
import pytest

if __name__ == "__main__":
    sys.exit(
        pytest.main(
            [*sys.argv[1:], "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
        )
    )
