"""What commands tell on standard error, beside their results."""

from __future__ import annotations

import click

from loadtui.printable_text import visible_text


def say(text: str) -> None:
    """Print lines that may quote what others wrote; none of it drives a terminal."""
    try:
        click.echo("\n".join(map(visible_text, text.split("\n"))), err=True)
    except BrokenPipeError:
        raise
    except OSError:
        return  # such as a log on a full disk: what is done goes on
