"""Drafts of rules, and what is written in their form: every mistake is named by its field."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.decision_words import then_words
from console.limit_reading import Mistake
from console.screens.route_draft import RouteDraft, fields_of
from console.screens.route_words import (
    read_escalate,
    read_use,
    read_weights,
    read_when,
    then_brief,
    when_text,
)
from console.shapes import Route

A, B, C = (Route(name=name, when={"mode": name}, use=("m",)) for name in "abc")
BASE = RouteDraft((A, B, C), (A, B, C))


def names(draft: RouteDraft) -> str:
    return "".join(each.name for each in draft.routes)


def test_nothing_is_pending_until_something_is_edited_and_again_when_it_is_taken_back() -> None:
    draft = BASE.moved("a", 1)
    assert (BASE.pending, draft.pending, draft.moved("a", -1).pending) == (False, True, False)
    assert BASE.tried() == {}
    assert [each["name"] for each in draft.tried()["routes"]] == ["b", "a", "c"]


def test_each_rule_says_what_the_draft_does_to_it() -> None:
    new = Route(name="d", when={}, use=("m",))
    draft = BASE.put(new).put(replace(B, enabled=False)).without("c")
    assert names(draft) == "dab"
    assert [draft.said(each.name) for each in draft.rows()] == ["new", "", "edit", "gone"]
    assert names(draft.without("c")) == "dabc", "a second time brings it back"


def test_a_rule_does_not_move_beyond_the_ends() -> None:
    assert names(BASE.moved("a", -1)) == "abc"
    assert names(BASE.moved("a", 9)) == "bca"
    assert BASE.moved("b", 1).said("a") == ""


def test_conditions_are_read_as_they_are_written() -> None:
    when = {"mode": "vibing", "context": ">=50k", "budget": "web > 80%"}
    assert when_text(when) == 'mode=vibing context=>=50k budget="web > 80%"'
    assert read_when(when_text(when)) == when
    assert read_when("  ") == {}


@pytest.mark.parametrize("text", ["mode", "=x", "mode=", 'budget="web'])
def test_a_condition_that_is_none_is_named(text: str) -> None:
    with pytest.raises(Mistake) as caught:
        read_when(text)
    assert caught.value.field == "when"


def test_models_weights_and_distrust() -> None:
    assert read_use("a, b c") == ("a", "b", "c")
    assert read_weights("3, 1", 2) == (3, 1)
    assert read_weights("", 2) == ()
    assert read_escalate("0.5", 2) == 0.5
    assert read_escalate(" ", 1) is None
    for read in (lambda: read_use(","), lambda: read_weights("1", 2), lambda: read_weights("0 0", 2)):
        with pytest.raises(Mistake):
            read()
    for text, models in (("2", 2), ("x", 2), ("nan", 2), ("0.5", 1)):
        with pytest.raises(Mistake):
            read_escalate(text, models)


def test_a_rule_is_sent_in_the_words_of_the_policy() -> None:
    rule = replace(A, use=("x", "y"), pick="weighted", weights=(3, 1), shadow=True)
    assert fields_of(rule)["weights"] == [3, 1]
    assert "escalate" not in fields_of(rule)
    assert then_words(rule) == "x 3, y 1 (weighted, shadow)"
    assert then_brief(rule) == "x +1"
    assert then_brief(replace(rule, use=("x",))) == "x"
