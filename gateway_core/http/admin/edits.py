"""Edits of the policy: one entry put, moved or taken out of a list whose order matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Protocol, TypeVar

from fastapi import Depends, Request

from gateway_core.http.admin.engine import Engine, read
from gateway_core.http.admin.expecting import CHANGED, About
from gateway_core.http.admin.policy_parts import everything
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import Policy
from gateway_core.settings.opinions import named_like_own
from gateway_core.settings.policy import SECTIONS

WHO_HEADER = "x-llmconsole-who"
"""By which a client of the admin plane says who edits: a person and a program, for the policy's history."""


def _who(request: Request) -> str:
    return request.headers.get(WHO_HEADER, "")[:80] or "admin plane"


Who = Annotated[str, Depends(_who)]
"""Who makes an edit, in the policy's history."""


class Named(Protocol):
    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)
Change = Callable[[Policy], Policy]
ANYTHING = About("the policy", everything)


async def edit(
    engine: Engine,
    what: str,
    change: Change,
    who: str,
    about: About = ANYTHING,
) -> None:
    """Makes the edit, and tells watchers of it. what: the section of the policy.

    about: what it was made over. Raises Refusal 412 that says who has changed what, where that is something
    else by now.
    """

    def checked(old: Policy) -> Policy:
        about.check(old)
        return allowed(change(old))

    try:
        await engine.policies.edit(what, checked, who)
    except Refusal as refusal:
        raise await explained(engine, refusal, about) from None
    announce(engine, what)


def announce(engine: Engine, what: str) -> None:
    """Tells watchers that a section was edited, or all of them."""
    for section in SECTIONS if what == "policy" else (what,):
        engine.changed(section)


async def explained(engine: Engine, refusal: Refusal, about: About) -> Refusal:
    """The refusal; that of a write over something else says what has become of it."""
    if refusal.code != CHANGED:
        return refusal
    return Refusal(refusal.status, CHANGED, await read(about.told, engine.store))


def allowed(policy: Policy) -> Policy:
    """The policy. Raises Refusal 409 where two of its entries get in each other's way."""
    if told := named_like_own(policy.budgets, policy.opinions):
        raise Refusal(409, "own_budget", told)
    return policy


def put_named(entries: Sequence[Entry], entry: Entry, position: int | None = None) -> tuple[Entry, ...]:
    """The entries with this one in the place of its namesake; at `position` if that is given, else a new
    one at the end."""
    names = [each.name for each in entries]
    others = [each for each in entries if each.name != entry.name]
    if position is None:
        position = names.index(entry.name) if entry.name in names else len(others)
    return (*others[:position], entry, *others[position:])


def named(entries: Sequence[Entry], name: str, what: str) -> Entry:
    """The entry of that name. Raises Refusal 404 where there is none."""
    found = next((each for each in entries if each.name == name), None)
    if found is None:
        known = ", ".join(repr(each.name) for each in entries) or "none"
        raise Refusal(404, f"no_such_{what}", f"no {what} is named {name!r}; there are {known}")
    return found


def without_named(entries: Sequence[Entry], name: str, what: str) -> tuple[Entry, ...]:
    """The entries without the one of that name. Raises Refusal 404 where there is none."""
    gone = named(entries, name, what)
    return tuple(each for each in entries if each is not gone)
