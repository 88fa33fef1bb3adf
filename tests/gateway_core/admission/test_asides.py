"""Calls that no client waits for: at once or not at all, where plenty is left, and out of the way."""

from __future__ import annotations

import anyio
import pytest

from gateway_core.admission import Admission
from gateway_core.model.errors import Refusal
from gateway_core.model.money import nano_from_usd
from gateway_core.model.policy import OPINION_TAG, AtLimit, Budget, Throttle
from gateway_core.rules.matching import Facts
from gateway_core.state.memory import Hold
from tests.gateway_core.admission.admitting import FACTS, admission, dollars, need

pytestmark = pytest.mark.anyio
OURS = Facts({"project": "web", OPINION_TAG: "mini"}, "default", "m", "p")
OWN = Budget("own", {OPINION_TAG: "mini"}, nano_from_usd("0.25"), window="day", alerts=())
ALL = nano_from_usd("1")


def aside(to: Admission, cap: int | None = 1000, most: int = ALL) -> Hold:
    return to.admit_aside(OURS, need(cap), most=most, gives_way=lambda: None)


async def test_its_own_budget_is_for_it_alone() -> None:
    made = admission(OWN)
    assert [aside(made).sent_cap for _ in range(3)] == [None, None, 500], "what is left of it caps it"
    with pytest.raises(Refusal, match="'own' has no room to spare"):
        aside(made)


async def test_the_cap_is_what_it_may_cost() -> None:
    hold = aside(admission(dollars("100")), cap=None, most=nano_from_usd("0.20"))
    assert hold.sent_cap == 2_000


@pytest.mark.parametrize("at_limit", list(AtLimit))
async def test_it_leaves_budgets_below_their_warning_mark(at_limit: AtLimit) -> None:
    """One call holds 0.10 of 1.00; the mark is at 80 %."""
    made = admission(dollars("1", at_limit=at_limit))
    for _ in range(7):
        await made.admit(FACTS, need())
    with pytest.raises(Refusal, match="'b' has no room to spare"):
        aside(made)
    made.settle(next(iter(made.holds.values()))[0], nano=0, tokens=0)
    assert aside(made).nano == nano_from_usd("0.10")


@pytest.mark.parametrize(
    ("throttle", "first"),
    [
        (Throttle("t", requests_per_minute=4), 2),
        (Throttle("t", tokens_per_minute=4_000), 1),
        (Throttle("t", concurrent=4), 2),
    ],
    ids=["requests", "tokens", "concurrent"],
)
async def test_it_leaves_half_of_every_throttle(throttle: Throttle, first: int) -> None:
    made = admission(throttles=(throttle,))
    for _ in range(first):
        aside(made)
    with pytest.raises(Refusal, match="'t' has no room to spare"):
        aside(made)
    await made.admit(FACTS, need())


async def test_it_gives_way_to_a_client(anyio_backend: str) -> None:
    made, ended = admission(dollars("1"), patience=5), anyio.Event()
    hold = made.admit_aside(OURS, need(5_000), most=ALL, gives_way=ended.set)

    async def gives_way() -> None:
        await ended.wait()
        made.settle(hold, nano=0, tokens=0)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(gives_way)
        with anyio.fail_after(4):
            got = await made.admit(FACTS, need(8_000))
    assert got.nano == nano_from_usd("0.80")


async def test_it_gives_way_only_where_it_stands_in_the_way() -> None:
    gone: list[str] = []
    made = admission(dollars("100"), Budget("other", {"project": "other"}, 1, window="day"))
    made.admit_aside(OURS, need(), most=ALL, gives_way=lambda: gone.append("gone"))
    await made.admit(FACTS, need())
    with pytest.raises(Refusal):
        await made.admit(Facts({"project": "other"}, "default", "m", "p"), need())
    assert not gone
