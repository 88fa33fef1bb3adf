"""Sorting the list of calls by its columns, what a cell says, and the filter's words for it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from console.filter import parse
from console.panels.call_columns import COLUMNS, Shown
from console.panels.call_order import Order, filter_word
from console.present import instant
from console.shapes import Call
from tests.screens.story import Story

CALLS: tuple[Call, ...] = (*Story()._flying, *Story()._calls[:60])


@pytest.mark.parametrize("column", [column.title for column in COLUMNS])
def test_every_column_sorts_all_calls_both_ways(column: str) -> None:
    order = Order.by(column)
    there, back = order.sorted(CALLS), order.turned().sorted(CALLS)
    assert {call.id for call in there} == {call.id for call in back} == {call.id for call in CALLS}
    assert order.turned().turned() == order


def test_amounts_come_greatest_first_and_names_from_a() -> None:
    costs = [call.cost_usd for call in Order.by("cost").sorted(CALLS)]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1] >= Decimal(0)
    users = [call.tags.get("user", "") for call in Order.by("user").sorted(CALLS)]
    assert users == sorted(users)


@pytest.mark.parametrize(
    ("cost", "certainty", "shown"),
    [
        ("0.0000012", "computed", "<0.0001"),
        ("0.0000012", "estimated", "~<0.0001"),
        ("0", "computed", "0.0000"),
        ("0.06014", "reported", "0.0601"),
    ],
)
def test_a_cost_that_is_not_nothing_never_shows_as_nothing(cost: str, certainty: str, shown: str) -> None:
    ended = next(call for call in CALLS if call.outcome == "ok" and call.cache not in ("hit", "semantic"))
    column = next(each for each in COLUMNS if each.title == "cost")
    row = Shown(replace(ended, cost_usd=Decimal(cost), certainty=certainty), instant(ended.started_at))
    assert column.cell(row)[0] == shown
    assert len(shown) <= column.width


@pytest.mark.parametrize("column", ["", "user", "project", "mode", "client", "provider", "asked → served"])
def test_the_word_of_a_cell_lets_its_own_call_through_and_its_opposite_does_not(column: str) -> None:
    for call in CALLS:
        word = filter_word(call, column)
        assert word is not None
        assert parse(word)(call), word
        assert not parse(f"-{word}")(call), word


def test_an_untagged_call_and_one_without_a_user() -> None:
    bare = replace(CALLS[0], tags={})
    assert filter_word(bare, "project") == "project:"
    assert parse("project:")(bare)
    assert filter_word(bare, "user") == f"token:{bare.token}"
    assert filter_word(bare, "cost") is None
