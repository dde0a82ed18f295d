"""Words of a shell are split as bash splits them."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.new_project.shell_words import shell_commands


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("a b  c", [["a", "b", "c"]]),
        ("a 'b c'\"d $e\"f", [["a", "b cd $ef"]]),
        ("a \\\n b\\ c", [["a", "b c"]]),
        ("a $'it\\'s\\n\\u00fc\\x41\\101\\q'", [["a", "it's\nüAA\\q"]]),
        ("a $'\\xc3\\xbc'", [["a", "ü"]]),
        ("a ''", [["a", ""]]),
        ("a; b & c\nd", [["a"], ["b"], ["c"], ["d"]]),
        ("a | b ; c > d", [["a"], ["c"]]),
        ("a # b\nc#d", [["a"], ["c#d"]]),
        ('a "b\\"c\\d"', [["a", 'b"c\\d']]),
        ("a\r\nb", [["a"], ["b"]]),
        ("", []),
    ],
)
def test_commands(text: str, commands: list[list[str]]) -> None:
    assert list(shell_commands(text)) == commands


@pytest.mark.parametrize("text", ["'a", '"a', "$'a", "$'a\\", '"a\\'])
def test_a_quote_that_is_not_closed(text: str) -> None:
    with pytest.raises(ValueError, match="never closed"):
        list(shell_commands(text))


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_what_was_quoted_comes_back(words: list[str]) -> None:
    quoted = [word.replace("\r\n", "\n") for word in words]
    assert list(shell_commands(shlex.join(quoted))) == [quoted]


def test_bash_says_the_same() -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    texts = ["$'a\\tb\\e[1m\\u20ac'", "'a'\"b\"c\\'d", '"a\\`b\\$c"', "a\\\nb", "$'\\\\\\\"'"]
    script = "".join(f"printf '%s\\0' {text}\n" for text in texts)
    said = subprocess.run([bash, "-c", script], capture_output=True, check=True).stdout
    assert [word for text in texts for [word] in shell_commands(text)] == [
        part.decode() for part in said.split(b"\0")[:-1]
    ]
