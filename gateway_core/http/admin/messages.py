"""What was asked and answered, of calls whose owner keeps that; and how to be rid of it."""

from __future__ import annotations

import anyio.to_thread

from gateway_core.formats.said import read_said, words_of
from gateway_core.formats.turns import turns
from gateway_core.http.admin.answers.messages import (
    CaptureAnswer,
    DeletedAnswer,
    KeptMessagesAnswer,
    MessagesAnswer,
    TurnAnswer,
)
from gateway_core.http.admin.engine import Engine, Gateway, read
from gateway_core.http.admin.subject import subject
from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.store.messages import PLAIN, Messages

router = subject("messages")
OFF = "messages are kept only of calls that a [[capture]] of the policy names, and this was none"


@router.get("/messages")
async def kept(gateway: Gateway) -> KeptMessagesAnswer:
    """Of how many calls messages are kept, and by which rules."""
    calls, size = await read(gateway.messages.kept)
    return KeptMessagesAnswer(calls=calls, bytes=size, rules=capture_rules(gateway))


def capture_rules(engine: Engine) -> list[CaptureAnswer]:
    """Whose messages are kept."""
    rules = engine.policies.current.capture
    return [CaptureAnswer(match=dict(each.match), days=each.days) for each in rules]


@router.get("/calls/{id}/messages")
async def messages(id: str, gateway: Gateway) -> MessagesAnswer:
    """What a call asked and was answered, as far as it is kept. Keys are not in it."""
    found = await read(gateway.messages.of, id)
    if found is None:
        raise Refusal(404, "no_messages", f"nothing is kept of call {id[:80]!r}: {OFF}")
    return await anyio.to_thread.run_sync(_answer, found)


@router.delete("/calls/{id}/messages")
async def forget(id: str, gateway: Gateway) -> DeletedAnswer:
    """Deletes the messages of one call. Raises Refusal 404 for one that is not known."""
    gone = await _forgotten(gateway, id)
    if not gone.deleted and await read(gateway.queries.call, id) is None:
        raise Refusal(404, "no_such_call", f"there is no call {id[:80]!r}; no messages were deleted")
    return gone


@router.delete("/messages")
async def forget_all(gateway: Gateway) -> DeletedAnswer:
    """Deletes the messages of all calls. What the rules say goes on to be kept."""
    return await _forgotten(gateway, None)


async def _forgotten(engine: Engine, id: str | None) -> DeletedAnswer:
    gone = await read(engine.messages.forget, id)
    engine.changed("messages")
    return DeletedAnswer(deleted=gone)


def _answer(found: Messages) -> MessagesAnswer:
    dialect = DialectName(found.format)
    ask = Ask(dialect, Operation.GENERATE, "", stream=found.stream)
    kind = found.kind or ("text/event-stream" if found.stream else "")
    said = read_said(ask, found.answer, kind) if kind != PLAIN else None
    asked = [TurnAnswer(role=role, text=text) for role, text in turns(dialect, found.request)]
    if not asked:
        asked = [TurnAnswer(role="request", text=found.request.decode("utf-8", "replace"))]
    return MessagesAnswer(
        at=found.at,
        until=found.until,
        cut=found.cut,
        asked=asked,
        answer=words_of(said) if said is not None else found.answer.decode("utf-8", "replace"),
    )
