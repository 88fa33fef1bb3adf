"""What a call asks, in nobody's words. Tool arguments and results are JSON texts, media are base64."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec

from gateway_core.model.call import DialectName

Role = Literal["system", "developer", "user", "assistant"]
ROLES: Mapping[str, Role] = {role: role for role in get_args(Role)}
"""By name, as the formats of OpenAI say them too."""
MediaKind = Literal["image", "audio", "document", "video"]
Own = Mapping[str, Any]
"""Fields that only the format has in which they came. `silent` ones are left out elsewhere without a word:
they change no answer."""


class Text(msgspec.Struct, frozen=True):
    """Words. `refusal`: the model's own, by which it declined."""

    text: str
    refusal: bool = False
    own: Own = {}


class Media(msgspec.Struct, frozen=True):
    """An image, a recording, a video or a document: its bytes, where to fetch them, or whose file it is."""

    kind: MediaKind
    mime: str = ""
    data: str = ""
    """Base64; empty where the bytes are elsewhere."""
    url: str = ""
    file_id: str = ""
    """The name of a file that one provider keeps, and no other can read."""
    name: str = ""
    own: Own = {}


class Thought(msgspec.Struct, frozen=True):
    """A model's thinking. `origin` is the format whose provider signed it, None where nobody did."""

    text: str = ""
    signature: str = ""
    origin: DialectName | None = None
    redacted: bool = False
    """Only the provider can read it: it is all in `signature`."""
    own: Own = {}


class ToolCall(msgspec.Struct, frozen=True):
    """A call of a tool. `arguments`: JSON text of a function's, plain text of a custom tool's."""

    id: str
    name: str
    arguments: str
    custom: bool = False
    signature: str = ""
    origin: DialectName | None = None
    group: str = ""
    own: Own = {}


class ToolResult(msgspec.Struct, frozen=True):
    """What a tool answered to the call of that id."""

    call_id: str
    parts: tuple[Text | Media, ...]
    failed: bool = False
    custom: bool = False
    own: Own = {}


Part = Text | Media | Thought | ToolCall | ToolResult


class Message(msgspec.Struct, frozen=True):
    """One turn; results of tools are part of the user's."""

    role: Role
    parts: tuple[Part, ...]
    own: Own = {}
    silent: Own = {}


class Tool(msgspec.Struct, frozen=True):
    """A tool that the client runs. `schema`: of a function's arguments; `group`: the set it stands in."""

    name: str
    description: str = ""
    schema: Mapping[str, Any] | None = None
    strict: bool | None = None
    custom: bool = False
    group: str = ""
    own: Own = {}


class ServerTool(msgspec.Struct, frozen=True):
    """A tool that a provider runs: only its own format can ask for it. `value` is it as it was written."""

    kind: str
    value: Mapping[str, Any]


class Choice(msgspec.Struct, frozen=True):
    """Which tools may or must be called: auto, none, required; `names` narrow it down to some."""

    mode: Literal["auto", "none", "required"]
    names: tuple[str, ...] = ()


class Output(msgspec.Struct, frozen=True):
    """A structured answer: any JSON object where there is no schema."""

    schema: Mapping[str, Any] | None = None
    name: str = ""
    strict: bool | None = None
    own: Own = {}


class Thinking(msgspec.Struct, frozen=True):
    """How much to think: an effort by name, a budget in tokens, or off. `shown`: the client wants it."""

    on: bool | None = None
    effort: str | None = None
    budget: int | None = None
    shown: bool | None = None
    own: Own = {}


class Request(msgspec.Struct, frozen=True):
    """A whole call; what is None was left to the provider."""

    dialect: DialectName
    """The format in which it came."""
    model: str
    messages: tuple[Message, ...]
    tools: tuple[Tool | ServerTool, ...] = ()
    choice: Choice | None = None
    parallel: bool | None = None
    output: Output | None = None
    thinking: Thinking | None = None
    cap: int | None = None
    stops: tuple[str, ...] = ()
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    candidates: int | None = None
    verbosity: str | None = None
    user: str | None = None
    stream: bool = False
    own: Own = {}
    silent: Own = {}

    @property
    def functions(self) -> tuple[Tool, ...]:
        """The tools that the client runs."""
        return tuple(tool for tool in self.tools if isinstance(tool, Tool))
