"""What completion in a shell calls things, so that script, question and answer agree."""

from __future__ import annotations

COMPLETE_VARIABLE = "_LOADTUI_COMPLETE"
"""Set by the script of `loadtui completion`, when a shell asks."""
PROGRAM = "loadtui"
SHELLS = ("bash", "zsh", "fish")
