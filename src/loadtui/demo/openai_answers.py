"""Completions as OpenAI's interface writes them: what is asked, whole answers and chunks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec

MODELS = ("demo-small", "demo-large")
_WORDS = (
    "a",
    "load",
    "test",
    "asks",
    "how",
    "a",
    "service",
    "behaves",
    "when",
    "many",
    "use",
    "it",
)

AnswerDocument = dict[str, Any]


class StreamOptions(msgspec.Struct):
    include_usage: bool = False


class Ask(msgspec.Struct):
    """What both kinds of request have in common."""

    model: str | None = None
    max_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    stream: bool = False
    stream_options: StreamOptions | None = None

    @property
    def prompt_tokens(self) -> int:
        raise NotImplementedError

    @property
    def wants_usage(self) -> bool:
        """Whether a stream is to end with the usage."""
        return self.stream_options is not None and self.stream_options.include_usage


class PromptMessage(msgspec.Struct):
    content: Any = ""


class ChatAsk(Ask, kw_only=True):
    messages: list[PromptMessage]

    @property
    def prompt_tokens(self) -> int:
        """Words, which stand for tokens."""
        return sum(len(str(message.content).split()) for message in self.messages)


class TextAsk(Ask, kw_only=True):
    prompt: str | list[str]

    @property
    def prompt_tokens(self) -> int:
        prompts = [self.prompt] if isinstance(self.prompt, str) else self.prompt
        return sum(len(prompt.split()) for prompt in prompts)


def answer_word(number: int) -> str:
    """The token at this place of any answer."""
    return _WORDS[number % len(_WORDS)]


class AnswerShape(NamedTuple):
    """How one endpoint writes its answers."""

    path: str
    ask: type[Ask]
    id_prefix: str
    whole_kind: str
    chunk_kind: str
    message_of: Callable[[str], AnswerDocument]
    """Text -> where a whole answer puts it."""
    added: Callable[[str | None, bool], AnswerDocument]
    """Text (None: at the end) and whether it is the first -> where a chunk puts it."""

    @property
    def label(self) -> str:
        return f"POST {self.path}"

    def head(self, ask: Ask, number: int, kind: str) -> AnswerDocument:
        return {
            "id": f"{self.id_prefix}-{number}",
            "object": kind,
            "created": int(time.time()),
            "model": ask.model or MODELS[0],
        }

    def whole(self, ask: Ask, number: int, tokens: int) -> AnswerDocument:
        text = " ".join(answer_word(at) for at in range(tokens))
        choice = {"index": 0, **self.message_of(text), "finish_reason": finish_reason(ask, tokens)}
        head = self.head(ask, number, self.whole_kind)
        return {**head, "choices": [choice], "usage": usage_of(ask, tokens)}

    def chunk(
        self, head: AnswerDocument, text: str | None, first: bool, reason: str | None
    ) -> AnswerDocument:
        choice = {"index": 0, **self.added(text, first), "finish_reason": reason}
        return {**head, "choices": [choice]}


def finish_reason(ask: Ask, tokens: int) -> str:
    return "length" if tokens == ask.max_tokens else "stop"


def usage_of(ask: Ask, tokens: int) -> AnswerDocument:
    prompt = ask.prompt_tokens
    return {
        "prompt_tokens": prompt,
        "completion_tokens": tokens,
        "total_tokens": prompt + tokens,
    }


def _delta(text: str | None, first: bool) -> AnswerDocument:
    delta: dict[str, str] = {"role": "assistant"} if first else {}
    if text is not None:
        delta["content"] = text
    return {"delta": delta}


CHAT = AnswerShape(
    path="/v1/chat/completions",
    ask=ChatAsk,
    id_prefix="chatcmpl",
    whole_kind="chat.completion",
    chunk_kind="chat.completion.chunk",
    message_of=lambda text: {"message": {"role": "assistant", "content": text}},
    added=_delta,
)
TEXT = AnswerShape(
    path="/v1/completions",
    ask=TextAsk,
    id_prefix="cmpl",
    whole_kind="text_completion",
    chunk_kind="text_completion",
    message_of=lambda text: {"text": text},
    added=lambda text, first: {"text": text or ""},
)
