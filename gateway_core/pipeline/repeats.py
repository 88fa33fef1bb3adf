"""Idempotency keys on the way of a request: the same call again gets the first one's answer, unsent."""

from __future__ import annotations

import hashlib

from gateway_core.clock import Clock, instant_text
from gateway_core.model.errors import Refusal
from gateway_core.model.rows import Outcome
from gateway_core.pipeline.exchange import HeaderList, Inbound
from gateway_core.pipeline.record import Record
from gateway_core.pipeline.relay import Relayed
from gateway_core.store.idempotency import IdempotencyStore, Other, Replay, Running
from gateway_core.upstream import Answer

KEY_HEADER = "idempotency-key"
LONGEST_KEY = 255
REPLAYED_HEADER = (b"idempotency-replayed", b"true")
_KEPT_HEADERS = (b"content-type", b"content-encoding")


class Repeats:
    """What the keys of clients stand for. Keys are told apart by the client token they came with."""

    def __init__(self, store: IdempotencyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def begin(self, request: Inbound) -> tuple[str | None, Replay | None]:
        """The call's key, if it has one, and the answer that it stands for, if there is one.

        Raises Refusal 409 while the first call runs, 422 for another body, 400 for a key that is none.
        """
        key = request.headers.get(KEY_HEADER)
        if key is None:
            return None, None
        if not 0 < len(key) <= LONGEST_KEY:
            raise Refusal(
                400, "invalid_idempotency_key", f"{KEY_HEADER} must have 1 to {LONGEST_KEY} characters"
            )
        now = instant_text(self._clock.now())
        found = await self._store.begin(request.token.name, key, _hash(request), request.id, now)
        if isinstance(found, Other):
            raise Refusal(
                422,
                "idempotency_key_reused",
                f"{KEY_HEADER} {key!r} belongs to call {found.call_id}, which asked for something else; "
                "use a new key for each call",
            )
        if isinstance(found, Running):
            raise Refusal(
                409,
                "idempotency_key_in_use",
                f"call {found.call_id} with {KEY_HEADER} {key!r} is under way; its answer comes there",
                retry_after=1,
            )
        return key, found if isinstance(found, Replay) else None

    def end(self, key: str, record: Record, answer: Answer | None, relayed: Relayed) -> None:
        """Keeps the answer of a call that was served to its end, also where the client left as soon as it had
        the end mark: the answer is whole, and paid for. Any other frees its key."""
        if record.outcome is not Outcome.OK or answer is None or relayed.pieces is None:
            self._store.drop(record.token, key, record.id)
            return
        # A stream is relayed with its content-encoding taken off, and so kept without it.
        stream = record.ask is not None and record.ask.stream
        kept = _KEPT_HEADERS[:1] if stream else _KEPT_HEADERS
        self._store.keep(
            record.token,
            key,
            record.id,
            status=answer.status,
            headers=_texts([each for each in answer.headers if each[0].lower() in kept]),
            pieces=[piece for piece in relayed.pieces if piece],
        )


def _hash(request: Inbound) -> bytes:
    """Of all that makes two calls the same."""
    head = f"{request.dialect}\n{request.upstream_path}\n{request.query}\n".encode()
    return hashlib.sha256(head + request.body).digest()


def _texts(headers: HeaderList) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
