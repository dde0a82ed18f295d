"""The line by which the comment of a pull request is found again."""

from __future__ import annotations

from loadtui.github.comment_marker import comment_marker


def test_the_same_plans_have_the_same_in_any_order() -> None:
    assert comment_marker(["a", "b", "a"]) == comment_marker(["b", "a"])
    assert comment_marker(["a"]) != comment_marker(["a", "b"])
    assert comment_marker(["a\nb"]) != comment_marker(["ab"])


def test_no_name_ends_it() -> None:
    assert comment_marker(["--> <script>", "\ud800"]).count("-->") == 1
