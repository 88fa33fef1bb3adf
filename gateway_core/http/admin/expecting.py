"""What a write was made over: `If-Match` says it, and where it has changed meanwhile nothing is written.

A revision stands in every answer about what can be edited, as `revision`. `If-Match: "…"` with it makes a
write hold only as long as that is so; `If-None-Match: *` means that there is no such thing yet. Without
either a write is made over whatever there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import Annotated

from fastapi import Depends, Header

from gateway_core.http.admin.policy_changes import changes, fate
from gateway_core.http.admin.policy_parts import EMPTY, Part, revision_of
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Policy
from gateway_core.store.policy import PolicyStore
from gateway_core.store.revisions import NOTHING, Check

CHANGED = "changed_meanwhile"
"""The code of a Refusal 412."""
LOOKED_BACK = 200
"""Edits among which the one is looked for that somebody wrote over."""
MOST_TOLD = 400
"""Characters of what changed."""

_Said = Annotated[str | None, Header()]


@dataclass(frozen=True, slots=True)
class Expected:
    """words: the revisions that a write is meant to be made over; None: any. there: only over something."""

    words: frozenset[str] | None = None
    there: bool = False

    def fits(self, found: str) -> bool:
        if self.there and found == NOTHING:
            return False
        return self.words is None or found in self.words

    def check(self, thing: str) -> Check:
        """Of a thing that is no part of the policy. thing: how it stands now, in words."""

        def checked(found: str) -> None:
            if not self.fits(found):
                raise changed(thing)

        return checked


def _expected(if_match: _Said = None, if_none_match: _Said = None) -> Expected:
    if if_none_match is not None and if_none_match.strip() == "*":
        return Expected(frozenset({NOTHING}))
    if if_match is None:
        return Expected()
    words = frozenset(each.strip().removeprefix("W/").strip('"') for each in if_match.split(","))
    return Expected(there=True) if "*" in words else Expected(words)


Over = Annotated[Expected, Depends(_expected)]
"""The parameter of a handler by which it gets what a write was made over."""


def changed(told: str) -> Refusal:
    return Refusal(412, CHANGED, told)


@dataclass(frozen=True, slots=True)
class About:
    """A part of the policy, what it is called, and what a write of it was made over. always: it can neither
    be made nor removed, and what it does not say is as usual."""

    thing: str
    part: Part
    over: Expected = Expected()
    always: bool = False

    def check(self, policy: Policy) -> None:
        """Raises Refusal 412 where the policy in force holds something else there."""
        if not self._holds(policy):
            raise changed(f"{self.thing} was changed meanwhile")

    def told(self, store: PolicyStore) -> str:
        """Who has changed what since. Reads the ledger: in a worker thread."""
        edits = store.history(LOOKED_BACK)
        if not edits:
            return f"{self.thing} is not there"
        now = self.part(edits[0].after)
        since = list(takewhile(lambda each: not self._holds(each.after), edits))
        by = next((each for each in since if self.part(each.before or EMPTY) != self.part(each.after)), None)
        if by is None or len(since) == len(edits):
            return f"{self.thing} is not as it was when this was written; look at it again"
        was = self.part(edits[len(since)].after)
        what = "changed" if self.always else fate(was, now)
        told = "; ".join(changes(was, now, "the usual" if self.always else "nothing"))
        told = told if len(told) <= MOST_TOLD else f"{told[:MOST_TOLD]} …"
        return f"{self.thing} was {what} meanwhile by {by.who} at {by.at[:19]}Z" + (
            f": {told}" if what == "changed" and told else ""
        )

    def _holds(self, policy: Policy) -> bool:
        return self.over.fits(revision_of(self.part, policy, always=self.always))
