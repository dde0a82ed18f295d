"""JSON-RPC 2.0 messages, as a client reads and writes them (https://www.jsonrpc.org/specification).

`decode` tells the four kinds of message apart; `request`, `notification`, `result` and `error` make
them.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from loadtui.users.refusal import decoded_json

METHOD_NOT_FOUND = -32601

Id: TypeAlias = int | str
RpcDocument: TypeAlias = dict[str, Any]


class RpcResult(NamedTuple):
    """The good answer to a request."""

    id: Id | None
    result: RpcDocument


class RpcError(NamedTuple):
    """The bad answer to a request; `id` is None where the other side could not tell which."""

    id: Id | None
    code: int
    message: str


class RpcRequest(NamedTuple):
    """A request of the other side, which waits for an answer."""

    id: Id
    method: str
    params: RpcDocument


class RpcNotification(NamedTuple):
    """A notification: nobody waits for an answer."""

    method: str
    params: RpcDocument


RpcMessage: TypeAlias = RpcResult | RpcError | RpcRequest | RpcNotification


def decode_messages(text: bytes) -> list[RpcMessage]:
    """The messages of a JSON text: one, or several where it is a batch.

    Raises ValueError, with a sentence, for what is not JSON-RPC.
    """
    document = decoded_json(text)
    if document is None:
        raise ValueError("the answer is not JSON")
    batch = document if isinstance(document, list) else [document]
    return [_message(document) for document in batch]


def request_document(number: int, method: str, params: RpcDocument | None = None) -> RpcDocument:
    return {"jsonrpc": "2.0", "id": number, **_call(method, params)}


def notification_document(method: str, params: RpcDocument | None = None) -> RpcDocument:
    return {"jsonrpc": "2.0", **_call(method, params)}


def result_document(number: Id, value: RpcDocument) -> RpcDocument:
    """The good answer to a request of the other side."""
    return {"jsonrpc": "2.0", "id": number, "result": value}


def error_document(number: Id, code: int, message: str) -> RpcDocument:
    """The bad answer to a request of the other side."""
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}}


def _call(method: str, params: RpcDocument | None) -> RpcDocument:
    return {"method": method} if params is None else {"method": method, "params": params}


def _message(document: Any) -> RpcMessage:
    if not isinstance(document, dict) or document.get("jsonrpc") != "2.0":
        raise ValueError("the answer is not a JSON-RPC message")
    number = document.get("id")
    if "method" in document:
        params = document.get("params")
        if not isinstance(params, dict):
            params = {}
        method = str(document["method"])
        return (
            RpcNotification(method, params)
            if number is None
            else RpcRequest(number, method, params)
        )
    if "error" in document:
        error = document["error"]
        if not isinstance(error, dict):
            raise ValueError("the error in the answer is not a JSON-RPC error")
        code = error.get("code")
        return RpcError(number, code if isinstance(code, int) else 0, str(error.get("message", "")))
    if not isinstance(document.get("result"), dict):
        raise ValueError("the answer has neither a result nor an error")
    return RpcResult(number, document["result"])
