"""Choosing for many calls finds what choosing for each alone does, and asks for a score where that does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway_core.model.policy import Pick, Route
from gateway_core.rules.complexity import Score, Thresholds
from gateway_core.rules.matching import Facts
from gateway_core.rules.replaying.choosing import Chooser
from gateway_core.rules.routing import Wanted, choose
from gateway_core.rules.routing.ordering import Measures
from gateway_core.rules.routing.situation import Situation
from tests.gateway_core.rules.routing.making import THURSDAY, call, resolve

MODES, PROJECTS = ["vibing", "building", ""], ["web", "webshop", "api"]
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "mode": st.sampled_from(MODES[:2]),
        "project": st.sampled_from(["web", "web*", "api"]),
        "model": st.sampled_from(["gpt-5.1", "gpt-5*", "openai/gpt-5.1"]),
        "token": st.sampled_from(["me", "ci"]),
        "asked": st.sampled_from(["auto", "gpt-5.1,gpt-5*"]),
        "format": st.sampled_from(["openai", "anthropic,gemini"]),
        "tools": st.sampled_from(["yes", "no"]),
        "stream": st.sampled_from(["yes", "no"]),
        "images": st.sampled_from(["yes", "no"]),
        "context": st.sampled_from([">2k", "<=2k", ">500,<5k"]),
        "messages": st.sampled_from([">3", "<=3"]),
        "complexity": st.sampled_from(["simple", ">=medium", "hard", "simple,hard"]),
        "budget": st.sampled_from(["all >= 50%", "all < 50%", "nobody > 1%"]),
        "time": st.sampled_from(["thu", "mon-wed", "14:00..18:00", "fri 22:00..06:00"]),
    },
)
USES = st.lists(st.sampled_from(["a", "b", "c", "unknown"]), min_size=1, max_size=3, unique=True).map(tuple)
PICKS = st.sampled_from([Pick.ORDER, Pick.WEIGHTED, Pick.PRICE])


@st.composite
def routes(draw: st.DrawFn) -> list[Route]:
    count = draw(st.integers(0, 6))
    return [
        Route(
            name=f"route {number}",
            when=draw(CONDITIONS),
            use=draw(USES),
            enabled=draw(st.sampled_from([True, True, True, False])),
            pick=draw(PICKS),
            shadow=draw(st.sampled_from([False, False, True])),
        )
        for number in range(count)
    ]


CALLS = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(MODES),
        "project": st.sampled_from(PROJECTS),
        "token": st.sampled_from(["me", "ci"]),
        "asked": st.sampled_from(["auto", "gpt-5.1", "gpt-4"]),
        "format": st.sampled_from(["openai", "anthropic"]),
        "flags": st.tuples(st.booleans(), st.booleans(), st.booleans()),
        "context": st.sampled_from([100, 2_000, 2_001, 9_000]),
        "messages": st.integers(1, 6),
        "score": st.none() | st.sampled_from([0.1, 0.28, 0.27999, 0.3, 0.52, 0.54, 0.9]),
        "margin": st.sampled_from([0.0, 0.02, 0.03, 0.5]),
        "used": st.none() | st.sampled_from([0.2, 0.5]),
        "hours": st.integers(0, 100),
        "draw": st.floats(0, 0.999),
    }
)


def situation(words: dict[str, Any]) -> Situation:
    score, (tools, images, stream) = words["score"], words["flags"]
    tags = {"mode": words["mode"], "project": words["project"], "branch": f"b{words['context']}"}
    return call(
        facts=Facts(tags, words["token"], "gpt-5.1", "openai"),
        asked=words["asked"],
        format=words["format"],
        tools=tools,
        images=images,
        stream=stream,
        context=words["context"],
        messages=words["messages"],
        local=THURSDAY + timedelta(hours=words["hours"]),
        thresholds=Thresholds(margin=words["margin"]),
        measure=lambda _: None if score is None else Score(score, ()),
        used=lambda name: words["used"] if name == "all" else None,
    )


@settings(max_examples=300, deadline=None)
@given(routes(), st.lists(CALLS, min_size=1, max_size=12))
def test_it_finds_what_choose_finds(some: list[Route], calls: list[dict[str, Any]]) -> None:
    chooser = Chooser(some, resolve)
    wanted = Wanted((resolve("gpt-5.1"),))
    for words in calls:
        measures = Measures(price=lambda target: None, draw=words["draw"])
        one, other = situation(words), situation(words)
        plain = choose(some, one, wanted, resolve, measures)
        found = chooser.choose(other, wanted, lambda measures=measures: measures)  # type: ignore[misc]
        assert found.targets == plain.targets
        assert found.route == (plain.route.name if plain.route else None)
        assert found.shadow == tuple(name for name, _ in plain.shadow)
        assert (other.score_if_measured, other.scored_in_vain) == (one.score_if_measured, one.scored_in_vain)
