"""Values that are blacked out, in which forms, and which are left alone."""

from __future__ import annotations

import base64
import html
import json
import sys
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.known_secrets import KnownSecrets, hidden_by_command

VALUE = "s3cr3t/Va l+ü'1\""


def knowing(*values: object) -> KnownSecrets:
    secrets = KnownSecrets()
    secrets.add(list(values))
    return secrets


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        quote(VALUE),
        quote(VALUE, safe=""),
        quote(VALUE, safe="")
        .replace("%2F", "%2f")
        .replace("%2B", "%2b")
        .replace("%C3%BC", "%c3%bc")
        .replace("%27", "%27"),
        quote_plus(VALUE),
        json.dumps(VALUE)[1:-1],
        json.dumps(VALUE, ensure_ascii=False)[1:-1],
        repr(VALUE)[1:-1],
        repr(VALUE.encode())[2:-1],
        html.escape(VALUE),
    ],
)
def test_forms(form: str) -> None:
    secrets = knowing(VALUE)
    assert secrets.hidden(f"a {form} b") == "a *** b"
    assert secrets.hidden_name(f"/a/{form}/b") == "/a/***/b"
    assert secrets.hidden_line(f"a {form} b\n".encode()) == b"a *** b\n"


@pytest.mark.parametrize("user", ["", "a", "jo", "joe"])
def test_base64(user: str) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        text = encode(f"{user}:{VALUE}:more".encode()).decode()
        shown = knowing(VALUE).hidden(text)
        start, end = shown.split("***")
        assert base64.b64decode(f"{start}===", altchars=b"-_")[:9].decode().startswith(user)
        assert text.endswith(end)
        assert len(start) + len(end) < len(text) - len(VALUE)


def test_the_longest_goes_first() -> None:
    assert (
        knowing("abcdefg1", "abcdefg1-and-more").hidden("abcdefg1-and-more, abcdefg1") == "***, ***"
    )


@pytest.mark.parametrize(
    "value",
    ["", "short77", "password", "Password", "changeme", "access_token", "10000000", "********",
     "12.500,000", None, True, 12345],
)  # fmt: skip
def test_values_that_tell_nothing(value: object) -> None:
    assert knowing(value).hidden(f"a {value} b") == f"a {value} b"


def test_a_value_that_is_a_word_is_found_as_a_word_only() -> None:
    secrets = knowing("elephant")
    assert secrets.hidden("my elephant, elephants, /elephant/1") == "my ***, elephants, /***/1"
    assert knowing("elephant7").hidden("elephant7s") == "***s"


def test_lines_and_schemes() -> None:
    secrets = knowing("-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nshort\n", "Bearer abcdefg-8")
    assert secrets.hidden("at MIIEvQIBADANBgkq, abcdefg-8") == "at ***, ***"
    assert secrets.hidden("-----BEGIN KEY----- short") == "-----BEGIN KEY----- short"


def test_the_environment() -> None:
    environ = {
        "API_TOKEN": "value-of-token",
        "MAX_TOKENS": "value-of-tokens",
        "AUTH_HOST": "auth.example.com",
        "KEYCLOAK_URL": "http://key.example.com",
        "SSH_AUTH_SOCK": "/tmp",
        "OLDPWD": "/gone/for-ever",
        "GIT_AUTHOR_NAME": "Somebody Else",
        "DATABASE": "postgres://shop:value-of-url@db/shop",
        "PATH_OF_KEY_FILE": "value-of-file",
    }
    secrets = KnownSecrets(environ)
    text = " ".join(environ.values()).replace("shop:value-of-url@", "")
    assert secrets.hidden(text) == text.replace("value-of-token ", "*** ")
    assert secrets.hidden("value-of-url") == "***"
    assert secrets.hidden("came-later-1") == "came-later-1"
    environ["LATE_SECRET"] = "came-later-1"
    assert secrets.hidden("came-later-1 and more") == "*** and more"


def test_words_of_a_command_line() -> None:
    secrets = KnownSecrets()
    words = "--api-key value-one --password=value-two -H http://joe:value%2Fthree@host"
    secrets.add_words(f"{words} --think value-four --token --users=12 value-five".split())
    text = "value-one value-two value/three value-four value-five"
    assert secrets.hidden(text) == "*** *** *** value-four value-five"
    user = base64.b64encode(b"joe:value/three").decode()
    assert secrets.hidden(f"sent {user}") == "sent ***"


def test_a_short_password_of_a_url_is_hidden_as_it_is_sent() -> None:
    secrets = KnownSecrets()
    secrets.add_url("http://joe:abc@host")
    assert secrets.hidden(f"sent {base64.b64encode(b'joe:abc').decode()}, abc") == "sent ***, abc"
    secrets.add_url("http://[")


def test_more_is_learned_later() -> None:
    """What was remembered of a text is forgotten then."""
    secrets = knowing("value-one")
    assert secrets.hidden("value-one value-two") == "*** value-two"
    assert secrets.hidden_name("value-one value-two") == "*** value-two"
    secrets.add("value-two")
    assert secrets.hidden("value-one value-two") == "*** ***"
    assert secrets.hidden_name("value-one value-two") == "*** ***"


def test_bytes_that_are_no_text_stay() -> None:
    assert knowing("value-one").hidden_line(b"\xff\x00 value-one \xc3") == b"\xff\x00 *** \xc3"
    assert knowing("value-one").hidden_line(b"\xff\xc3\n") == b"\xff\xc3\n"


def test_of_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["loadtui", "run", "--", "--shop-token=value-of-argv"])
    assert hidden_by_command("no value-of-argv here") == "no *** here"


@given(st.text("abcdefgh \"'%/+ü\\\n", min_size=8, max_size=60).filter(str.strip), st.text("0123 "))
def test_no_value_is_left(value: str, around: str) -> None:
    secrets = knowing(value)
    if secrets.hidden(f"({value.strip()})") != f"({value.strip()})":
        for form in (value, quote(value), json.dumps(value), repr(value)):
            shown = secrets.hidden(f"{around}{form}{around}")
            assert form not in shown
            assert shown.startswith(around)
            assert shown.endswith(around)
