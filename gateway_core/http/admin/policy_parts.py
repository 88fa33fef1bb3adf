"""Parts of the policy that are edited alone, and how each stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gateway_core.model.policy import Policy
from gateway_core.store.revisions import NOTHING, revision

EMPTY = Policy()
Part = Callable[[Policy], Policy]
"""What an edit is about: the policy with nothing else in it."""


def revision_of(part: Part, policy: Policy, *, always: bool = False) -> str:
    """How a part of a policy stands. always: it is there even where all of it is as usual."""
    found = part(policy)
    return NOTHING if found == EMPTY and not always else revision(found)


def revision_alone(section: str, entry: object) -> str:
    """How an entry of a section stands, as `one` finds it."""
    return revision(_only(section, (entry,)))


def one(section: str, name: str) -> Part:
    """The entry of a section that has this name."""
    return lambda policy: _only(
        section, tuple(each for each in getattr(policy, section) if each.name == name)
    )


def whole(section: str) -> Part:
    """A section in its order."""
    return lambda policy: _only(section, getattr(policy, section))


def price_of(name: str) -> Part:
    """The user's own price of a model, PROVIDER/MODEL."""
    return lambda policy: _only(
        "prices", {each: price for each, price in policy.prices.items() if each == name}
    )


def _only(section: str, value: object) -> Policy:
    fields: dict[str, Any] = {section: value}
    return replace(EMPTY, **fields)


def thrown(policy: Policy) -> Policy:
    """The switches that are thrown, whoever threw them."""
    return replace(EMPTY, panics=tuple(replace(each, since="", who="") for each in policy.panics))


def everything(policy: Policy) -> Policy:
    return policy
