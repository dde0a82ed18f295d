from __future__ import annotations

import pytest

from loadtui.errors import UsageError
from loadtui.web_api.loopback import bound, is_for_another_machine, is_from_another_page


def test_a_port_that_is_taken_names_the_options() -> None:
    with bound("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f":{port}: .*; try another --a or --b"):
            bound("127.0.0.1", port, ("--a", "--b"))


@pytest.mark.parametrize(
    ("host", "bound_to", "elsewhere"),
    [
        ("127.0.0.1:8089", "127.0.0.1", False),
        ("localhost:8089", "127.0.0.1", False),
        ("[::1]:8089", "::1", False),
        ("evil.example", "127.0.0.1", True),
        ("127.0.0.1.evil.example", "127.0.0.1", True),
        ("", "127.0.0.1", True),
        ("box:8089", "0.0.0.0", False),
    ],
)
def test_names_that_mean_another_machine(host: str, bound_to: str, elsewhere: bool) -> None:
    assert is_for_another_machine(host, bound_to) is elsewhere


@pytest.mark.parametrize(
    ("origin", "fetched_from", "another"),
    [
        (None, None, False),
        ("http://127.0.0.1:8089", "same-origin", False),
        (None, "none", False),
        ("http://evil.example", None, True),
        ("null", None, True),
        ("http://127.0.0.1:1", None, True),
        (None, "cross-site", True),
        (None, "same-site", True),
    ],
)
def test_pages_in_a_browser(origin: str | None, fetched_from: str | None, another: bool) -> None:
    assert is_from_another_page("127.0.0.1:8089", origin, fetched_from) is another
