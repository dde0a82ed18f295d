from __future__ import annotations

import pytest

from loadtui.web_api.visit_token import VisitToken


def test_token_and_cookie_are_two_secrets_of_one_server() -> None:
    one, other = VisitToken(8050), VisitToken(8051)
    assert one.query == f"token={one.token}"
    assert len({one.token, one.cookie, other.token, other.cookie}) == 4
    assert one.cookie_name != other.cookie_name
    assert one.admits(one.token)
    assert one.knows(one.cookie)
    assert not one.admits(one.cookie)
    assert not one.knows(one.token)


@pytest.mark.parametrize("given", ["", "x", "\udcff", "ü" * 40])
def test_anything_else_is_nobody(given: str) -> None:
    token = VisitToken(8050)
    assert not token.admits(given)
    assert not token.knows(given)
    assert not token.knows(None)
