"""The four kinds of JSON-RPC messages, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from loadtui.users.jsonrpc import (
    RpcError,
    RpcMessage,
    RpcNotification,
    RpcRequest,
    RpcResult,
    decode_messages,
    error_document,
    notification_document,
    request_document,
    result_document,
)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (result_document(3, {"tools": []}), RpcResult(3, {"tools": []})),
        (error_document("a", -32601, "no"), RpcError("a", -32601, "no")),
        (request_document(1, "ping"), RpcRequest(1, "ping", {})),
        (request_document(1, "call", {"a": 1}), RpcRequest(1, "call", {"a": 1})),
        (notification_document("progress", {"a": 1}), RpcNotification("progress", {"a": 1})),
        ({"jsonrpc": "2.0", "method": "m", "params": [1]}, RpcNotification("m", {})),
        ({"jsonrpc": "2.0", "id": None, "error": {"code": "x"}}, RpcError(None, 0, "")),
    ],
)
def test_messages_come_back_as_they_were_written(document: Any, message: RpcMessage) -> None:
    assert decode_messages(json.dumps(document).encode()) == [message]


def test_a_batch_is_several() -> None:
    batch = [result_document(1, {}), notification_document("done")]
    assert decode_messages(json.dumps(batch).encode()) == [
        RpcResult(1, {}),
        RpcNotification("done", {}),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"<html>", "is not JSON"),
        (b"3", "not a JSON-RPC message"),
        (b'{"jsonrpc": "1.0", "result": {}}', "not a JSON-RPC message"),
        (b'{"jsonrpc": "2.0", "id": 1}', "neither a result nor an error"),
        (b'{"jsonrpc": "2.0", "id": 1, "result": [1]}', "neither a result nor an error"),
        (b'{"jsonrpc": "2.0", "id": 1, "error": "no"}', "not a JSON-RPC error"),
        (b'[{"jsonrpc": "2.0", "id": 1, "result": {}}, 4]', "not a JSON-RPC message"),
    ],
)
def test_what_is_no_message_is_said_in_a_sentence(text: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        decode_messages(text)
