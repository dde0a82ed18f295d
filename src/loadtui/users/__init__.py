"""Locust user classes for AI services: `from loadtui.users import ChatUser, McpUser`.

Loaded on first use: a scenario of one kind needs nothing of the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loadtui.users.chat_user import ChatUser
    from loadtui.users.mcp_user import McpUser
    from loadtui.users.rag_user import RagUser
    from loadtui.users.think import Thinking, offer_think

__all__ = ["ChatUser", "McpUser", "RagUser", "Thinking", "offer_think"]

_WHERE = {
    "ChatUser": "chat_user",
    "McpUser": "mcp_user",
    "RagUser": "rag_user",
    "Thinking": "think",
    "offer_think": "think",
}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"loadtui.users.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'loadtui.users' has no attribute {name!r}")
