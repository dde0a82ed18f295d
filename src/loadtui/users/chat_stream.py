"""A completion that arrives token by token."""

from __future__ import annotations

from loadtui.users.completion import Completion, CompletionDocument, read_document, refused
from loadtui.users.refusal import decoded_json, error_words
from loadtui.users.sse import EventParser, EventTooLong, ServerSentEvent
from loadtui.users.token_metrics import INTER_TOKEN_LATENCY, TTFT

DONE = b"[DONE]"
LONGEST_COMPLETION_BYTES = 64 << 20
"""Of memory that the texts of a stream take."""
_TEXT_BYTES = 64
"""What Python adds to each of them."""


class ChatStream:
    """Takes the body in pieces, each with the time it came; times are those of `perf_counter`.

    A chunk counts as a token when it adds something to the answer, so the first chunk of services
    that only says whose turn it is does not.  Times are recorded as tokens come: the first one's
    since `begun`, and the gap before each further one.
    """

    __slots__ = (
        "_at",
        "_begun",
        "_chunks",
        "_endpoint",
        "_first_at",
        "_held",
        "_parser",
        "_reasons",
        "_refusal",
        "_texts",
        "_usage",
        "done",
        "problem",
    )

    def __init__(self, begun: float, endpoint: str) -> None:
        self._begun = begun
        self._endpoint = endpoint
        self._parser = EventParser()
        self._texts: list[str] = []
        self._held = 0
        """Bytes of memory of the texts, about."""
        self._chunks = 0
        self._first_at = self._at = 0.0
        self._usage: int | None = None
        self._reasons: dict[int, str] = {}
        """Choice -> why it ended, empty while it goes on."""
        self._refusal = False
        self.done = False
        """The service has said that this is all."""
        self.problem = ""
        """The stream says that something went wrong."""

    def feed(self, piece: bytes, now: float) -> bool:
        """Take the next piece of the body; False when no more is wanted."""
        try:
            events = self._parser.feed(piece)
        except EventTooLong as error:
            self.problem = str(error)
            return False
        for event in events:
            if event.data.startswith(DONE):
                self.done = True
                return False
            self._take(event, now)
            if self.problem:
                return False
        return True

    def completion(self, ended: float, broken: str = "") -> Completion:
        """What has come of it when the stream ended, or broke off with these words."""
        problem = self.problem or broken or self._truncated()
        reason = next(iter(self._reasons.values()), "")
        problem = problem or refused(reason, self._refusal)
        if not problem and not self._chunks:
            problem = "the stream ended without a token"
        return Completion(
            text="".join(self._texts),
            output_tokens=self._chunks if self._usage is None else self._usage,
            tokens_from="chunks" if self._usage is None else "usage",
            ttft_ms=(self._first_at - self._begun) * 1000 if self._chunks else None,
            total_ms=(ended - self._begun) * 1000,
            finish_reason=reason,
            problem=problem,
        )

    def _truncated(self) -> str:
        """Why the stream cannot have been whole; empty when it was.

        Services that send no [DONE] give each choice a finish_reason; one of the two has to be
        there.  What was left of an event that never ended is not looked at.
        """
        if self.done or (self._reasons and all(self._reasons.values())):
            return ""
        if self._parser.pending:
            return "the stream was cut off within an event"
        if self._reasons:
            return "the stream was cut off: neither [DONE] nor a finish_reason came"
        return "the stream ended without any event"

    def _take(self, event: ServerSentEvent, now: float) -> None:
        document = read_document(event.data)
        if event.kind == "error" or document is None:
            self.problem = _wrong(event)
            return
        if document.error or document.object == "error":
            self.problem = _wrong(event)
            return
        if document.usage is not None and document.usage.completion_tokens is not None:
            self._usage = document.usage.completion_tokens
        if self._written(document):
            if self._chunks:
                INTER_TOKEN_LATENCY.add((now - self._at) * 1000, endpoint=self._endpoint)
            else:
                self._first_at = now
                TTFT.add((now - self._begun) * 1000, endpoint=self._endpoint)
            self._at = now
            self._chunks += 1

    def _written(self, document: CompletionDocument) -> bool:
        """Whether a chunk adds anything to the answer; keeps what it adds."""
        written = False
        for choice in document.choices or ():
            if choice.finish_reason or choice.index not in self._reasons:
                self._hold(0)
                self._reasons[choice.index] = choice.finish_reason or ""
            delta = choice.delta
            text = choice.text if delta is None else delta.content
            if text:
                written = True
                if choice.index == 0 and isinstance(text, str):
                    self._hold(len(text))
                    self._texts.append(text)
            elif delta is not None and delta.written:
                written = True
                self._refusal = self._refusal or bool(delta.refusal)
        return written

    def _hold(self, size: int) -> None:
        self._held += size + _TEXT_BYTES
        if self._held > LONGEST_COMPLETION_BYTES:
            self.problem = (
                f"the stream's completion takes more than {LONGEST_COMPLETION_BYTES >> 20} MB of"
                " memory: look at what the service sends, or ask for fewer tokens"
            )


def _wrong(event: ServerSentEvent) -> str:
    """In words, what an event that is no chunk says."""
    document = decoded_json(event.data)
    reason = error_words(document)
    if reason or event.kind == "error":
        return f"error event in the stream{f': {reason}' if reason else ''}"
    return f"an event in the stream is {'not JSON' if document is None else 'no completion'}"
