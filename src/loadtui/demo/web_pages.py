"""Pages that are held in memory: no request ever leaves this machine for them."""

from __future__ import annotations

PARAGRAPHS = 12

_PAGES = {
    "load-testing": (
        "Load testing",
        "A load test asks how a service behaves while many use it at once.",
        "Users come in stages, so that one level of load can be compared with the next.",
        "What is measured after the ramp says more than what is measured during it.",
    ),
    "percentiles": (
        "Percentiles",
        "Half of all answers are quicker than the median, and one in twenty slower than the p95.",
        "A mean hides the slow tail; percentiles of several machines cannot be averaged.",
        "Histograms add up, so their percentiles can be had for any window afterwards.",
    ),
    "queueing": (
        "Queueing",
        "The closer a server is to its capacity, the longer the queue before it.",
        "By Little's law a system holds the rate of arrivals times the time spent in it.",
        "Users that wait for an answer before they ask again slow down with the server.",
    ),
}

PAGES: dict[str, str] = {
    f"http://docs.demo/{name}": "\n\n".join(
        [f"# {title}", *(sentences[number % 3] for number in range(PARAGRAPHS))]
    )
    for name, (title, *sentences) in _PAGES.items()
}
"""URL -> text."""
