"""JSON-RPC 2.0 messages, as a client reads and writes them (https://www.jsonrpc.org/specification).

`decode` tells the four kinds of message apart; `request`, `notification`, `result` and `error` make
them.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from loadtui.users.refusal import decoded

METHOD_NOT_FOUND = -32601

Id: TypeAlias = int | str
Document: TypeAlias = dict[str, Any]


class Result(NamedTuple):
    """The good answer to a request."""

    id: Id | None
    result: Document


class Error(NamedTuple):
    """The bad answer to a request; `id` is None where the other side could not tell which."""

    id: Id | None
    code: int
    message: str


class Asked(NamedTuple):
    """A request of the other side, which waits for an answer."""

    id: Id
    method: str
    params: Document


class Notice(NamedTuple):
    """A notification: nobody waits for an answer."""

    method: str
    params: Document


Message: TypeAlias = Result | Error | Asked | Notice


def decode(text: bytes) -> list[Message]:
    """The messages of a JSON text: one, or several where it is a batch.

    Raises ValueError, with a sentence, for what is not JSON-RPC.
    """
    document = decoded(text)
    if document is None:
        raise ValueError("the answer is not JSON")
    batch = document if isinstance(document, list) else [document]
    return [_message(one) for one in batch]


def request(number: int, method: str, params: Document | None = None) -> Document:
    return {"jsonrpc": "2.0", "id": number, **_call(method, params)}


def notification(method: str, params: Document | None = None) -> Document:
    return {"jsonrpc": "2.0", **_call(method, params)}


def result(number: Id, value: Document) -> Document:
    """The good answer to a request of the other side."""
    return {"jsonrpc": "2.0", "id": number, "result": value}


def error(number: Id, code: int, message: str) -> Document:
    """The bad answer to a request of the other side."""
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}}


def _call(method: str, params: Document | None) -> Document:
    return {"method": method} if params is None else {"method": method, "params": params}


def _message(document: Any) -> Message:
    if not isinstance(document, dict) or document.get("jsonrpc") != "2.0":
        raise ValueError("the answer is not a JSON-RPC message")
    number = document.get("id")
    if "method" in document:
        params = document.get("params")
        if not isinstance(params, dict):
            params = {}
        method = str(document["method"])
        return Notice(method, params) if number is None else Asked(number, method, params)
    if "error" in document:
        said = document["error"]
        if not isinstance(said, dict):
            raise ValueError("the error in the answer is not a JSON-RPC error")
        code = said.get("code")
        return Error(number, code if isinstance(code, int) else 0, str(said.get("message", "")))
    if not isinstance(document.get("result"), dict):
        raise ValueError("the answer has neither a result nor an error")
    return Result(number, document["result"])
