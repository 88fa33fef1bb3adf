"""Tools under names and in a form that every provider takes, and back again in the answer.

Names that are longer than providers take, or hold letters that one of them refuses, are rewritten and told
apart by a hash; tools in groups carry the group in their name; custom tools, whose input is plain text,
become functions with one text.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from gateway_core.formats.neutral.request import (
    Message,
    Part,
    Request,
    ServerTool,
    Tool,
    ToolCall,
    ToolResult,
)
from gateway_core.formats.neutral.values import json_object, json_text

LONGEST = 64
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
"""Gemini takes no name that begins otherwise, all others no further letters."""
_ODD = re.compile(r"[^A-Za-z0-9_-]|\A(?=[0-9-])")
_LONGEST_ID = 40
_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
"""Chats take no longer ones, Anthropic no other letters."""
_INPUT = "input"
_PLAIN_SCHEMA = {
    "type": "object",
    "properties": {_INPUT: {"type": "string"}},
    "required": [_INPUT],
    "additionalProperties": False,
}


class _Own(NamedTuple):
    """What the client calls a tool."""

    name: str
    group: str = ""
    custom: bool = False


class Naming:
    """The names of one call's tools."""

    def __init__(self, request: Request) -> None:
        self._own = {
            _sent_name(tool.name, tool.group): _Own(tool.name, tool.group, tool.custom)
            for tool in request.functions
        }
        self._sent = {own.name: sent for sent, own in self._own.items()}

    def sent(self, request: Request) -> Request:
        """The request as a provider gets it."""
        choice = request.choice
        if choice is not None:
            names = tuple(self._sent.get(name, name) for name in choice.names)
            choice = msgspec.structs.replace(choice, names=names)
        return msgspec.structs.replace(
            request,
            tools=tuple(_plain_tool(tool) for tool in request.tools),
            messages=tuple(_plain_message(message) for message in request.messages),
            choice=choice,
        )

    def own(self, name: str) -> tuple[str, str, bool]:
        """Name, group and kind (custom or not) of the tool that a provider calls so."""
        return self._own.get(name, _Own(name))

    def returned(self, call: ToolCall) -> ToolCall:
        """A call as the client gets it."""
        name, group, custom = self.own(call.name)
        arguments = text_input(call.arguments) if custom else call.arguments
        return msgspec.structs.replace(call, name=name, group=group, custom=custom, arguments=arguments)


def text_input(arguments: str) -> str:
    """The text that a custom tool is called with."""
    found = (json_object(arguments) or {}).get(_INPUT)
    return found if isinstance(found, str) else arguments


def sent_id(id: str) -> str:
    """The id of a call in letters, and of a length, that every provider takes."""
    return id if _PLAIN_ID.match(id) else _rewritten(id, _LONGEST_ID)


def _sent_name(name: str, group: str) -> str:
    whole = f"{group}__{name}" if group else name
    fits = len(whole) <= LONGEST and _PLAIN_NAME.match(whole)
    return whole if fits else _rewritten(whole, LONGEST)


def _rewritten(name: str, longest: int) -> str:
    return f"{_ODD.sub('_', name)[: longest - 9]}_{blake2b(name.encode(), digest_size=4).hexdigest()}"


def _plain_tool(tool: Tool | ServerTool) -> Tool | ServerTool:
    if isinstance(tool, ServerTool):
        return tool
    name = _sent_name(tool.name, tool.group)
    if not tool.custom:
        return msgspec.structs.replace(tool, name=name, group="")
    return Tool(name, tool.description, _PLAIN_SCHEMA, own=tool.own)


def _plain_message(message: Message) -> Message:
    return msgspec.structs.replace(message, parts=tuple(_plain_part(part) for part in message.parts))


def _plain_part(part: Part) -> Part:
    if isinstance(part, ToolResult) and part.custom:
        return msgspec.structs.replace(part, custom=False)
    if not isinstance(part, ToolCall):
        return part
    arguments = json_text({_INPUT: part.arguments}) if part.custom else part.arguments
    return msgspec.structs.replace(
        part, name=_sent_name(part.name, part.group), arguments=arguments, custom=False, group=""
    )
