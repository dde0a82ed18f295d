"""The Retry-After header (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import math
import time
from email.utils import parsedate_to_datetime

from loadtui.whole_numbers import whole_number


def retry_after_s(value: str | None) -> float | None:
    """Whole seconds to wait, given as such or as a date; None where the header says neither."""
    text = (value or "").strip()
    if (seconds := whole_number(text)) is not None:
        return float(seconds)
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, OSError):  # of a year that the system's clock has not
        return None
    return float(max(0, math.ceil(moment - time.time())))
