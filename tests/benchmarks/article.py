"""What the benchmarks post."""

ARTICLE = {
    "title": "A document of about one kilobyte",
    "tags": ["load", "test", "json"],
    "paragraphs": ["The quick brown fox jumps over the lazy dog. " * 4 for _ in range(5)],
}
