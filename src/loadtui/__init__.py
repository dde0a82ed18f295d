"""loadtui: the terminal workbench for load tests.

What a scenario imports is here: `from loadtui import Counter, Rate, Trend`.  Loaded on first use,
so that `loadtui --version` stays quick.
"""

from __future__ import annotations

from loadtui._version import __version__

TYPE_CHECKING = False  # without importing typing: Ctrl-C in there would show where
if TYPE_CHECKING:
    from typing import Any

    from loadtui.metrics import Counter, Rate, Trend

__all__ = ["Counter", "Rate", "Trend", "__version__"]


def __getattr__(name: str) -> Any:
    if name in ("Counter", "Rate", "Trend"):
        from loadtui import metrics

        return getattr(metrics, name)
    raise AttributeError(f"module 'loadtui' has no attribute {name!r}")
