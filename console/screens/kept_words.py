"""Kept answers as lines: one of them, what the cache saves, how far questions alike are trusted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from console.keymap import glyph
from console.panels.words import short_model
from console.present import (
    NOTHING,
    age,
    counted,
    matched,
    per_call,
    percent,
    plain,
    plain_lines,
    tokens,
    until,
    usd,
    usd_call,
)
from console.shapes.cache import KEY, CacheEntry, CacheRow, CacheStats, Discarded, SemanticRule
from console.widgets.grid import Column, Layout
from console.widgets.ink import EMPTY, Line, Span, fit

NAME = 10
"""Cells of what a fact is called."""


def entry_lines(one: CacheEntry, now: datetime) -> list[Line]:
    """What is known of an answer but its text."""
    when = f"{age(one.created_at, now)} by call {one.call_id}, token {plain(one.token)}"
    ask = f"{one.format} · {'stream' if one.stream else 'one answer'} · {one.status}"
    used = f"{counted(one.hits, 'time')}, last {age(one.used_at, now)}" if one.hits else "not yet"
    size = f"{one.input_tokens:,} in, {one.output_tokens:,} out · {tokens(one.bytes)} bytes kept"
    return [
        _fact("key", f"{one.short_key}  {one.kind}{', pinned' if one.pinned else ''}", "bold text"),
        _fact("model", f"{plain(one.provider)}/{plain(one.model)} · {ask}"),
        _fact("tokens", size),
        _fact("brought", when),
        _fact("tags", _tags(one.tags) or "none"),
        _fact("for", scope_words(one.scope)),
        _fact("used", used),
        _fact("saved", _saved(one), "saved" if one.hits else "muted"),
        _fact("expires", f"in {until(one.expires_at, now)}"),
        _fact("prompt", f"not kept; its hash is {one.prompt_hash}", "muted"),
    ]


def _saved(one: CacheEntry) -> str:
    told = usd_call(one.saved_usd) if one.hits else "nothing yet"
    return f"{told}, {usd_call(one.cost_usd)} each time"


def answer_lines(one: CacheEntry | None, *, masked: bool) -> list[Line]:
    """Its text: asked for alone, and never under the mask."""
    if one is None:
        return [[(glyph("kept.answer"), "bold key"), (" shows what it would answer", "faint")]]
    if masked:
        return [
            [
                ("‼ ", "warn"),
                (f"the mask hides what it would answer; {glyph('app.mask')} takes it off", "muted"),
            ]
        ]
    heading: tuple[Line, ...] = ([("what it would answer", "bold brand")],)
    if not one.answer:
        return [*heading, [("it has no text: numbers, tools or images alone", "muted")]]
    return [*heading, *([(line, "text")] for line in plain_lines(one.answer))]


def discarded(done: Discarded) -> str:
    """What came of it, for the person."""
    return "discarded; the semantic cache counts it as wrong" if done.counted_wrong else "discarded"


def scope_words(scope: str) -> str:
    """Who may get an answer. 'token 3fa9…' → 'its token alone'."""
    kind, _, rest = scope.partition(" ")
    if kind == "group":
        return f"the group of {plain(rest.strip('[]').replace(chr(39), ''))}"
    return "its token alone"


def saving_lines(found: CacheStats, width: int) -> list[Line]:
    """Hit rate and savings by a tag, the sum, and how full it is."""
    rows = sorted(found.rows, key=lambda row: (-row.saved_usd, -row.hits))
    layout = Layout.of(_columns(found), width)
    lines: list[Line] = [layout.heading(), *map(layout.line, rows)]
    if found.by:
        lines.append([("─" * width, "line")])
    lines.append(layout.line(found.total))
    return [*lines, EMPTY, _room(found), *rule_lines(found.rules)]


def rule_lines(rules: Sequence[SemanticRule]) -> list[Line]:
    """The semantic cache's rules: whether each serves, what proves it, what is missing."""
    if not rules:
        return [
            [
                ("semantic  ", "muted"),
                ("off; ", "text"),
                ("semantic = … under [cache] in the policy turns it on", "faint"),
            ]
        ]
    return [line for rule in rules for line in _standing(rule)]


