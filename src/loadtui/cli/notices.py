"""What commands tell on standard error, beside their results."""

from __future__ import annotations

import click

from loadtui.printable_text import visible_text


def say(text: str) -> None:
    """Print lines that may quote what others wrote; none of it drives a terminal."""
    click.echo("\n".join(map(visible_text, text.split("\n"))), err=True)
