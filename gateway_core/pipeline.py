"""The way of one request, top to bottom."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from gateway_core.admission import Admission
from gateway_core.answers import AnswerCache, Recipe
from gateway_core.bus import Bus
from gateway_core.clock import Clock, instant_text
from gateway_core.exchange import Client, HeaderList, Inbound, own_limit, target_path
from gateway_core.failures import no_key, other_format, refusal_of, try_next
from gateway_core.formats import DIALECTS
from gateway_core.formats.dialect import StreamMeter
from gateway_core.live import LiveCall, settled_view
from gateway_core.model.call import Ask, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.events import EventKind
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.policy import Policy
from gateway_core.model.rows import CacheUse, Outcome
from gateway_core.providers.catalog import Catalog, Provider
from gateway_core.providers.prices import PriceBook
from gateway_core.record import Record, header_text, our_headers
from gateway_core.relay import Relayed, is_stream, passed_headers, read_whole, relay_stream
from gateway_core.rules.estimate import input_estimate, output_estimate
from gateway_core.rules.identity import identify
from gateway_core.rules.matching import Facts
from gateway_core.rules.need import Need
from gateway_core.rules.pricing import worst_case
from gateway_core.rules.routing import plan
from gateway_core.rules.settling import book
from gateway_core.state.memory import Hold
from gateway_core.store.ledger import Ledger
from gateway_core.tally import Tally
from gateway_core.upstream import Answer, Upstream, UpstreamFailure
from gateway_core.vault import Vault

PROGRESS_PAUSE = 0.25
"""Seconds between two progress events of one stream."""
ERROR_LIMIT = 2**20


@dataclass(slots=True)
class Parts:
    """What a request meets on its way. `policy`, `catalog`, `prices` and `mode` are swapped whole."""

    clock: Clock
    policy: Policy
    catalog: Catalog
    prices: PriceBook
    mode: str
    retries: int
    strict: bool
    admission: Admission
    ledger: Ledger
    cache: AnswerCache
    upstream: Upstream
    vault: Vault
    bus: Bus
    live: dict[str, LiveCall]
    tally: Tally


async def serve(parts: Parts, request: Inbound, client: Client) -> None:
    """Serves one request and leaves exactly one row, however it ends.

    Nothing in the `finally` awaits: a client that leaves cancels this frame wherever it stands, and
    hold, provider and row still end together.
    """
    record = _begin(parts, request)
    call = _Call(parts, request, client, record)
    try:
        ask = call.read()
        call.identify(ask)
        targets = call.plan(ask)
        if await call.replayed(ask, targets[0]):
            return
        answer = await call.first_answer(ask, targets)
        await call.hand_on(ask, answer)
    except Refusal as refusal:
        record.refuse(refusal)
        await client.refuse(refusal)
    except asyncio.CancelledError:
        record.leave()
        raise
    finally:
        call.end()


def _begin(parts: Parts, request: Inbound) -> Record:
    return Record(
        id=request.id,
        clock=parts.clock,
        started_at=instant_text(parts.clock.now()),
        began=request.began,
        format=str(request.dialect),
        path=request.path,
        token=request.token.name,
    )


class _Call:
    """One request between its steps."""

    def __init__(self, parts: Parts, request: Inbound, client: Client, record: Record) -> None:
        self.parts = parts
        self.request = request
        self.client = client
        self.record = record
        self.dialect = DIALECTS[request.dialect]
        self.relayed = Relayed()
        self.hold: Hold | None = None
        self.answer: Answer | None = None
        self.recipe: Recipe | None = None
        self.live: LiveCall | None = None
        self.hide_usage = False

    # 2 format, 3 identity, 4 plan

    def read(self) -> Ask:
        request = self.request
        ask = self.dialect.read(
            request.operation, request.body, path_model=request.path_model, path_stream=request.path_stream
        )
        self.record.ask = ask
        return ask

    def identify(self, ask: Ask) -> None:
        request = self.request
        self.record.identity = identify(
            headers=request.headers,
            path_tags=request.path_tags,
            pinned=request.token.tags,
            ask=ask,
            mode=self.parts.mode,
        )

    def plan(self, ask: Ask) -> tuple[Target, ...]:
        parts, record = self.parts, self.record
        now = parts.clock.now()
        asked = parts.catalog.resolve(
            ask.model, at=now, path_provider=self.request.prefix, dialect=self.request.dialect
        )
        record.asked = record.target = asked
        record.asked_price = record.price = parts.prices.find(asked.provider, asked.model, now)
        record.plan = plan(
            parts.policy.routes,
            self._facts(asked),
            asked,
            lambda name: parts.catalog.resolve(name, at=now),
            off=self.request.headers.get("x-llmconsole-route", "").lower() == "off",
        )
        speaking = [each for each in record.plan.targets if ask.dialect in self._provider(each).dialects]
        if not speaking:
            raise other_format(record.plan.targets[0], self._provider(record.plan.targets[0]), ask.dialect)
        return tuple(speaking)

    # 5 cache

    async def replayed(self, ask: Ask, target: Target) -> bool:
        """Answers from the exact cache if it may and can."""
        parts, record = self.parts, self.record
        self.recipe = parts.cache.recipe(
            ask, target, self.request, self._facts(target), parts.policy.exact_cache
        )
        if self.recipe is None:
            return False
        self.relayed.pieces = []
        record.cache = CacheUse.MISS
        found = await parts.cache.find(self.recipe)
        if found is None:
            return False
        record.target = target
        record.cache, record.outcome = CacheUse.HIT, Outcome.CACHE_HIT
        record.cached_cost, record.http_status = found.cost_nano, found.status
        record.price = None
        headers = [(name.encode(), value.encode("latin-1")) for name, value in found.headers]
        if found.chunks:
            await self.client.start(found.status, headers + self._our_headers())
            record.first_byte_at = parts.clock.monotonic()
            for piece in found.pieces():
                await self.client.write(piece)
            await self.client.finish()
        else:
            record.first_byte_at = parts.clock.monotonic()
            await self.client.answer(found.status, headers + self._our_headers(cost=0), found.body)
        return True

    # 6 admission, 7 open row, 8 upstream

    async def first_answer(self, ask: Ask, targets: tuple[Target, ...]) -> Answer:
        """The answer of the first target that is admitted and serves; each is held and checked afresh."""
        tries = [target for target in targets for _ in range(1 + self.parts.retries)]
        for number, target in enumerate(tries, 1):
            last = number == len(tries)
            try:
                answer = await self._attempt(ask, target)
            except (Refusal, UpstreamFailure) as failure:
                if last:
                    raise self._last_failure(failure, target) from failure
                self._give_back()
                continue
            if last or not try_next(answer.status):
                return answer
            answer.abort()
            self._give_back()
        raise AssertionError("a plan has at least one target")

    async def _attempt(self, ask: Ask, target: Target) -> Answer:
        parts, record, request = self.parts, self.record, self.request
        provider = self._provider(target)
        record.target = target
        record.price = parts.prices.find(target.provider, target.model, parts.clock.now())
        key = await self._key(provider)
        need = Need.of(ask, target, record.price)
        self.hold = await parts.admission.admit(
            self._facts(target), need, max_nano=own_limit(request.headers)
        )
        record.held = self.hold.nano
        self.hide_usage = ask.stream and not ask.usage_asked and provider.stream_usage == "ask"
        body = self.dialect.prepare(
            request.body, ask, model=target.model, output_cap=self.hold.cap, ask_usage=self.hide_usage
        )
        row = record.open_row()
        await parts.ledger.open_row(row)
        self.live = parts.live[record.id] = LiveCall(row)
        parts.bus.publish(EventKind.CALL_OPENED, self.live.view())
        record.attempts += 1
        record.sent_at = parts.clock.monotonic()
        self.answer = await parts.upstream.send(
            provider, "POST", target_path(request, target), request.raw_headers, body, key
        )
        record.provider_request_id = self.answer.request_id
        return self.answer

    def _last_failure(self, failure: Refusal | UpstreamFailure, target: Target) -> Refusal:
        """A provider that took the call and then fell silent may bill it: that stays booked, estimated."""
        if not (isinstance(failure, UpstreamFailure) and failure.sent):
            self._give_back()
        return refusal_of(failure, target)

    # 9 relay

    async def hand_on(self, ask: Ask, answer: Answer) -> None:
        """The provider's answer to the client, bytes untouched."""
        record = self.record
        record.http_status = answer.status
        if answer.status >= 400:
            await self._hand_on_error(answer)
        elif is_stream(answer, ask):
            await self._hand_on_stream(ask, answer)
        else:
            await self._hand_on_whole(answer)

    async def _hand_on_error(self, answer: Answer) -> None:
        record = self.record
        record.outcome = Outcome.FAILED
        body = self.parts.vault.redact(await answer.read(ERROR_LIMIT))
        record.error = f"{answer.status} from {record.target}: {body[:300].decode('utf-8', 'replace')}"
        record.last_byte_at = self.parts.clock.monotonic()
        self._give_back()
        await self.client.answer(
            answer.status, passed_headers(answer, decoded=False) + self._our_headers(), body
        )

    async def _hand_on_whole(self, answer: Answer) -> None:
        record, clock = self.record, self.parts.clock
        try:
            body = await read_whole(answer, self.request, self.relayed)
        except UpstreamFailure as failure:
            raise refusal_of(failure, record.target) from failure
        record.first_byte_at = record.last_byte_at = clock.monotonic()
        record.outcome = Outcome.OK
        self._settle()
        await self._recorded()
        headers = passed_headers(answer, decoded=False) + self._our_headers(cost=record.booking.cost_nano)
        await self.client.answer(answer.status, headers, body)

    async def _hand_on_stream(self, ask: Ask, answer: Answer) -> None:
        record = self.record
        decoded = self.hide_usage or any(name.lower() == b"content-encoding" for name, _ in answer.headers)
        await self.client.start(answer.status, passed_headers(answer, decoded=decoded) + self._our_headers())
        try:
            rest = await relay_stream(
                answer,
                ask,
                self.client,
                self.relayed,
                hide_usage=self.hide_usage,
                withhold=self.parts.strict,
                progress=self._progress,
            )
        except UpstreamFailure as failure:
            raise refusal_of(failure, record.target) from failure
        record.last_byte_at = self.parts.clock.monotonic()
        record.outcome = Outcome.OK
        self._settle()
        await self._recorded()
        if rest:
            await self.client.write(rest)
        await self.client.finish()

    def _progress(self, meter: StreamMeter) -> None:
        """Notes the first byte, and tells watchers now and then how far the stream is."""
        now, record, live = self.parts.clock.monotonic(), self.record, self.live
        if record.first_byte_at is None:
            record.first_byte_at = now
        if live is None or now - live.told_at < PROGRESS_PAUSE:
            return
        live.told_at = now
        live.first_byte_ms = round((record.first_byte_at - record.began) * 1000, 3)
        live.output_tokens = output_estimate(meter.output_bytes)
        if record.price is not None and record.ask is not None:
            live.cost_nano = worst_case(
                record.price, input_tokens=input_estimate(record.ask), output_tokens=live.output_tokens
            )
        self.parts.bus.publish(
            EventKind.CALL_PROGRESS,
            {"id": record.id, "output_tokens": live.output_tokens, "cost_usd": usd_string(live.cost_nano)},
        )

    # 10 settle, 11 record

    async def _recorded(self) -> None:
        """In strict durability, waits until the settled row is committed."""
        if self.parts.strict:
            self._write_row()
            await self.parts.ledger.flush()

    def end(self) -> None:
        """Settles, records and lets go of everything. Runs once for every request; nothing awaits."""
        if self.answer is not None and not self.relayed.complete:
            self.answer.abort()
        self._settle()
        self._write_row()
        if self.recipe is not None and self.record.outcome is Outcome.OK and self.relayed.pieces:
            self.parts.cache.keep(self.recipe, self.record, self.answer, self.relayed)

    def _settle(self) -> None:
        hold, record = self.hold, self.record
        if hold is None or record.ask is None:
            return
        self.hold = None
        if record.sent_at is not None:
            record.booking = book(
                record.ask,
                self.relayed.reading,
                record.price,
                held=hold.nano,
                output_bytes=self.relayed.output_bytes,
                complete=self.relayed.complete,
                price_of=self.parts.prices.beside(record.target, self.parts.clock.now()),
            )
        booking = record.booking
        self.parts.admission.settle(hold, nano=booking.cost_nano, tokens=booking.usage.total)
        if booking.doubt:
            self.parts.bus.publish(
                EventKind.LOG,
                {"level": "warning", "message": f"call {record.id}: {booking.doubt}; booked as an estimate"},
            )

    def _write_row(self) -> None:
        if self.record.written:
            return
        self.record.written = True
        row = self.record.final_row()
        self.parts.ledger.finish(row)
        self.parts.tally.add(row)
        self.parts.live.pop(row.id, None)
        self.parts.bus.publish(EventKind.CALL_SETTLED, settled_view(row))

    def _give_back(self) -> None:
        """Ends the hold of an attempt that used nothing."""
        if self.hold is not None:
            self.parts.admission.settle(self.hold, nano=0, tokens=0)
            self.hold = None

    def _facts(self, target: Target) -> Facts:
        return Facts(self.record.identity.tags, self.record.token, target.model, target.provider)

    def _provider(self, target: Target) -> Provider:
        return self.parts.catalog.provider(target.provider)

    def _our_headers(self, cost: Nano | None = None) -> HeaderList:
        record = self.record
        headers = dict(our_headers(record, record.identity.tags.get("mode", self.parts.mode)))
        if cost is not None:
            headers["x-llmconsole-cost-usd"] = usd_string(cost)
        return [(name.encode(), header_text(value)) for name, value in headers.items()]

    async def _key(self, provider: Provider) -> str | None:
        if provider.auth == "none" or provider.api_key in ("none", "client"):
            return None
        found = await self.parts.vault.key(provider)
        if found is None:
            raise no_key(provider)
        return found.text
