"""Failures for want of open files or ports are the load generator's own."""

from __future__ import annotations

from loadtui.samples.generator_limits import GeneratorLimit, limited_requests


def test_what_ran_out() -> None:
    errors = [
        ("OSError(24, 'Too many open files')", 3),
        (
            'ConnectionError(MaxRetryError("... Failed to establish a new connection: [Errno 24] '
            "Too many open files'))\"))",
            4,
        ),
        ("OSError(99, 'Cannot assign requested address')", 5),
        ("ConnectionRefusedError(111, 'Connection refused')", 6),
        ("Too many open files, says the server", 7),
    ]
    assert limited_requests(errors) == {GeneratorLimit.OPEN_FILES: 7, GeneratorLimit.PORTS: 5}
