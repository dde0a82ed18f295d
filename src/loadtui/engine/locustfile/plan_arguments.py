"""Values of a plan's `args` that come from the environment, as `${API_KEY}` does.

They are looked up where they are used, in host and workers: the plan is saved as it is written.
"""

from __future__ import annotations

import os
import re

from loadtui.errors import UsageError
from loadtui.plan.model import Plan

_REFERENCE = re.compile(r"\$?\$\{([A-Za-z_]\w*)\}")
"""One with two dollars stands for these very characters, with one of them."""


def plan_argument(
    plan: Plan, name: str, value: str | int | float | bool
) -> str | int | float | bool:
    """The value of an argument with what the environment says in it.

    Raises UsageError for a variable that is not set.
    """
    if not isinstance(value, str):
        return value

    def looked_up(found: re.Match[str]) -> str:
        variable = found[1]
        if found[0].startswith("$$"):
            return found[0][1:]
        if variable not in os.environ:
            raise UsageError(
                f"{plan.source or 'the plan'}: args.{name}: the environment variable {variable} is "
                f"not set; set it, or write $${{{variable}}} for these very characters"
            )
        return os.environ[variable]

    return _REFERENCE.sub(looked_up, value)


def says_nothing(value: str | int | float | bool) -> bool:
    """Whether a value only names variables, so that everybody may read it."""
    return isinstance(value, str) and value != "" and not _REFERENCE.sub("", value)
