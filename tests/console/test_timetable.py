"""The feed's timetable: what presses comes at once, what comes round in turns, what happened soon."""

from __future__ import annotations

import anyio
import pytest

from console.timetable import TURN, Query, Timetable

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def nothing() -> None: ...


def query(name: str, *, busy: float = 0.0, idle: float = 60.0) -> Query:
    return Query(name, nothing, busy, idle)


async def asked(timetable: Timetable) -> list[str]:
    """The names of what is due, answered."""
    with anyio.fail_after(5):
        found = await timetable.due()
    for each in found:
        timetable.answered(each)
    return [each.name for each in found]


async def is_still(timetable: Timetable) -> bool:
    with anyio.move_on_after(0.3) as scope:
        await timetable.due()
    return scope.cancelled_caught


async def test_everything_is_asked_first_and_then_seldom() -> None:
    timetable = Timetable(query("one"), query("two"))
    assert await asked(timetable) == ["one", "two"]
    assert await is_still(timetable)


async def test_what_comes_round_takes_turns_the_longest_waiting_first() -> None:
    timetable = Timetable(query("one", idle=0.02), query("two", idle=0.01))
    await asked(timetable)
    began = anyio.current_time()
    assert [await asked(timetable) for _ in range(2)] == [["two"], ["one"]]
    assert anyio.current_time() - began >= TURN


async def test_what_has_happened_is_asked_for_soon() -> None:
    timetable = Timetable(query("one"), query("two"))
    await asked(timetable)
    timetable.touch("two")
    assert await asked(timetable) == ["two"]
    assert await is_still(timetable)


async def test_who_waits_meanwhile_gets_an_answer_of_their_own() -> None:
    timetable = Timetable(query("one"))
    (asking,) = await timetable.due()
    timetable.want("one")
    assert await is_still(timetable), "it is asked already"
    timetable.answered(asking)
    assert await asked(timetable) == ["one"]


async def test_all_are_wanted_where_none_is_named() -> None:
    timetable = Timetable(query("one"), query("two"))
    await asked(timetable)
    timetable.want()
    assert await asked(timetable) == ["one", "two"]
