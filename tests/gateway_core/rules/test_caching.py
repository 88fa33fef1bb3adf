"""The exact cache's key: everything that can change the answer, nothing that cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from gateway_core.model.call import Ask, DialectName, Operation, Target
from gateway_core.model.errors import Refusal
from gateway_core.model.policy import ClientToken, ExactCacheRule
from gateway_core.rules.caching import Wish, cacheable, exact_key, scope_of, wish
from gateway_core.rules.matching import Facts

ASK = Ask(DialectName.OPENAI_CHAT, Operation.GENERATE, "gpt-5.1")
BODY: dict[str, Any] = {
    "model": "gpt-5.1",
    "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "hi"}],
    "temperature": 0.5,
    "stream": False,
    "response_format": {"type": "text"},
}
FACTS = Facts({"project": "web"}, "default")


def key(body: dict[str, Any] | None = None, headers: dict[str, str] | None = None, **more: Any) -> bytes:
    given: dict[str, Any] = {
        "ask": ASK,
        "target": Target("openai", "gpt-5.1"),
        "path": "/chat/completions",
        "query": "",
        "scope": "t",
    }
    return exact_key(body=json.dumps(body or BODY).encode(), headers=headers or {}, **(given | more))


def test_order_of_keys_and_white_space_do_not_matter() -> None:
    other = json.dumps(dict(reversed(BODY.items())), indent=3).encode()
    assert key() == exact_key(
        ask=ASK,
        target=Target("openai", "gpt-5.1"),
        path="/chat/completions",
        query="",
        body=other,
        headers={},
        scope="t",
    )


def test_who_asks_does_not_matter() -> None:
    assert key({**BODY, "user": "ann", "metadata": {"ticket": "1"}}) == key()


@pytest.mark.parametrize(
    "more",
    [
        {"ask": replace(ASK, dialect=DialectName.ANTHROPIC)},
        {"target": Target("openai", "gpt-5-mini")},
        {"target": Target("azure", "gpt-5.1")},
        {"path": "/responses"},
        {"query": "alt=sse"},
        {"scope": "other token"},
        {"headers": {"anthropic-beta": "x"}},
        {"headers": {"accept-encoding": "gzip"}},
    ],
)
def test_everything_around_the_body_matters(more: dict[str, Any]) -> None:
    assert key(**more) != key()


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for name, each in value.items() for leaf in leaves(each, (*path, name))]
    if isinstance(value, list):
        return [leaf for index, each in enumerate(value) for leaf in leaves(each, (*path, index))]
    return [path]


@pytest.mark.parametrize("path", leaves(BODY))
def test_every_field_of_the_body_matters(path: tuple[Any, ...]) -> None:
    changed = json.loads(json.dumps(BODY))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = f"{place[path[-1]]} changed"
    assert key(changed) != key()
    del place[path[-1]]
    assert key(changed) != key()


@pytest.mark.parametrize(
    ("header", "rule", "expected"),
    [
        (None, ExactCacheRule(), Wish.OFF),
        (None, ExactCacheRule(on=True), Wish.ON),
        (None, ExactCacheRule({"project": "web"}, on=True), Wish.ON),
        (None, ExactCacheRule({"project": "app"}, on=True), Wish.OFF),
        ("off", ExactCacheRule(on=True), Wish.OFF),
        ("Refresh", ExactCacheRule(), Wish.REFRESH),
        ("only", ExactCacheRule(), Wish.ONLY),
    ],
)
def test_the_header_decides_then_the_rule(header: str | None, rule: ExactCacheRule, expected: Wish) -> None:
    assert wish(header, rule, FACTS) is expected


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(Refusal, match="none of on, off, refresh, only"):
        wish("maybe", ExactCacheRule(), FACTS)


def test_calls_with_tools_or_references_are_never_kept() -> None:
    assert cacheable(ASK)
    assert not cacheable(replace(ASK, has_tools=True))
    assert not cacheable(replace(ASK, server_tools=("web_search",)))
    assert not cacheable(replace(ASK, by_reference=True))
    assert not cacheable(replace(ASK, operation=Operation.COUNT))
    assert not cacheable(replace(ASK, later=True))


def test_tools_only_where_they_are_asked_for() -> None:
    for ask in (replace(ASK, has_tools=True), replace(ASK, server_tools=("web_search",))):
        assert cacheable(ask, tools=True)
    assert not cacheable(replace(ASK, by_reference=True), tools=True)


def token(name: str, digest: bytes) -> ClientToken:
    return ClientToken(name, digest, {}, "")


def test_a_scope_is_a_token_or_its_declared_group() -> None:
    ann, bob, ci = token("ann", b"1"), token("bob", b"2"), token("ci", b"3")
    share = (("ci", "ann"),)
    assert scope_of(ann, share) == scope_of(ci, share) != scope_of(bob, share)
    assert scope_of(ann, ()) != scope_of(ci, ())
    # A name that is given again is another token, and a group that has changed another group.
    assert scope_of(token("bob", b"9"), share) != scope_of(bob, share)
    assert scope_of(ann, (("ci", "ann", "bob"),)) != scope_of(ann, share)


def test_who_asks_matters_where_the_answer_repeats_it() -> None:
    ask = replace(ASK, dialect=DialectName.OPENAI_RESPONSES)
    assert key({**BODY, "metadata": {"ticket": "1"}}, ask=ask) != key(ask=ask)
