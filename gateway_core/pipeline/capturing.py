"""Keeping what was asked and answered, of calls whose owner said so; secrets are taken out before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gateway_core.bodies import decode_body
from gateway_core.formats.said import all_words, read_said
from gateway_core.formats.sse import last_end
from gateway_core.logbook import without_keys
from gateway_core.model.call import Ask, DialectName, Operation
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import CaptureRule
from gateway_core.model.rows import Outcome
from gateway_core.pipeline.exchange import Inbound
from gateway_core.pipeline.record import Record
from gateway_core.pipeline.relay import ANSWER_LIMIT, Relayed
from gateway_core.rules.matching import Facts, matches
from gateway_core.store.messages import PLAIN, Messages, MessageStore
from gateway_core.upstream import Answer

MOST = 1_000_000
"""Bytes of a request, and of an answer, that are kept."""
_LONGEST_KEY = 4_096


def capturing(rules: Sequence[CaptureRule], ask: Ask, facts: Facts) -> CaptureRule | None:
    """The rule by which a call's messages are kept; None where nobody asked for that."""
    if ask.operation is not Operation.GENERATE:
        return None
    return next((rule for rule in rules if matches(rule.match, facts)), None)


def capture(
    store: MessageStore,
    rule: CaptureRule,
    record: Record,
    request: Inbound,
    answer: Answer | None,
    relayed: Relayed,
    redact: Callable[[str], str],
) -> None:
    """Keeps the messages of a call that has ended, whatever became of it; those of a refused one are not."""
    if record.outcome is Outcome.REFUSED or record.ask is None:
        return
    headers = {name.lower(): value.decode("latin-1") for name, value in answer.headers} if answer else {}
    said, kind = b"".join(relayed.pieces or ()), headers.get(b"content-type", "")
    cut = max(len(request.body), len(said)) > MOST or relayed.pieces is None or not relayed.complete
    if record.ask.stream:
        said, kind = _streamed(request.dialect, said[:MOST], kind, redact)
    else:
        said = _plain(said, headers.get(b"content-encoding"))
    messages = Messages(
        format=record.format,
        stream=record.ask.stream,
        kind=kind,
        request=_clean(request.body, redact),
        answer=_clean(said, redact),
        cut=cut,
    )
    store.keep(record.id, messages, record.started_at, rule.days)


def _plain(body: bytes, encoding: str | None) -> bytes:
    try:
        return decode_body(body, encoding, ANSWER_LIMIT, status=502) if encoding and body else body
    except Refusal:
        return b""


def _clean(body: bytes, redact: Callable[[str], str]) -> bytes:
    # Cut afterwards: of a key that is cut in two, nothing is known any more.
    return _cleaned(body[: MOST + _LONGEST_KEY].decode("utf-8", "replace"), redact).encode()[:MOST]


def _cleaned(text: str, redact: Callable[[str], str]) -> str:
    return without_keys(redact(text))


def _streamed(
    dialect: DialectName, said: bytes, kind: str, redact: Callable[[str], str]
) -> tuple[bytes, str]:
    """What is kept of a stream, and its kind: its words alone where a key is in them, which no event shows
    whole, and nothing where it cannot be read."""
    begins = said.lstrip()[:1]
    if begins in (b"", b"{"):
        # No stream, but an error: its texts are whole.
        return said, kind
    events = begins != b"["
    ask = Ask(dialect, Operation.GENERATE, "", stream=True)
    whole = said[: last_end(said) or None] if events else said
    answer = read_said(ask, whole, "text/event-stream" if events else "application/json", failed=True)
    if answer is None:
        return b"", PLAIN
    words = all_words(answer)
    return (said, kind) if _cleaned(words, redact) == words else (words.encode(), PLAIN)
