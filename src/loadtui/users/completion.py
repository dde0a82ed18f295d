"""A chat or text completion: how services write it, and what became of one."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from loadtui.users.refusal import decoded_json, error_words

TokensFrom = Literal["usage", "chunks", ""]


class Completion(msgspec.Struct):
    """One answer, or why there is none."""

    text: str = ""
    output_tokens: int | None = None
    """None: the service did not say, and there was no stream whose chunks could be counted."""
    tokens_from: TokensFrom = ""
    """Where the number of tokens comes from: the answer's `usage`, or the chunks of the stream."""
    ttft_ms: float | None = None
    """From sending the request to the first token; None: not streamed, or none came."""
    total_ms: float = 0.0
    """From sending the request to the end of the answer."""
    finish_reason: str = ""
    problem: str = ""
    """The reason of the failure; empty: there was none."""


class CompletionUsage(msgspec.Struct, gc=False):
    completion_tokens: int | None = None


class CompletionPart(msgspec.Struct):
    """A message, or what a chunk adds to it.  Everything that took tokens to write counts."""

    content: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    tool_calls: Any = None
    refusal: Any = None

    @property
    def written(self) -> bool:
        return bool(
            self.content
            or self.reasoning_content
            or self.reasoning
            or self.tool_calls
            or self.refusal
        )


class CompletionChoice(msgspec.Struct):
    index: int = 0
    delta: CompletionPart | None = None
    message: CompletionPart | None = None
    text: Any = None
    """Of a text completion, whole or a chunk of it."""
    finish_reason: str | None = None


class CompletionDocument(msgspec.Struct):
    """An answer or a chunk of one: what of it is looked at."""

    choices: list[CompletionChoice] | None = None
    usage: CompletionUsage | None = None
    error: Any = None
    object: Any = None


_DECODER = msgspec.json.Decoder(CompletionDocument)


def read_document(data: bytes) -> CompletionDocument | None:
    """The document in these bytes; None when they are not JSON or of another form."""
    try:
        return _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def read_answer(body: bytes) -> Completion:
    """A completion that came whole, without its times."""
    document = read_document(body)
    if document is None:
        is_json = decoded_json(body) is not None
        return Completion(problem=f"the answer is {'no completion' if is_json else 'not JSON'}")
    if document.error or document.object == "error":
        return Completion(problem=f"200 with an error: {error_words(decoded_json(body))}")
    completion = Completion()
    if document.usage is not None and document.usage.completion_tokens is not None:
        completion.output_tokens, completion.tokens_from = document.usage.completion_tokens, "usage"
    if not document.choices:
        completion.problem = "no choices in the answer"
        return completion
    choice = document.choices[0]
    message = choice.message or CompletionPart(content=choice.text)
    completion.text = message.content if isinstance(message.content, str) else ""
    completion.finish_reason = choice.finish_reason or ""
    completion.problem = refused(choice.finish_reason, message.refusal)
    if not completion.problem and not message.written:
        completion.problem = "the answer is empty"
    return completion


def refused(finish_reason: str | None, refusal: Any) -> str:
    """In words, that the model or its filter declined to answer; empty when neither did."""
    if refusal:
        return "the model refused to answer"
    return "the content filter stopped the answer" if finish_reason == "content_filter" else ""
