"""A draft of the routing rules: what was edited and is not in force yet, and how it comes in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from console.present import plain
from console.shapes import Route
from console.shapes.wrapped import Routes as InForce

Routes = tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class RouteDraft:
    """base: the rules in force; routes: as they would be; over: the revision of those in force."""

    base: Routes
    routes: Routes
    over: str = ""

    @classmethod
    def of(cls, found: InForce, routes: Routes | None = None) -> RouteDraft:
        """The rules in force, and what shall become of them; without that nothing is edited yet."""
        return cls(found.routes, found.routes if routes is None else routes, found.revision)

    @property
    def in_force(self) -> InForce:
        return InForce(routes=self.base, revision=self.over)

    @property
    def pending(self) -> bool:
        return self.base != self.routes

    def rows(self) -> Routes:
        """All rules to show: those of the draft in their order, then those that it deletes."""
        kept = {each.name for each in self.routes}
        return (*self.routes, *(each for each in self.base if each.name not in kept))

    def said(self, name: str) -> str:
        """What the draft does to a rule: new, edit, moved, gone or nothing."""
        before, after = _named(self.base, name), _named(self.routes, name)
        if before is None:
            return "new"
        if after is None:
            return "gone"
        if before != after:
            return "edit"
        return "" if _place(self.base, name, self.routes) == _place(self.routes, name, self.base) else "moved"

    def put(self, route: Route) -> RouteDraft:
        """With this rule in the place of its namesake; a new one is tried first."""
        if _named(self.routes, route.name) is None:
            return replace(self, routes=(route, *self.routes))
        return replace(self, routes=tuple(route if each.name == route.name else each for each in self.routes))

    def without(self, name: str) -> RouteDraft:
        """Without a rule; with it again where the draft had deleted it."""
        if _named(self.routes, name) is None and (before := _named(self.base, name)):
            return replace(self, routes=(*self.routes, before))
        return replace(self, routes=tuple(each for each in self.routes if each.name != name))

    def moved(self, name: str, by: int) -> RouteDraft:
        """With a rule tried earlier (by < 0) or later."""
        names = [each.name for each in self.routes]
        if name not in names:
            return self
        at = names.index(name)
        to = min(max(0, at + by), len(names) - 1)
        routes = list(self.routes)
        routes.insert(to, routes.pop(at))
        return replace(self, routes=tuple(routes))

    def body(self, since: str) -> dict[str, Any]:
        """The question to `routes/test`."""
        return {**self.tried(), "since": since}

    def tried(self) -> dict[str, Any]:
        """The draft as a part of a question; nothing where the rules in force are meant."""
        return {"routes": [fields_of(each) for each in self.routes]} if self.pending else {}


def would_do(draft: RouteDraft) -> list[str]:
    """What a draft would make of the rules in force, in words."""
    doing = {"new": "adds", "edit": "changes", "moved": "moves", "gone": "removes"}
    said = [(draft.said(each.name), each.name) for each in draft.rows()]
    told = [f"{doing[what]} {name}" for what, name in said if what]
    return [f"Saving yours {plain(', '.join(told))}." if told else "They are the same as yours by now."]


def fields_of(route: Route) -> dict[str, Any]:
    """A rule in the words of the policy."""
    fields: dict[str, Any] = {"name": route.name, "when": dict(route.when), "use": list(route.use)}
    fields |= {"enabled": route.enabled, "pick": route.pick, "shadow": route.shadow, "pin": route.pin}
    if route.weights:
        fields["weights"] = list(route.weights)
    if route.escalate is not None:
        fields |= {"escalate": route.escalate, "escalate_streams": route.escalate_streams}
    return fields


def _named(routes: Sequence[Route], name: str) -> Route | None:
    return next((each for each in routes if each.name == name), None)


def _place(routes: Routes, name: str, others: Routes) -> int:
    """The place of a rule among those that both have."""
    both = {each.name for each in others}
    return [each.name for each in routes if each.name in both].index(name)
