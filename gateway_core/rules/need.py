"""What a call may use at the most, and how far its output may be lowered to fit."""

from __future__ import annotations

from dataclasses import field

from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.money import Nano, nano_from_usd
from gateway_core.model.policy import Price
from gateway_core.model.value import value
from gateway_core.rules.estimate import input_bound, input_estimate, open_input
from gateway_core.rules.fitting import Amount
from gateway_core.rules.pricing import covers, worst_case

USUAL_OUTPUT = 8192
"""Output tokens to hold for a call that names no cap and whose model's own is unknown."""
MOST_OUTPUT = 262_144
"""Output tokens above which no model answers: what a call without any cap could use."""
LEAST_OUTPUT = 16
"""The smallest output cap that providers take."""
LEAST_UNASKED = 256
"""How far a cap may be lowered that the client did not set."""


@value
class Need:
    """Token counts of one call. `free` calls (counting) use nothing."""

    price: Price | None
    model: str
    input_tokens: int
    usual_input: int
    """A likely count, for pace; `input_tokens` is the bound, for money."""
    output_cap: int | None = None
    candidates: int = 1
    output: bool = True
    """False where there is none to pay for (embeddings)."""
    free: bool = False
    service_tier: str | None = None
    """The tier that was asked for; a faster one costs more."""
    region: str | None = None
    media: bool = True
    """Whether input may be other than text, which may cost more."""
    hidden: int | None = None
    """Output tokens that may be billed without being seen in a stream; None: all of them, or no stream."""
    fees_nano: int = 0
    """Fees of server-side tools at the most."""
    open_ended: str | None = None
    """What nothing bounds, in words; None where `input_tokens` and `fees_nano` are true bounds."""
    _asked: dict[int, Nano] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Nano-dollars by cap, worked out once: every budget over a call asks for the same few."""

    @classmethod
    def of(cls, ask: Ask, target: Target, price: Price | None, *, hides_nothing: bool = False) -> Need:
        """The need of a call at a target. hides_nothing: the model thinks on the wire or when asked only."""
        if ask.operation is Operation.OTHER:
            return cls.unknown(ask, target)
        output = ask.operation is Operation.GENERATE
        beyond = open_input(ask, price.context_window if price else None)
        fees = _fees(ask, price)
        return cls(
            price=price if price is not None and covers(price, output=output) else None,
            model=str(target),
            input_tokens=max(input_bound(ask), beyond or 0),
            usual_input=input_estimate(ask),
            output_cap=ask.output_cap,
            candidates=ask.candidates,
            output=output,
            free=ask.operation is Operation.COUNT,
            service_tier=ask.service_tier,
            region=ask.region,
            media=ask.media_items > 0 or ask.by_reference,
            hidden=_hidden(ask, hides_nothing),
            fees_nano=fees or 0,
            open_ended=_open_ended(ask) if beyond is None or fees is None else None,
        )

    @classmethod
    def unknown(cls, ask: Ask, target: Target) -> Need:
        """The need of a call on a path that passes through: nothing, or nobody can tell."""
        unbounded = None if ask.free else "a path whose cost nobody can tell beforehand"
        return cls(None, str(target), 0, 0, output=False, free=ask.free, open_ended=unbounded)

    @property
    def cap(self) -> int:
        """Output tokens of one candidate at the most: the client's cap, the model's, or a usual one."""
        if not self.output:
            return 0
        known = self.price.max_output if self.price else None
        return self.output_cap or known or USUAL_OUTPUT

    @property
    def least(self) -> int:
        """How far the cap may be lowered: half of what the client set, less where it set none."""
        if not self.output:
            return 0
        if self.output_cap:
            return min(self.output_cap, max(LEAST_OUTPUT, self.output_cap // 2))
        return min(self.cap, LEAST_UNASKED)

    def most(self, money: bool) -> int:
        """What the call could use if no cap of ours were in the way: nano-dollars, or tokens."""
        known = self.price.max_output if self.price else None
        return self.amount(money)(self.output_cap or known or MOST_OUTPUT)

    def amount(self, money: bool) -> Amount:
        """The most that the call uses, by its output cap: nano-dollars, or tokens."""
        return self._nano if money else self._tokens

    def _tokens(self, cap: int) -> int:
        return 0 if self.free else self.input_tokens + cap * self.candidates

    def _nano(self, cap: int) -> Nano:
        if self.free or self.price is None:
            return 0
        known = self._asked.get(cap)
        if known is None:
            known = self._asked[cap] = self.fees_nano + worst_case(
                self.price,
                input_tokens=self.input_tokens,
                output_tokens=cap * self.candidates,
                service_tier=self.service_tier,
                region=self.region,
                media=self.media,
            )
        return known


def _hidden(ask: Ask, hides_nothing: bool) -> int | None:
    if not ask.stream or ask.other_output:
        return None
    if ask.thinking is not None:
        return ask.thinking
    return 0 if hides_nothing else None


def _fees(ask: Ask, price: Price | None) -> int | None:
    """Nano-dollars of every allowed use at the dearest tool's fee; None where a fee or a limit is missing."""
    if not ask.server_tools or ask.server_uses == 0:
        return 0
    known = price.per_call if price else {}
    if ask.server_uses is None or not all(tool in known for tool in ask.server_tools):
        return None
    return ask.server_uses * max(nano_from_usd(known[tool]) for tool in ask.server_tools)


def _open_ended(ask: Ask) -> str:
    if ask.server_tools:
        return f"tools that the provider runs ({', '.join(ask.server_tools)}) without a known limit and fee"
    if ask.by_reference:
        return "input that the provider keeps or fetches, beyond what is in the body"
    return "documents, recordings or videos, and a model whose context window is not known"
