"""What every format of the simulated provider has in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import msgspec

from gateway_core.model.errors import Refusal
from gateway_core.simulated.answer import Answer
from gateway_core.simulated.knobs import Knobs
from gateway_core.simulated.prompt import Prompt

Headers = list[tuple[bytes, bytes]]
encode = msgspec.json.encode


@dataclass(frozen=True)
class Call:
    """One HTTP request, whole. Header names are lower case; `model` is the one in a path."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    model: str = ""
    verb: str = ""
    raw_path: str = ""

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body's JSON object. Raises Refusal 400 where it is none."""
        try:
            decoded = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Refusal(
                400, "invalid_json", f"We could not parse the JSON body of your request: {error}"
            ) from None
        if not isinstance(decoded, dict):
            raise Refusal(400, "invalid_json", "The body of the request must be a JSON object.")
        return decoded

    @property
    def bearer(self) -> str:
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        return value.strip() if kind.lower() == "bearer" else ""


class ParamRefusal(Refusal):
    """A refusal that names the parameter, as OpenAI's do."""

    def __init__(self, code: str, message: str, param: str) -> None:
        super().__init__(400, code, message)
        self.param = param


@dataclass(frozen=True, slots=True)
class Event:
    """A piece of a stream as it goes out. `content`: it carries generated content and takes its time."""

    data: bytes
    content: bool = False


class Wire(Protocol):
    """A generating endpoint of one format."""

    def key(self, call: Call) -> str:
        """The provider key. Raises Refusal if there is none or it is no good."""

    def read(self, call: Call) -> Prompt:
        """The request in the form that the mind reads. Raises Refusal for what the real one refuses."""

    def whole(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> bytes:
        """The body of an answer that is not streamed."""

    def stream(self, prompt: Prompt, answer: Answer, knobs: Knobs) -> Iterator[Event]:
        """The events of a streamed answer, end mark included."""

    def stream_type(self, prompt: Prompt) -> bytes:
        """The content type of a stream."""

    def stream_error(self, prompt: Prompt) -> bytes:
        """The event by which a stream of this format ends in an error."""

    def headers(self, prompt: Prompt, answer: Answer) -> Headers:
        """The provider's own response headers."""


class Face(Protocol):
    """How a provider speaks outside of generating: its errors."""

    def refusal(self, refusal: Refusal) -> tuple[bytes, Headers]:
        """The error body and further headers."""


def refuse_bad_key(key: str) -> None:
    """Raises Refusal 401 for no key, and for a key with the word 'invalid' in it."""
    if not key:
        raise Refusal(401, "missing_key", "You didn't provide an API key.")
    if "invalid" in key:
        raise Refusal(401, "invalid_api_key", f"Incorrect API key provided: …{key[-4:]}.")


def text_of(content: Any) -> str:
    """The text in a message's content, of any format: a string, or the parts that have a `text`."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(text for part in content if (text := text_of(part)))
    if isinstance(content, dict):
        inner = content.get("text")
        return inner if isinstance(inner, str) else ""
    return ""


def last_user_text(messages: list[Any]) -> str:
    """The text of the last message of role user, in formats where messages have a `content`."""
    return next((text_of(m.get("content")) for m in reversed(messages) if m.get("role") == "user"), "")


def must_be(body: dict[str, Any], name: str, kind: type | tuple[type, ...], needed: bool = True) -> Any:
    """A field of the body. Raises ParamRefusal if it is missing or of another type."""
    value = body.get(name)
    if value is None and not needed:
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        what = "Missing required parameter" if value is None else "Invalid type for"
        raise ParamRefusal("invalid_request", f"{what}: '{name}'.", name)
    return value