def _standing(rule: SemanticRule) -> list[Line]:
    opened = rule.state == "open"
    state: Span = ("● serves", "live") if opened else ("◐ only watches", "warn")
    proof = f"{rule.wrong:,} of {rule.trials:,} wrong: ≤ {rule.bound:.2%}, 95 % sure"
    then = (
        f"from likeness {rule.serves_from:.2f} on; {counted(rule.served, 'answer')} given so far"
        if opened
        else f"opens after {rule.needed:,} more that are right"
    )
    return [
        [("semantic  ", "muted"), state, (f"  {matched(dict(rule.when))}", "text")],
        [("  " + proof, "text"), (f"; {rule.rate:.2%} allowed", "muted")],
        [("  " + then, "muted")],
    ]


def _room(found: CacheStats) -> Line:
    size = f"{tokens(found.bytes, narrow=True)}B of {tokens(found.most_bytes, narrow=True)}B"
    return [
        ("kept      ", "muted"),
        (f"{found.entries:,}", "bold text"),
        (f", {found.pinned:,} pinned, {found.semantic:,} semantic; {size}", "text"),
    ]


def _columns(found: CacheStats) -> tuple[Column[CacheRow], ...]:
    key = found.by[0] if found.by else ""

    def name(row: CacheRow) -> Span:
        if row is found.total:
            return "all", "bold text"
        return plain(row.keys.get(key, "")) or "untagged", "text"

    return (
        Column(key.removeprefix("tag:") or "whole", 8, 1, name, gap=0, most=80),
        Column("hits", 6, 4, lambda row: (f"{row.hits:,}", "text"), ">", gap=1),
        Column("of", 6, 5, lambda row: (f"{row.hits + row.misses:,}", "muted"), ">", gap=1),
        Column("rate", 5, 2, _rate, ">", gap=1),
        Column("saved", 9, 3, lambda row: (usd(row.saved_usd), "saved"), ">", gap=1),
        Column("cost", 9, 6, lambda row: (usd(row.cost_usd), "spend"), ">", gap=1),
    )


def _rate(row: CacheRow) -> Span:
    return (percent(row.rate), "text") if row.hits + row.misses else (NOTHING, "faint")


def _fact(name: str, text: str, ink: str = "text") -> Line:
    return [(fit(name, NAME), "muted"), (text, ink)]


def entry_columns(now: datetime) -> tuple[Column[CacheEntry], ...]:
    """Of the list, the most telling ones first to stay where it is narrow."""

    def pinned(one: CacheEntry) -> Span:
        return ("■", "key") if one.pinned else (" ", "faint")

    def left(one: CacheEntry) -> Span:
        return until(one.expires_at, now), "muted"

    def saved(one: CacheEntry) -> Span:
        return (per_call(one.saved_usd), "saved") if one.hits else (NOTHING, "faint")

    return (
        Column("", 1, 1, pinned, gap=0),
        Column("model", 15, 2, lambda one: (short_model(plain(one.model)), "text"), gap=1, most=24),
        Column("project", 9, 5, lambda one: (plain(one.project or NOTHING), "text"), most=16),
        Column("kind", 8, 8, lambda one: (one.kind, "routed" if one.kind == "semantic" else "muted")),
        Column("hits", 6, 3, lambda one: (f"{one.hits:,}", "text" if one.hits else "faint"), ">"),
        Column("saved", 8, 4, saved, ">"),
        Column("age", 7, 7, lambda one: (age(one.created_at, now).removesuffix(" ago"), "muted"), ">"),
        Column("ttl left", 8, 6, left, ">"),
        Column("bytes", 6, 9, lambda one: (tokens(one.bytes, narrow=True), "muted"), ">"),
        Column("token", 8, 10, lambda one: (plain(one.token), "faint"), most=14),
        Column("tags", 16, 11, _more_tags, most=60),
        Column("key", KEY, 12, lambda one: (one.short_key, "faint")),
    )


def _more_tags(one: CacheEntry) -> Span:
    rest = _tags({key: value for key, value in one.tags.items() if key != "project"})
    return (rest, "muted") if rest else (NOTHING, "faint")


def _tags(tags: Mapping[str, str]) -> str:
    return matched({key: plain(value) for key, value in tags.items()}) if tags else ""
