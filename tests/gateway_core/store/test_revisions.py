"""Revisions: the same word for what stands the same, another one for anything else."""

from __future__ import annotations

from dataclasses import replace

from gateway_core.model.policy import Budget, Policy
from gateway_core.store.jsontext import decode, encode
from gateway_core.store.revisions import NOTHING, revision

BUDGET = Budget(name="web", match={"project": "web", "user": "ann"}, limit_nano=5)


def test_a_thing_keeps_its_revision_as_long_as_it_stands_so() -> None:
    policy = Policy(budgets=(BUDGET,))
    turned = replace(BUDGET, match={"user": "ann", "project": "web"})
    assert revision(policy) == revision(Policy(budgets=(turned,)))
    assert revision(decode(encode(policy), Policy)) == revision(policy), "also after a restart"
    assert revision(Policy(budgets=(replace(BUDGET, limit_nano=6),))) != revision(policy)


def test_what_is_not_there_has_a_revision_too() -> None:
    assert revision(None) == NOTHING
    assert revision("") != NOTHING
