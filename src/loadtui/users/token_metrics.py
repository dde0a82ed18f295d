"""The metrics of what models write, per endpoint (`METHOD name`)."""

from __future__ import annotations

from loadtui.metrics import Counter, Trend
from loadtui.users.completion import Completion

TTFT = Trend("ttft", unit="ms")
INTER_TOKEN_LATENCY = Trend("inter_token_latency", unit="ms")
OUTPUT_TOKENS = Trend("output_tokens", unit="tokens", better="higher")
TOKENS_PER_SECOND = Trend("tokens_per_second", unit="tok/s", better="higher")
FROM_USAGE = Counter("tokens_from_usage")
FROM_CHUNKS = Counter("tokens_from_chunks")


def record_tokens(completion: Completion, endpoint: str) -> None:
    """Tokens of a whole answer, and tokens a second of the time it took from request to end.

    The times of single tokens are recorded as they come.
    """
    tokens = completion.output_tokens
    if completion.problem or tokens is None:
        return
    OUTPUT_TOKENS.add(tokens, endpoint=endpoint)
    if completion.total_ms > 0:
        TOKENS_PER_SECOND.add(1000 * tokens / completion.total_ms, endpoint=endpoint)
    # Both, so that a check on the one that is never used finds 0 rather than nothing.
    FROM_USAGE.add(tokens if completion.tokens_from == "usage" else 0, endpoint=endpoint)
    FROM_CHUNKS.add(tokens if completion.tokens_from == "chunks" else 0, endpoint=endpoint)
