"""One ended call after the other: its prompt hashed, compared with what came before, and written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from gateway_core.coach.memory import Traces
from gateway_core.formats.prompt_blocks import Found, prompt_blocks
from gateway_core.model.call import DialectName, Target
from gateway_core.model.policy import Price
from gateway_core.model.usage import Usage
from gateway_core.rules.prompt_cache.blocks import BlockKind, block_hash, make_block, shared
from gateway_core.rules.prompt_cache.habits import life, warm_tokens
from gateway_core.rules.prompt_cache.verdict import (
    Traced,
    Verdict,
    Why,
    judge,
    nearest,
    read_saving,
    write_surcharge,
)
from gateway_core.store.prompts import PromptRow, PromptStore


@dataclass(slots=True, eq=False)
class Ended:
    """A call that was answered. at: seconds since 1970; body: as it was sent, before marks of ours."""

    call_id: str
    at: float
    target: Target
    place: str
    """Which key it was called with."""
    dialect: DialectName
    body: bytes
    token: str
    session: str | None
    usage: Usage
    price: Price | None
    service_tier: str | None
    region: str | None
    marks: int
    """Cache marks that were set for the client."""


class Looker:
    """Belongs to one thread. key: of the hashes."""

    def __init__(self, store: PromptStore, key: bytes) -> None:
        self._store = store
        self._key = key
        self._traces = Traces()

    def look(self, some: Sequence[Ended]) -> None:
        """Writes down what became of the provider's cache in these calls."""
        rows = [row for ended in some if (row := self._row(ended)) is not None]
        if rows:
            self._store.keep(rows)

    def _row(self, ended: Ended) -> PromptRow | None:
        try:
            found = prompt_blocks(ended.dialect, ended.body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None
        hashes = [block_hash(data, self._key) for _, _, data in found]
        conversation = _conversation(ended, found, hashes)
        if conversation not in self._traces:
            for trace in self._store.latest(conversation):
                self._traces.keep(conversation, trace)
        now = self._traced(ended, conversation, found, hashes)
        verdict = self._verdict(ended, conversation, now)
        self._traces.keep(conversation, now)
        tier = ended.service_tier
        saved = read_saving(ended.usage, ended.price, service_tier=tier, region=ended.region)
        dear = write_surcharge(ended.usage, ended.price, service_tier=tier, region=ended.region)
        return PromptRow(now, conversation, verdict, saved, dear, ended.marks)

    def _traced(
        self, ended: Ended, conversation: str, found: Sequence[Found], hashes: Sequence[bytes]
    ) -> Traced:
        """The call as it is remembered. What stood in an earlier one is not taken apart again."""
        known = self._traces.known_blocks(conversation)
        blocks = []
        for (kind, at, data), hash in zip(found, hashes, strict=True):
            block = known.get(hash)
            if block is None or (block.kind, block.at) != (kind, at):
                block = make_block(kind, at, data, hash, self._key)
            blocks.append(block)
        before = self._traces.of(conversation)
        kept = life(ended.dialect, ended.usage, before[-1].life if before else 0.0)
        warm = warm_tokens(ended.dialect, ended.target.model, ended.usage)
        return Traced(ended.call_id, ended.at, ended.target, ended.place, tuple(blocks), warm, kept)

    def _verdict(self, ended: Ended, conversation: str, now: Traced) -> Verdict:
        known = self._traces.of(conversation)
        verdict = self._judged(ended, now, known, across=False)
        if verdict.why is not Why.FIRST:
            return verdict
        others = self._traces.openers(now)
        self._traces.keep_opener(now)
        beside = self._judged(ended, now, others, across=True)
        return beside if beside.why is Why.CHANGED else verdict

    def _judged(self, ended: Ended, now: Traced, known: Sequence[Traced], *, across: bool) -> Verdict:
        # How others began has been held against it already.
        before = nearest(now, known, [int(across) + shared(each.blocks, now.blocks) for each in known])
        return judge(
            now,
            before,
            ended.dialect,
            ended.usage,
            ended.price,
            across=across,
            service_tier=ended.service_tier,
            region=ended.region,
        )


def _conversation(ended: Ended, found: Sequence[Found], hashes: Sequence[bytes]) -> str:
    """Tells the conversations of a token apart: by the client's own word, else by their first message."""
    if ended.session:
        return f"{ended.token}/{ended.session}"
    first = next(
        (hash for (kind, _, _), hash in zip(found, hashes, strict=True) if kind is BlockKind.MESSAGE), b""
    )
    return f"{ended.token}/~{first.hex()}"
