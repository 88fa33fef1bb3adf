"""What a call may use at the most, and how far its output may be lowered to fit."""

from __future__ import annotations

from dataclasses import dataclass

from gateway_core.model.call import Ask, Operation, Target
from gateway_core.model.policy import Price
from gateway_core.rules.estimate import input_bound, input_estimate
from gateway_core.rules.fitting import Amount
from gateway_core.rules.pricing import worst_case

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

    @classmethod
    def of(cls, ask: Ask, target: Target, price: Price | None) -> Need:
        """The need of a call at a target."""
        return cls(
            price=price,
            model=str(target),
            input_tokens=input_bound(ask),
            usual_input=input_estimate(ask),
            output_cap=ask.output_cap,
            candidates=ask.candidates,
            output=ask.operation is Operation.GENERATE,
            free=ask.operation is Operation.COUNT,
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
            return lambda cap: worst_case(price, input_tokens=fixed, output_tokens=cap * each)
        return lambda cap: fixed + cap * each
