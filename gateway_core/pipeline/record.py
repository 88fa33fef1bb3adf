"""The story of one call as it is told to the ledger: gathered on the way, written when the call has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from gateway_core.clock import Clock, instant_text
from gateway_core.model.call import Ask, Plan, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.money import Nano
from gateway_core.model.policy import Price
from gateway_core.model.rows import Attempt, CacheUse, FinalRow, OpenRow, Outcome
from gateway_core.rules.identity import Identity
from gateway_core.rules.pricing import cost
from gateway_core.rules.settling import NOTHING, Booking
from gateway_core.state.memory import Hold


@dataclass(slots=True)
class Record:
    """Everything that the final row will say. Times are monotonic seconds."""

    id: str
    clock: Clock
    started_at: str
    arrived: datetime
    began: float
    format: str
    path: str
    token: str
    ask: Ask | None = None
    identity: Identity = field(default_factory=lambda: Identity({}, None))
    plan: Plan | None = None
    asked: Target | None = None
    target: Target | None = None
    price: Price | None = None
    asked_price: Price | None = None
    held: Nano = 0
    held_input: int = 0
    held_output: int = 0
    """Tokens that are held, of a budget in tokens."""
    row: OpenRow | None = None
    """The open row as it was last made; None once the call has turned to another target."""
    opened: bool = False
    """An open row of the call is committed, or on its way there."""
    excess: Nano = 0
    cache: CacheUse = CacheUse.BYPASS
    attempts: int = 0
    earlier: tuple[Attempt, ...] = ()
    translated: str = ""
    """The provider's format, where it is not the client's."""
    dropped: tuple[str, ...] = ()
    """What the provider was not told of, since its format cannot say it."""
    attempt_began: datetime | None = None
    cut: bool = False
    """We ended a running stream, because its limit had no room for more."""
    sent_at: float | None = None
    first_byte_at: float | None = None
    last_byte_at: float | None = None
    outcome: Outcome = Outcome.FAILED
    """What the row says if nothing else is heard."""
    booking: Booking = NOTHING
    cached_cost: Nano | None = None
    http_status: int = 500
    provider_request_id: str | None = None
    error: str | None = None
    written: bool = False
    """The final row has been handed to the ledger."""

    def holds(self, hold: Hold | None) -> None:
        """What a crash would book from now on."""
        if hold is None:
            self.held = self.held_input = self.held_output = 0
        else:
            self.held, self.held_input = hold.nano, hold.need.input_tokens
            self.held_output = hold.all_output

    def begin_attempt(self, target: Target, price: Price | None) -> None:
        """The call turns to a target; nothing has been sent to it yet."""
        self.target, self.price = target, price
        self.row, self.sent_at, self.provider_request_id = None, None, None
        self.translated, self.dropped = "", ()
        self.holds(None)
        self.attempt_began = self.clock.now()

    def leave_attempt(self, http_status: int | None, error: str, booking: Booking) -> None:
        """The call outlives this attempt, which was sent."""
        assert self.target is not None and self.attempt_began is not None
        attempt = Attempt(
            number=self.attempts,
            started_at=instant_text(self.attempt_began),
            finished_at=instant_text(max(self.attempt_began, self.clock.now())),
            provider=self.target.provider,
            model=self.target.model,
            http_status=http_status,
            error=error[:500],
            held_nano=self.held,
            usage=booking.usage,
            cost_nano=booking.cost_nano,
            certainty=booking.certainty,
            price_id=self.price.id if self.price else None,
            provider_request_id=self.provider_request_id,
        )
        self.earlier = (*self.earlier, attempt)
        self.holds(None)

    def open_row(self) -> OpenRow:
        """The row that is committed before the call is sent to `target`."""
        target = self.target or self.asked
        self.row = OpenRow(
            id=self.id,
            started_at=self.started_at,
            format=self.format,
            path=self.path,
            asked_model=self.ask.model if self.ask else "",
            model=target.model if target else "",
            provider=target.provider if target else "",
            token=self.token,
            stream=bool(self.ask and self.ask.stream),
            held_nano=self.held,
            held_input_tokens=self.held_input,
            held_output_tokens=self.held_output,
            tags=self.identity.written,
            session=self.identity.session,
            route=self.plan.route if self.plan else None,
            route_reason=self.reason,
            price_id=self.price.id if self.price else None,
            earlier=self.earlier,
        )
        return self.row

    @property
    def reason(self) -> str:
        """Why the call goes where it goes, and what of it was left out on the way."""
        plan = self.plan.reason if self.plan else ""
        notes = [f"translated to {self.translated}"] if self.translated else []
        notes += [f"dropped: {', '.join(self.dropped)}"] if self.dropped else []
        return f"{plan}; {', '.join(notes)}" if notes else plan

    def refuse(self, refusal: Refusal) -> None:
        """The call was not served; what had been booked before stands."""
        ours = self.sent_at is None or self.cut
        self.outcome = Outcome.REFUSED if ours else Outcome.FAILED
        self.http_status = refusal.status
        self.error = f"{refusal.code}: {refusal.message}"[:500]

    def leave(self, *, whole: bool = False) -> None:
        """The client left; an answer that had reached its end stays one. whole: its end mark had come, and
        the client went at once with all that it asked for, as some agents do."""
        if self.outcome is Outcome.FAILED and self.error is None:
            if whole:
                self.outcome = Outcome.OK
            else:
                self.outcome, self.http_status = Outcome.CANCELLED, 499

    def interrupt(self, why: Refusal) -> None:
        """A person has ended the call."""
        self.outcome, self.http_status = Outcome.CANCELLED, why.status
        self.error = f"{why.code}: {why.message}"[:500]

    def final_row(self) -> FinalRow:
        """The row as it now ends."""
        opened = self.row or self.open_row()
        end = self.clock.monotonic()
        booking = self.booking
        return FinalRow(
            id=opened.id,
            started_at=opened.started_at,
            # A clock that was set back meanwhile does not end a call before it began.
            finished_at=max(opened.started_at, instant_text(self.clock.now())),
            outcome=self.outcome,
            format=opened.format,
            path=opened.path,
            asked_model=opened.asked_model,
            model=opened.model,
            provider=opened.provider,
            token=opened.token,
            stream=opened.stream,
            usage=booking.usage,
            cost_nano=booking.cost_nano,
            certainty=booking.certainty,
            saved_nano=self._saved(),
            cache=self.cache,
            route=opened.route,
            route_reason=opened.route_reason,
            attempts=self.attempts,
            first_byte_ms=self._milliseconds(self.first_byte_at, self.began),
            duration_ms=round((end - self.began) * 1000, 3),
            overhead_ms=self._overhead(end),
            session=opened.session,
            tags=opened.tags,
            price_id=opened.price_id,
            provider_request_id=self.provider_request_id,
            error=self.error or booking.doubt,
            http_status=self.http_status,
            provider_cache_saved_nano=booking.cached_saving_nano,
            excess_nano=self.excess,
            earlier=self.earlier,
            decision=self.plan.decision if self.plan else None,
        )

    def _saved(self) -> Nano:
        """Against no cache of ours: what the answer cost when it was made. Against no routing: the same
        usage at the asked model's price, less than nothing where a route chose a dearer one."""
        if self.cached_cost is not None:
            return self.cached_cost
        if self.asked is None or self.target in (None, self.asked) or self.asked_price is None:
            return 0
        asked = cost(self.booking.usage, self.asked_price)
        return 0 if asked is None else asked - self.booking.cost_nano

    def _overhead(self, end: float) -> float:
        """Milliseconds before the call was sent and after its last byte had come."""
        if self.sent_at is None:
            return round((end - self.began) * 1000, 3)
        after = end - self.last_byte_at if self.last_byte_at is not None else 0.0
        return round((self.sent_at - self.began + after) * 1000, 3)

    def _milliseconds(self, at: float | None, since: float) -> float | None:
        return None if at is None else round((at - since) * 1000, 3)


