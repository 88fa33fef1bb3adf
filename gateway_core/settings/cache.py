"""The [cache] section: read from TOML and written back.

    [cache]
    exact = { when = { project = "web" }, ttl = "24h", tools = false, pace = "instant" }
    share = [["ci", "ann"]]         # names of client tokens that get each other's answers
    max_mb = 256
    marks = { when = { project = "web" }, life = "5m" }
    semantic = { when = { project = "docs" }, endpoint = "ollama/nomic-embed-text", threshold = 0.9,
                 rate = 0.01, sample = 0.1 }

`semantic` may be a list of such tables, one for each project.
"""

from __future__ import annotations

from typing import Any, TypedDict

from gateway_core.model.policy import CacheSpace, ExactCacheRule, MarksRule, Policy, SemanticCacheRule
from gateway_core.settings.fields import duration_of, match_of, positive_of, share_of
from gateway_core.settings.table import Table

PACES = ("instant", "recorded")
LIVES = ("5m", "1h")
LEAST_RATE = 0.0005
"""A smaller rate of errors would need more comparisons than a person has questions."""
LEAST_THRESHOLD = 0.5


class CacheRules(TypedDict):
    """The part of a policy that is about caches."""

    exact_cache: ExactCacheRule
    semantic_cache: tuple[SemanticCacheRule, ...]
    cache_space: CacheSpace
    marks: MarksRule


def read_cache(table: Table) -> CacheRules:
    """The [cache] section. Raises ConfigError."""
    rules = CacheRules(
        exact_cache=_exact(table.table("exact"), on="exact" in table.values),
        semantic_cache=_semantics(table),
        cache_space=CacheSpace(
            share=_groups(table), max_mb=positive_of(table, "max_mb") or CacheSpace().max_mb
        ),
        marks=_marks(table.table("marks"), on="marks" in table.values),
    )
    table.done()
    return rules


def _exact(table: Table, *, on: bool) -> ExactCacheRule:
    rule = ExactCacheRule(
        when=match_of(table, "when"),
        ttl_seconds=duration_of(table, "ttl", "24h"),
        on=on,
        tools=table.get("tools", bool, False),
        pace=_pace(table),
    )
    table.done()
    return rule


def _marks(table: Table, *, on: bool) -> MarksRule:
    rule = MarksRule(when=match_of(table, "when"), life=table.choice("life", LIVES, LIVES[0]), on=on)
    table.done()
    return rule


def _pace(table: Table) -> str:
    table.known.add("pace")
    value = table.values.get("pace", PACES[0])
    if value in PACES:
        return str(value)
    text = str(value) if not isinstance(value, bool) else ""
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        table.wrong("pace", f"pace = {value!r}; write instant, recorded, or tokens a second such as 80")
    return text


def _groups(table: Table) -> tuple[tuple[str, ...], ...]:
    groups = table.get("share", list, [])
    for group in groups:
        if not isinstance(group, list) or not all(isinstance(name, str) and name for name in group):
            table.wrong("share", 'share must be a list of lists of token names: [["ci", "ann"]]')
    names = [name for group in groups for name in group]
    if doubled := {name for name in names if names.count(name) > 1}:
        table.wrong("share", f"token {doubled.pop()!r} is in two groups; join them, or leave it out of one")
    return tuple(tuple(group) for group in groups)


def _semantics(table: Table) -> tuple[SemanticCacheRule, ...]:
    if isinstance(table.values.get("semantic"), list):
        return tuple(_semantic(each) for each in table.tables("semantic"))
    return (_semantic(table.table("semantic")),) if "semantic" in table.values else ()


def _semantic(table: Table) -> SemanticCacheRule:
    base = SemanticCacheRule({})
    threshold, rate, sample = (share_of(table, key) for key in ("threshold", "rate", "sample"))
    rule = SemanticCacheRule(
        when=match_of(table, "when"),
        endpoint=table.get("endpoint", str, "").strip(),
        threshold=base.threshold if threshold is None else threshold,
        rate=base.rate if rate is None else rate,
        sample=base.sample if sample is None else sample,
    )
    table.done()
    if not rule.when:
        table.wrong("when", 'semantic needs a when: it is opted into by project, { project = "docs" } say')
    if rule.threshold < LEAST_THRESHOLD:
        table.wrong("threshold", f"threshold must be {LEAST_THRESHOLD} at least, not {rule.threshold}")
    if not LEAST_RATE <= rule.rate < 1:
        table.wrong("rate", f"rate must be from {LEAST_RATE} up to 1, not {rule.rate}")
    return rule


def cache_fields(policy: Policy) -> dict[str, Any]:
    """The section in the words of the configuration file; empty where all of it is as it is by itself."""
    fields: dict[str, Any] = {}
    exact, space = policy.exact_cache, policy.cache_space
    if exact.on:
        fields["exact"] = {"when": dict(exact.when), "ttl": f"{exact.ttl_seconds}s"}
        if exact.tools:
            fields["exact"]["tools"] = True
        if exact.pace != PACES[0]:
            fields["exact"]["pace"] = exact.pace if exact.pace in PACES else int(exact.pace)
    if space.share:
        fields["share"] = [list(group) for group in space.share]
    if space.max_mb != CacheSpace().max_mb:
        fields["max_mb"] = space.max_mb
    if policy.marks.on:
        fields["marks"] = {"when": dict(policy.marks.when), "life": policy.marks.life}
    if policy.semantic_cache:
        fields["semantic"] = [_semantic_fields(each) for each in policy.semantic_cache]
    return fields


def _semantic_fields(rule: SemanticCacheRule) -> dict[str, Any]:
    return {
        "when": dict(rule.when),
        "endpoint": rule.endpoint,
        "threshold": rule.threshold,
        "rate": rule.rate,
        "sample": rule.sample,
    }
