"""What a call may use at the most, and how far its output may be lowered to fit."""

from __future__ import annotations

from dataclasses import dataclass

from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.policy import Price
from gateway_core.rules.estimate import input_bound, input_estimate
from gateway_core.rules.fitting import Amount
from gateway_core.rules.pricing import covers, worst_case

USUAL_OUTPUT = 8192
"""Output tokens to hold for a call that names no cap and whose model's own is unknown."""
LEAST_OUTPUT = 16
"""The smallest output cap that providers take."""
LEAST_UNASKED = 256
"""How far a cap may be lowered that the client did not set."""


@dataclass(frozen=True, slots=True)
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
    media: bool = True
    """Whether input may be other than text, which may cost more."""

    @classmethod
    def of(cls, ask: Ask, target: Target, price: Price | None) -> Need:
        """The need of a call at a target."""
        output = ask.operation is Operation.GENERATE
        return cls(
            price=price if price is not None and covers(price, output=output) else None,
            model=str(target),
            input_tokens=input_bound(ask),
            usual_input=input_estimate(ask),
            output_cap=ask.output_cap,
            candidates=ask.candidates,
            output=output,
            free=ask.operation is Operation.COUNT,
            service_tier=ask.service_tier,
            media=ask.media_items > 0 or ask.by_reference,
        )

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

    def amount(self, money: bool) -> Amount:
        """The most that the call uses, by its output cap: nano-dollars, or tokens."""
        price, fixed, each = self.price, self.input_tokens, self.candidates
        if self.free or (money and price is None):
            return lambda cap: 0
        if money and price is not None:
            tier, media = self.service_tier, self.media
            return lambda cap: worst_case(
                price, input_tokens=fixed, output_tokens=cap * each, service_tier=tier, media=media
            )
        return lambda cap: fixed + cap * each