def our_headers(record: Record, mode: str) -> list[tuple[bytes, bytes]]:
    """The response headers by which a client sees what was decided."""
    target, plan = record.target or record.asked, record.plan
    named = (target.model, target.provider) if target else None
    reason = None if plan is None else plan.reason
    decided = _decided(record.cache, mode, named, reason, record.dropped)
    return [(b"x-llmconsole-request-id", record.id.encode()), *decided]


@lru_cache(maxsize=512)
def _decided(
    cache: CacheUse, mode: str, named: tuple[str, str] | None, reason: str | None, dropped: tuple[str, ...]
) -> tuple[tuple[bytes, bytes], ...]:
    """What is the same for many calls. named: model and provider."""
    headers = {b"x-llmconsole-cache": str(cache), b"x-llmconsole-mode": mode}
    if named is not None:
        headers[b"x-llmconsole-model"], headers[b"x-llmconsole-provider"] = named
    if reason is not None:
        headers[b"x-llmconsole-route"] = reason
    if dropped:
        headers[b"x-llmconsole-dropped"] = ", ".join(dropped)
    return tuple((name, header_text(value)) for name, value in headers.items())


def header_text(text: str) -> bytes:
    """The text as a header value: printable ASCII, the rest as '?'."""
    if text.isascii() and text.isprintable():
        return text.encode()[:500]
    return bytes(code if 32 <= code < 127 else 63 for code in text.encode("ascii", "replace"))[:500]
