"""Trials in words: the money first, then the calls, then what would go wrong."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import Any

from console.screens.trial_lines import dry_run_lines
from console.shapes.decisions import (
    BudgetTest,
    Caught,
    Group,
    Hit,
    Move,
    Outcomes,
    Reason,
    RoutesTest,
    Share,
    TooLarge,
)
from console.trial_words import back_test_words, budget_words, routes_words
from console.widgets.ink import Line


def routes_test(**more: Any) -> RoutesTest:
    values: dict[str, Any] = {
        "since": "2026-11-19T12:00:00Z",
        "until": "2026-11-26T12:00:00Z",
        "calls": 3200,
        "replayed": 3112,
        "booked_usd": Decimal("84.2"),
        "now_usd": Decimal("84.2"),
        "draft_usd": Decimal("71.9"),
        "change_usd": Decimal("-12.3"),
        "changed": 388,
        "rerouted_now": 1013,
        "rerouted": 1401,
        "blocked_now": 14,
        "blocked": 14,
        "too_large": 0,
        "conversations": 0,
        "losing_cache": 0,
        "cache_lost_usd": Decimal(0),
        "unpriced": 0,
        "drifted": 0,
    }
    return RoutesTest(**{**values, **more})


def plain_text(line: Line) -> str:
    return "".join(text for text, _ in line)


def told(found: RoutesTest) -> str:
    return "\n".join(" ".join(line.split()) for line in routes_words(found))


def test_now_beside_the_edit() -> None:
    text = told(routes_test())
    assert "3,112 of 3,200 calls since 19 Nov replayed, none sent" in text
    assert "cost $84.20 $71.90 -$12.30" in text
    assert "rerouted 1,013 1,401 +388" in text
    assert "blocked 14 14 0" in text


def test_one_call_is_no_calls() -> None:
    found = routes_test(
        calls=1,
        replayed=1,
        changed=1,
        conversations=1,
        losing_cache=1,
        too_large=1,
        unpriced=1,
        blocked_why=(Reason(why="spent", calls=1),),
        outcomes=Outcomes(judged=1, badly=Share(count=1, share=1.0, low=0.2, high=1.0)),
    )
    for text in (told(found), "\n".join(plain_text(line) for line in dry_run_lines(found, UTC, 100))):
        assert "1 of 1 call since" in text
        assert "1 call would go elsewhere" in text
        assert "1 call blocked: spent" in text
        assert "1 changed call goes to a model without a price" in text
        assert "1 call was judged" in text
        assert "1 calls" not in text and "1 conversations" not in text


def test_outcomes_have_their_intervals() -> None:
    assert "judged" not in told(routes_test()) and "answered by" not in told(routes_test())
    badly = Share(count=9, share=0.75, low=0.468, high=0.911)
    better, worse = (Share(count=n, share=n / 30, low=n / 90, high=n / 10) for n in (1, 3))
    text = told(
        routes_test(outcomes=Outcomes(judged=12, badly=badly, compared=30, better=better, worse=worse))
    )
    assert "12 calls were judged by their person: 9 (75%, 95 %: 47% to 91%) taken badly" in text
    assert "30 calls were answered by their new model too: 3 (10%, 95 %: 3% to 30%) worse, 1" in text


def test_where_calls_and_money_go() -> None:
    text = told(
        routes_test(
            moves=(
                Move(
                    from_target="openai/a",
                    to_target="openai/b",
                    calls=388,
                    now_usd=Decimal(31),
                    draft_usd=Decimal("18.9"),
                ),
            ),
            groups=(Group(project="", mode="vibing", calls=1, now_usd=Decimal(4), draft_usd=Decimal("3.9")),),
            routes=(Caught(name="small", now=1, draft=2, shadow=0),),
        )
    )
    assert "388 openai/a → openai/b $31.00 $18.90" in text
    assert "(no project) / vibing $4.00 $3.90" in text
    assert "small 1 2" in text


def test_what_would_go_wrong() -> None:
    text = told(
        routes_test(
            conversations=5,
            losing_cache=3,
            cache_lost_usd=Decimal("0.02"),
            too_large=1,
            too_large_calls=(TooLarge(id="7c1d", tokens=214_000, target="openai/b", window=200_000),),
            blocked_why=(Reason(why="no key for mylab", calls=4),),
            unpriced=2,
            notes=("input is priced exactly",),
        )
    )
    assert "3 of them leave a warm prompt cache behind, which costs $0.02" in text
    assert "7c1d 214,000 tokens for openai/b (200,000)" in text
    assert "4 calls blocked: no key for mylab" in text
    assert "2 changed calls go to a model without a price" in text
    assert "note: input is priced exactly" in text


def budget_test(**more: Any) -> BudgetTest:
    values: dict[str, Any] = {
        "since": "2026-10-27T12:00:00Z",
        "until": "2026-11-26T12:00:00Z",
        "calls": 3112,
        "matched": 1000,
        "cost_usd": Decimal(60),
        "refused": 0,
        "blocked": 0,
        "unbounded": 0,
        "asked": 0,
        "slowed": 0,
        "downgraded": 0,
        "unpriced": 0,
        "over": 0,
        "saved_usd": Decimal(0),
        "share": 0.0,
    }
    return BudgetTest(**{**values, **more})


def test_a_limit_says_whom_it_hits_first() -> None:
    first = Hit(id="7f3a", at="2026-10-27T11:02:00Z", user="cyd", token="me")
    text = "\n".join(budget_words(budget_test(blocked=14, saved_usd=Decimal("6.12"), first=first)))
    assert "1,000 of 3,112 calls since 27 Oct are under it, for $60.00" in text
    assert "saved $6.12" in text
    assert "hit first on 27 Oct" in text and "user cyd (call 7f3a)" in text


def test_a_limit_that_touches_nobody_says_so() -> None:
    assert "no call would have been touched" in budget_words(budget_test())


def test_a_back_test_is_one_sentence() -> None:
    first = Hit(id="7f3a", at="2026-10-27T11:02:00Z", user="cyd")
    found = budget_test(matched=3112, blocked=14, saved_usd=Decimal("6.12"), first=first)
    assert back_test_words(found, UTC) == (
        "last 30 days this rule would have blocked 14 of 3,112 (0.4%), saved $6.12; "
        "hit first on 27 Oct 11:02 by cyd"
    )
    assert "slowed 500 of 1,000 (50%)" in back_test_words(budget_test(slowed=500))


def test_a_back_test_that_finds_nothing_says_so() -> None:
    assert back_test_words(budget_test(matched=0)) == "last 30 days: no call was under this rule"
    assert "touched none of 1,000 calls" in back_test_words(budget_test())
