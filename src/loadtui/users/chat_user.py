"""A Locust user of an OpenAI-compatible service: chat and text completions, plain or streamed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import gevent
import msgspec
from locust.contrib.fasthttp import FAILURE_EXCEPTIONS

from loadtui.users.body import abandon_body, body_pieces
from loadtui.users.chat_stream import ChatStream
from loadtui.users.completion import Completion, read_answer
from loadtui.users.refusal import decoded_json, error_words
from loadtui.users.service import ServiceUser, header, timeout_words
from loadtui.users.token_metrics import record_tokens

CompletionCheck = Callable[[Completion], str | None]
"""What is wrong with an answer, in words; None or empty: nothing."""
REST_S = 0.5
"""After [DONE], how long the end of the response may take for its connection to be kept."""


class ChatUser(ServiceUser):
    """Subclass it, set `host` and tasks that call `self.chat` or `self.complete`.

    The key comes from the environment variable OPENAI_API_KEY.
    """

    abstract = True

    api_key_variable = "OPENAI_API_KEY"
    model = "gpt-4o-mini"
    include_usage = True
    """Ask for the number of tokens at the end of a stream; False for services that refuse it."""
    stream_timeout_s = 600.0
    """Seconds that a whole stream may take; `network_timeout` is for each wait within it."""
    chat_path = "/v1/chat/completions"
    completions_path = "/v1/completions"

    def chat(
        self,
        messages: str | list[dict[str, Any]],
        *,
        stream: bool = False,
        name: str | None = None,
        check: CompletionCheck | None = None,
        **options: Any,
    ) -> Completion:
        """One chat completion; `messages` may be just what the user says.

        `options` go into the request (`max_tokens=64`), `name` is that of the statistic, and the
        failure of an answer that is whole is what `check` says of it.
        """
        if isinstance(messages, str):
            messages = [{"role": "user", "content": messages}]
        ask = {"model": self.model, "messages": messages, **options}
        return self._ask(self.chat_path, ask, stream, name, check)

    def complete(
        self,
        prompt: str,
        *,
        stream: bool = False,
        name: str | None = None,
        check: CompletionCheck | None = None,
        **options: Any,
    ) -> Completion:
        """One text completion; the rest as for `chat`."""
        ask = {"model": self.model, "prompt": prompt, **options}
        return self._ask(self.completions_path, ask, stream, name, check)

    def _ask(
        self,
        path: str,
        ask: dict[str, Any],
        stream: bool,
        name: str | None,
        check: CompletionCheck | None,
    ) -> Completion:
        name = name or self.client.request_name or path
        headers = {**self.headers, "Content-Type": "application/json"}
        if stream:
            ask["stream"] = True
            if self.include_usage:
                ask.setdefault("stream_options", {"include_usage": True})
            # Compressed, several tokens would travel as one.
            headers |= {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        data = msgspec.json.encode(ask)
        begun = time.perf_counter()
        with self.client.post(
            path, data=data, headers=headers, name=name, stream=stream, catch_response=True
        ) as response:
            meta = response.request_meta
            if not 200 <= response.status_code < 300:
                broken = None if response.status_code else self.broken(response)
                completion = Completion(problem=broken or self.refusal(response))
            elif stream:
                completion = self._streamed(response, begun, f"POST {name}")
            else:
                broken = self.broken(response)
                completion = Completion(problem=broken) if broken else read_answer(response.content)
            completion.total_ms = completion.total_ms or meta["response_time"]
            meta["response_time"] = completion.total_ms
            if check is not None and not completion.problem:
                completion.problem = check(completion) or ""
            if completion.problem:
                response.failure(completion.problem)
        record_tokens(completion, f"POST {name}")
        self.rest()
        return completion

    def _streamed(self, response: Any, begun: float, endpoint: str) -> Completion:
        """Read the body of a good status to its end, as it comes."""
        kind = header(response, "content-type").partition(";")[0].strip().lower()
        if kind != "text/event-stream":
            return self._not_a_stream(response, begun, kind)
        stream = ChatStream(begun, endpoint)
        size, broken = 0, ""
        now = begun
        body = body_pieces(self.client, response)
        try:
            for piece in body:
                now = time.perf_counter()
                size += len(piece)
                if not stream.feed(piece, now):
                    break
                if now - begun > self.stream_timeout_s:
                    broken = f"the stream went on for more than {self.stream_timeout_s:g} s"
                    break
            else:
                now = time.perf_counter()
        except FAILURE_EXCEPTIONS as error:
            now = time.perf_counter()
            broken = self._cut(error)
        response.request_meta["response_length"] = size
        completion = stream.completion(now, broken)
        if stream.done:
            _finish(body)
        abandon_body(response)
        return completion

    def _cut(self, error: BaseException) -> str:
        words = timeout_words(error, self.network_timeout)
        if not words and isinstance(error, ConnectionResetError):
            words = "the connection was reset"
        elif not words:
            incomplete = str(error) == "Incomplete response."
            words = "the connection was closed" if incomplete else repr(error)
        return f"the stream was cut off: {words}"

    def _not_a_stream(self, response: Any, begun: float, kind: str) -> Completion:
        try:
            content = response.content or b""
        except FAILURE_EXCEPTIONS as error:
            problem = self._cut(error)
        else:
            response.request_meta["response_length"] = len(content)
            reason = error_words(decoded_json(content))
            problem = (
                f"200 with an error: {reason}"
                if reason
                else f"asked for a stream, got {kind or 'something without a content type'}"
            )
        return Completion(problem=problem, total_ms=(time.perf_counter() - begun) * 1000)


def _finish(body: Iterator[bytes]) -> None:
    """Read what little there is after the last event, for the connection to be used again."""
    with suppress(*FAILURE_EXCEPTIONS), gevent.Timeout(REST_S):
        for _ in body:
            pass
