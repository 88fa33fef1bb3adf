"""python -m benchmarks.money: what holding a call's money and recording the call cost, in CPU time.

The real admission (four budgets, two throttles), the real ledger in a file of its own, sixteen calls at once
as under load. The time is that of the whole process, so the ledger's own thread counts too.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import uvloop

from gateway_core.admission import Admission
from gateway_core.clock import Clock, instant_text
from gateway_core.model.call import Ask, DialectName, Operation, Plan, Target
from gateway_core.model.ids import request_id
from gateway_core.model.money import nano_from_usd
from gateway_core.model.policy import Budget, Policy, Price, Rates, Throttle
from gateway_core.model.rows import Certainty, Outcome
from gateway_core.model.usage import Usage
from gateway_core.pipeline.record import Record
from gateway_core.rules.identity import Identity
from gateway_core.rules.matching import Facts
from gateway_core.rules.need import Need
from gateway_core.rules.settling import Booking
from gateway_core.store.ledger import Ledger

AT_ONCE = 16
WARM_UP = 1000

TARGET = Target("openai", "gpt-4o-mini")
TAGS = {"project": "web", "user": "ann", "mode": "building"}
FACTS = Facts(TAGS, "default", TARGET.model, TARGET.provider)
PRICE = Price("benchmark", Rates(input=Decimal("0.15"), output=Decimal("0.60")))
ASK = Ask(DialectName.OPENAI_CHAT, Operation.GENERATE, TARGET.model, output_cap=400, input_bytes=700)
BOOKING = Booking(Usage(input=160, cached_input=20, output=120), 99_000, Certainty.COMPUTED)
POLICY = Policy(
    budgets=(
        Budget("everything", limit_nano=nano_from_usd(1_000_000), window="month"),
        Budget("web", {"project": "web"}, limit_nano=nano_from_usd(100_000), window="day"),
        Budget("ann", {"user": "ann"}, limit_tokens=10**12, window="month"),
        Budget("openai", {"provider": "openai"}, limit_nano=nano_from_usd(100_000), window="week"),
    ),
    throttles=(
        Throttle("ann's pace", {"user": "ann"}, tokens_per_minute=10**12),
        Throttle("web's pace", {"project": "web"}, requests_per_minute=10**9),
    ),
)

Call = Callable[[int], Awaitable[None]]


class Money:
    """One call's money and rows, as the pipeline does them."""

    def __init__(self, ledger: Ledger) -> None:
        self._clock = Clock()
        self._ledger = ledger
        self._admission = Admission(self._clock, UTC, lambda account, mark: None)
        self._admission.apply(POLICY)

    async def nothing(self, number: int) -> None:
        await asyncio.sleep(0)

    async def holding(self, number: int) -> None:
        need = Need.of(ASK, TARGET, PRICE)
        hold = await self._admission.admit(FACTS, need)
        await asyncio.sleep(0)
        self._admission.settle(hold, nano=BOOKING.cost_nano, tokens=BOOKING.usage.total)

    async def recording(self, number: int) -> None:
        record = self._record(number)
        await self._ledger.open_row(record.open_row())
        self._finish(record)

    async def both(self, number: int) -> None:
        record = self._record(number)
        hold = await self._admission.admit(FACTS, Need.of(ASK, TARGET, PRICE))
        record.held = hold.nano
        await self._ledger.open_row(record.open_row())
        self._admission.settle(hold, nano=BOOKING.cost_nano, tokens=BOOKING.usage.total)
        self._finish(record)

    def _finish(self, record: Record) -> None:
        record.outcome, record.booking = Outcome.OK, BOOKING
        self._ledger.finish(record.final_row())

    def _record(self, number: int) -> Record:
        clock = self._clock
        return Record(
            id=request_id(time.time_ns() // 1_000_000, number),
            clock=clock,
            started_at=instant_text(clock.now()),
            arrived=clock.now(),
            began=clock.monotonic(),
            format=str(ASK.dialect),
            path="/v1/chat/completions",
            token="default",
            ask=ASK,
            identity=Identity(TAGS, None),
            plan=Plan((TARGET,), None, "asked: no route matches"),
            asked=TARGET,
            target=TARGET,
            price=PRICE,
            asked_price=PRICE,
        )


async def cpu_us(call: Call, numbers: range) -> float:
    """CPU microseconds for each call of the numbers, sixteen of them at once."""
    waiting = iter(numbers)

    async def caller() -> None:
        for number in waiting:
            await call(number)

    before = time.process_time()
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(caller())
    return (time.process_time() - before) / len(numbers) * 1e6


async def measure(folder: Path, calls: int) -> dict[str, float]:
    """What each part costs a call, in microseconds of CPU, what the loop itself costs taken off."""
    ledger = Ledger(folder / "ledger.db")
    ledger.start()
    money = Money(ledger)
    found: dict[str, float] = {}
    start = 0
    for name in ("nothing", "holding", "recording", "both"):
        call: Call = getattr(money, name)
        for count in (WARM_UP, calls):
            found[name] = await cpu_us(call, range(start, start + count))
            await ledger.flush()
            start += count
    await asyncio.to_thread(ledger.close)
    return {name: us - found["nothing"] for name, us in found.items() if name != "nothing"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.money", description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000, help="calls of each kind (20,000)")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="llmconsole-bench-") as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        for name, us in runner.run(measure(Path(folder), options.calls)).items():
            print(f"{name:<10}{us:7.1f} µs of CPU a call")


if __name__ == "__main__":
    main()
