"""A call on its way: what was asked, where it may go, what was tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gateway_core.model.decision import Decision
from gateway_core.model.money import Nano
from gateway_core.model.usage import Usage
from gateway_core.model.value import value


class DialectName(StrEnum):
    """The wire formats. The value stands in the ledger's `format` column."""

    OPENAI_CHAT = "openai"
    OPENAI_RESPONSES = "responses"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"


ANY_THINKING = 2**31
"""Thinking that is asked for without a bound of its own; the output cap is the only one."""


class Operation(StrEnum):
    """What a path asks for."""

    GENERATE = "generate"
    EMBED = "embed"
    COUNT = "count"
    MODELS = "models"
    OTHER = "other"
    """A path that passes through as it is."""


@value
class Ask:
    """What a request's body asks for, read once and judged later. Sizes are bytes, caps are tokens."""

    dialect: DialectName
    operation: Operation
    model: str
    stream: bool = False
    output_cap: int | None = None
    """The client's own limit on output tokens; None where it set none."""
    candidates: int = 1
    input_bytes: int = 0
    """Bytes of content, tools and schemas that may become input tokens: a bound, media data left out."""
    media_items: int = 0
    """Images, audio clips and files, whose tokens no byte count bounds."""
    files: int = 0
    """The documents, recordings and videos among them: only the model's window bounds their tokens."""
    messages: int = 1
    usage_asked: bool = True
    """False for a stream whose client did not ask for usage in a format that has to be asked."""
    has_tools: bool = False
    has_images: bool = False
    server_tools: tuple[str, ...] = ()
    """Tools that the provider itself would run (web search, code), by name."""
    server_uses: int | None = None
    """How often these may be used together, where the client set a limit for all of them."""
    told_uses: int | None = None
    """The limit on them that the provider is told, where the client set none and a budget needs one."""
    thinking: int | None = None
    """Output tokens that may be thinking: 0 where the client turned it off, its budget where it set one,
    ANY_THINKING where it asked for thinking without one; None where it said nothing."""
    other_output: bool = False
    """Output of other kinds than text is asked for: a stream shows the bytes of sound and pictures, not what
    is billed for them."""
    free: bool = False
    """Nothing that it asks for is billed: it reads, deletes, cancels or only keeps something."""
    later: bool = False
    """The answer only says that one is being made; it is fetched by another call."""
    by_reference: bool = False
    """The input is partly on the provider's side (previous_response_id, cachedContent, file ids)."""
    service_tier: str | None = None
    region: str | None = None
    """Where the call has to run (Anthropic's inference_geo), which may cost more."""
    session: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    """Tags that the body itself carries (OpenAI metadata and user, Anthropic metadata.user_id)."""


@value
class Prompt:
    """The words of a request that judgement looks at."""

    last: str = ""
    """The person's last words, cut in the middle where they are long."""
    opening: str = ""
    """The first words of the conversation, by which it is known again."""
    tools: int = 0
    """Tools that are offered."""


@value
class Target:
    """One provider and the model name it knows."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model as lists of models show it: `id` is what a client asks for, `created` is epoch seconds."""

    id: str
    provider: str
    created: int = 0
    context_window: int | None = None
    max_output: int | None = None


@value
class Plan:
    """Where a call may go: targets in order, and why."""

    targets: tuple[Target, ...]
    route: str | None
    """Name of the route that matched; None where the asked model is kept."""
    reason: str
    """A short phrase for a person: 'route small talk goes local: mode=vibing'."""
    escalate: float | None = None
    """Distrust of a target's whole answer from which the next one is asked."""
    decision: Decision | None = None
    """The whole of it, to be explained; None where nothing was decided."""


@value
class Reading:
    """What an answer said about itself. `usage` is None where it said nothing usable."""

    usage: Usage | None = None
    model: str | None = None
    finished: bool = True
    """The format's own end mark was seen."""
    impossible: str | None = None
    """Why the stated usage could not be believed ('negative output_tokens'), None where it could."""
    cost_nano: Nano | None = None
    """What the provider itself says that the call cost; None where it says nothing of money."""
    usage_final: bool = True
    """The usage came with the end of generation: it is exact, also where the end mark is missing. If not, a
    stream stated it on the way, and there may be more."""
