"""Knobs by which a single request says how it wants to be treated.

As headers `x-sim-output: 1000`, or, since a gateway may strip headers, in the last user message as
`[[sim output=1000 chunks=50]]`. A header is stronger than the words. An unknown knob is a 400.

id=abc            a mark that /_seen shows, to find this call again
output=1000       output tokens, exactly, reasoning within (the cap of the request still cuts)
overrun=1         … and the cap does not cut: the provider reports more than it was allowed
input=1000        total input tokens, exactly; nothing counts as cached unless `cached` or `written` say so
cached=900        of these, read from the prompt cache     written=50, written_1h=50   written to it
reasoning=64      of the output, hidden or shown thinking
chunks=50         content chunks of the stream, exactly (as long as the text has so many characters)
ttft=0.2          seconds before the first byte            gap=0.01    seconds between two chunks
hang=5            seconds of silence before anything is sent
hang=after:3:5    … after three content chunks of the stream, five seconds
break=after:3     the connection closes after three content chunks (a whole answer: in its middle)
break=clean:3     the stream ends properly after three chunks, but without the format's end mark
break=error:3     the stream ends with the format's own error event
status=503        this refusal, in the format's own shape  retry_after=2   with this header
refuse=words      the model declines in words, where the format has a place for them; else it ends as refused
refuse=filter     a filter ends the answer in its middle        refuse=prompt    … before it says anything
times=1           a status, hang, break or refuse strikes only the first so many arrivals of this message
at=name           a status, hang, break or refuse strikes only at this model; another one serves
usage=none        no usage at all; `void` a null; `absurd`, `negative`, `fraction`, `text` spoil its numbers;
                  `half` leaves the output out
model=name        the model that the answer names
call=name:e30     the model calls this tool of the client with these arguments, base64url of their JSON
says=name:eWVz    this model says just these words, base64url; more models after commas
encoding=gzip     the answer is packed: gzip, deflate, br or zstd

Seconds of knobs are real seconds: `--speed` does not change them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from gateway_core.model.errors import Refusal
from gateway_core.simulated.packing import Encoding

_DIRECTIVE = re.compile(r"\[\[sim\s+([^\]]*)\]\]")
_HEADER = "x-sim-"

Refuse = Literal["words", "filter", "prompt"]
UsageFault = Literal["none", "void", "absurd", "negative", "fraction", "text", "half"]


class Knobs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"break_": "break"}):
    """What one request asked of the simulation; None where it left the decision to the mind."""

    id: str | None = None
    output: int | None = None
    overrun: bool = False
    input: int | None = None
    cached: int | None = None
    written: int | None = None
    written_1h: int | None = None
    reasoning: int | None = None
    chunks: int | None = None
    ttft: float | None = None
    gap: float | None = None
    hang: str | None = None
    break_: str | None = None
    status: int | None = None
    retry_after: int | None = None
    refuse: Refuse | None = None
    times: int | None = None
    at: str | None = None
    usage: UsageFault | None = None
    model: str | None = None
    call: str | None = None
    says: str | None = None
    encoding: Encoding | None = None


NO_KNOBS = Knobs()


class Fault(msgspec.Struct, frozen=True):
    """A `hang` or `break` taken apart: what happens, after how many content chunks, for how long."""

    kind: str
    chunks: int = 0
    seconds: float = 0.0


def read_knobs(headers: Mapping[str, str], text: str) -> Knobs:
    """The knobs of one request. Raises Refusal 400 for a knob that does not exist or a value that is none."""
    raw = _from_text(text) if "[[sim" in text else {}
    for name, value in headers.items():
        if name.startswith(_HEADER):
            raw[name[len(_HEADER) :].replace("-", "_")] = value
    if not raw:
        return NO_KNOBS
    try:
        knobs = msgspec.convert(raw, Knobs, strict=False)
        hang_of(knobs), break_of(knobs), call_of(knobs), words_of(knobs)
    except (msgspec.ValidationError, ValueError) as error:
        raise Refusal(400, "unknown_knob", f"simulation knob: {error}") from None
    return knobs


def _from_text(text: str) -> dict[str, str]:
    raw: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(text):
        for word in match.group(1).split():
            name, _, value = word.partition("=")
            raw[name] = value
    return raw


def hang_of(knobs: Knobs) -> Fault | None:
    """`5` → before anything; `after:3:5` → after three chunks. Raises ValueError for another form."""
    if knobs.hang is None:
        return None
    words = knobs.hang.split(":")
    if len(words) == 1:
        return Fault("before", 0, float(words[0]))
    if len(words) == 3 and words[0] == "after":
        return Fault("after", int(words[1]), float(words[2]))
    raise ValueError(f"hang={knobs.hang}: write hang=5 or hang=after:3:5")


def break_of(knobs: Knobs) -> Fault | None:
    """`after:3`, `clean:3`, `error:3`. Raises ValueError for another form."""
    if knobs.break_ is None:
        return None
    kind, _, count = knobs.break_.partition(":")
    if kind not in ("after", "clean", "error"):
        raise ValueError(f"break={knobs.break_}: write after:N, clean:N or error:N")
    return Fault(kind, int(count or 0))


def call_of(knobs: Knobs) -> tuple[str, str] | None:
    """The tool's name, and its arguments as JSON. Raises ValueError for another form."""
    if knobs.call is None:
        return None
    name, _, packed = knobs.call.partition(":")
    try:
        arguments = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
        msgspec.json.decode(arguments, type=dict[str, Any])
    except (ValueError, msgspec.MsgspecError):
        raise ValueError(f"call={knobs.call}: write call=NAME:BASE64URL of a JSON object") from None
    return name, arguments


def words_of(knobs: Knobs) -> Mapping[str, str]:
    """What each model says that is named. Raises ValueError for another form."""
    pairs = [each.rpartition(":") for each in (knobs.says or "").split(",") if each]
    try:
        return {
            name: base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
            for name, _, packed in pairs
        }
    except ValueError:
        raise ValueError(f"says={knobs.says}: write says=MODEL:BASE64URL of its words") from None
