"""The way of a call to a provider of another format: whether there is one, its path, and its headers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from gateway_core.formats.bridge import TRANSLATORS, Bridge, counts, other_side
from gateway_core.formats.marks import without_marks
from gateway_core.formats.translator import Goal, Reply
from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.model.policy import Price
from gateway_core.pipeline.exchange import HeaderList, Inbound
from gateway_core.pipeline.relay import plain_body
from gateway_core.providers.catalog import Provider
from gateway_core.upstream import Answer

ANTHROPIC_VERSION = (b"anthropic-version", b"2023-06-01")
"""The version whose fields are written; a later one refuses sampling parameters with every model."""
_OF_A_FORMAT = (b"anthropic-", b"openai-", b"x-goog-", b"x-stainless-", b"content-type", b"accept-encoding")
"""What a client says to the provider of its own format, and what describes bytes that are not sent."""
_ERROR_LIMIT = 2**20


def serves(provider: Provider, ask: Ask) -> bool:
    """Whether the provider can take the call, in its own format or translated."""
    return ask.dialect in provider.dialects or other_side(ask, provider.dialects) is not None


def bridge_to(provider: Provider, ask: Ask, request: Inbound, now: datetime) -> Bridge | None:
    """The bridge that the call has to go over; None where the provider speaks its format."""
    side = None if ask.dialect in provider.dialects else other_side(ask, provider.dialects)
    if side is None:
        return None
    as_array = ask.dialect is DialectName.GEMINI and ask.stream and "alt=sse" not in request.query
    created = int(now.timestamp())
    return Bridge(ask, side, Reply(ask, request.id, created=created, as_array=as_array, body=request.body))


def only_estimated(provider: Provider, ask: Ask) -> bool:
    """Whether a count of tokens is asked for that this provider does not make."""
    if ask.operation is not Operation.COUNT:
        return False
    return not provider.counts or (ask.dialect not in provider.dialects and not counts(provider.dialects[0]))


def own_body(request: Inbound, ask: Ask) -> bytes:
    """The body for a provider of the client's format: as it came, unless another answered in it."""
    return without_marks(request.body, ask, TRANSLATORS[ask.dialect])


def goal_of(provider: Provider, target: Target, price: Price | None) -> Goal:
    """What the body is written for."""
    return Goal(target.model, price.max_output if price else None, provider.stream_usage == "ask")


def bridged_path(bridge: Bridge, ask: Ask, target: Target) -> str:
    """Path and query below the provider's base URL."""
    counting, embedding = ask.operation is Operation.COUNT, ask.operation is Operation.EMBED
    match bridge.provider:
        case DialectName.OPENAI_CHAT:
            return "/embeddings" if embedding else "/chat/completions"
        case DialectName.OPENAI_RESPONSES:
            return "/responses"
        case DialectName.ANTHROPIC:
            return "/v1/messages/count_tokens" if counting else "/v1/messages"
        case DialectName.GEMINI:
            generate = "streamGenerateContent?alt=sse" if ask.stream else "generateContent"
            verb = "countTokens" if counting else "batchEmbedContents" if embedding else generate
            return f"/v1beta/models/{quote(target.model, safe='')}:{verb}"


def bridged_headers(bridge: Bridge, headers: Sequence[tuple[bytes, bytes]]) -> HeaderList:
    """The client's headers as far as they mean something to the provider."""
    kept = [each for each in headers if not each[0].startswith(_OF_A_FORMAT)]
    kept.append((b"content-type", b"application/json"))
    return [*kept, ANTHROPIC_VERSION] if bridge.provider is DialectName.ANTHROPIC else kept


async def bridged_error(bridge: Bridge, answer: Answer) -> bytes:
    """The error of a provider in the client's format; the answer's headers fit it from then on."""
    plain = plain_body(answer, await answer.read(_ERROR_LIMIT))
    written, wait = bridge.failure(answer.status, plain)
    answer.headers = bridge.headers(answer.headers, stream=False)
    if wait is not None and not any(name == b"retry-after" for name, _ in answer.headers):
        answer.headers.append((b"retry-after", str(wait).encode()))
    return written
