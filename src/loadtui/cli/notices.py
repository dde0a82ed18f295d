"""What commands tell on standard error, beside their results."""

from __future__ import annotations

import click

from loadtui.known_secrets import hidden_by_command
from loadtui.printable_text import visible_text


def say(text: str) -> None:
    """Print lines that may quote what others wrote; none of it drives a terminal or is a secret."""
    lines = hidden_by_command(text).split("\n")
    try:
        click.echo("\n".join(map(visible_text, lines)), err=True)
    except BrokenPipeError:
        raise
    except OSError:
        return  # such as a log on a full disk: what is done goes on
