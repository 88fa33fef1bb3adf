"""Second opinions: read from TOML and written back.

[[opinions]]
name = "is small enough"
when = { project = "web" }      # as that of a route
cheap = "gpt-5-nano"
strong = "gpt-5"
whose = "both"                  # or cheap, strong: whose calls are asked again
share = 0.05                    # of these calls
judge = "gpt-5-mini"            # compares what no check can; without it only checks count
usd_per_day = "0.50"            # for all of it
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway_core.model.money import usd_string
from gateway_core.model.policy import Budget, Opinion, Whose
from gateway_core.settings.fields import dollars_of, name_of, share_of
from gateway_core.settings.routes import when_of
from gateway_core.settings.table import Table

_WHOSE = tuple(map(str, Whose))
_USUAL = Opinion("", "", "", 0)


def read_opinion(table: Table) -> Opinion:
    """One [[opinions]] entry. Raises ConfigError."""
    limit = dollars_of(table, "usd_per_day", table.maybe("usd_per_day", str))
    if not limit:
        table.wrong("usd_per_day", 'usd_per_day must say what it may cost in a day: "0.50"')
    share = share_of(table, "share")
    opinion = Opinion(
        name=name_of(table, "name"),
        when=when_of(table),
        cheap=name_of(table, "cheap"),
        strong=name_of(table, "strong"),
        whose=Whose(table.choice("whose", _WHOSE, str(_USUAL.whose))),
        share=_USUAL.share if share is None else share,
        judge=table.get("judge", str, "").strip(),
        usd_per_day_nano=limit,
        enabled=table.get("enabled", bool, True),
    )
    table.done()
    if opinion.name.endswith("*"):
        table.wrong("name", "name must not end in '*', which stands for any ending")
    if opinion.cheap == opinion.strong:
        table.wrong("strong", f"cheap and strong are both {opinion.cheap!r}; a second opinion needs another")
    return opinion


def named_like_own(budgets: Iterable[Budget], opinions: Iterable[Opinion]) -> str | None:
    """What is wrong where a budget has the name of a second opinion's own; None: nothing."""
    own = {each.budget.name: each.name for each in opinions}
    name = next((each.name for each in budgets if each.name in own), None)
    if name is None:
        return None
    return f"{name!r} is the own budget of second opinion {own[name]!r}; give one of the two another name"


def opinion_fields(opinion: Opinion) -> dict[str, Any]:
    """A second opinion in the words of the configuration file; whose, judge and enabled are said
    only where they are not as usual."""
    fields: dict[str, Any] = {
        "name": opinion.name,
        "when": dict(opinion.when),
        "cheap": opinion.cheap,
        "strong": opinion.strong,
        "share": opinion.share,
        "usd_per_day": usd_string(opinion.usd_per_day_nano),
    }
    more = {"whose": str(opinion.whose), "judge": opinion.judge, "enabled": opinion.enabled}
    return fields | {key: value for key, value in more.items() if getattr(_USUAL, key) != value}
