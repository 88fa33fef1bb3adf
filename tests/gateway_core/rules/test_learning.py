"""What is learned ranks what it has not seen, says how sure it is, and survives being written down."""

from __future__ import annotations

import json

import pytest

from gateway_core.rules.complexity import measure
from gateway_core.rules.features import hashes, of_answer, of_prompt
from gateway_core.rules.learning import LEAST, Lesson, NotEnough, Outcome, from_plain, learn, scored, to_plain
from gateway_core.rules.linear import fit, lean
from gateway_core.rules.quality import chance


def outcomes(count: int, *, taught: bool) -> list[Outcome]:
    """Prompts of which those about proteins need a strong model, where taught; else it is by chance."""
    numbers, found = chance(5), []
    for at in range(count):
        hard = next(numbers) % 2
        prompt = f"Tell me what {'proteins' if hard else 'potatoes'} in case {at} are made of."
        gain = hard if taught else next(numbers) % 2
        found.append(Outcome(of_prompt(prompt), measure(prompt).value, float(gain)))
    return found


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return learn(outcomes(200, taught=True), "2026-11-01")


def test_what_is_there_is_learned(lesson: Lesson) -> None:
    assert lesson.learned > 0.7 and lesson.rule < 0.6 and lesson.beats_the_rule
    hard, easy = (of_prompt(f"What are {what} of a new kind?") for what in ("proteins", "potatoes"))
    assert lesson.judge(hard) > lesson.judge(easy)


def test_what_is_not_there_is_not_trusted() -> None:
    assert not learn(outcomes(200, taught=False), "2026-11-01").beats_the_rule


def test_an_order_of_the_outcomes_teaches_nothing() -> None:
    """Good and bad in turn: what is held back must not all be of one sort."""
    prompts = [f"Say what {what} {at} are." for at in range(24) for what in ("proteins", "potatoes")]
    turns = [Outcome(of_prompt(text), measure(text).value, float("proteins" in text)) for text in prompts]
    assert learn(turns, "").gain.low > 0


def test_it_judges_on_the_scale_of_the_rule(lesson: Lesson) -> None:
    rules = [outcome.rule for outcome in outcomes(200, taught=True)]
    for outcome in outcomes(200, taught=True):
        assert min(rules) - 0.05 <= lesson.judge(outcome.features) <= max(rules) + 0.05


def test_its_score_is_still_the_sum_of_its_parts(lesson: Lesson) -> None:
    text = "What are proteins?"
    found = scored(lesson, text, measure(text, tools=3))
    assert sum(part.value for part in found.parts) == pytest.approx(found.value)
    assert found.parts[-1].name == "learned"


def test_it_survives_json(lesson: Lesson) -> None:
    again = from_plain(json.loads(json.dumps(to_plain(lesson))))
    features = of_prompt("What are proteins?")
    assert again.judge(features) == pytest.approx(lesson.judge(features), abs=1e-3)
    assert again.gain == lesson.gain
    with pytest.raises(ValueError, match="form"):
        from_plain(to_plain(lesson) | {"form": 99})


def test_too_little_is_said() -> None:
    with pytest.raises(NotEnough, match=f"it takes {LEAST}"):
        learn(outcomes(LEAST - 1, taught=True), "")
    with pytest.raises(NotEnough, match="no better"):
        learn([Outcome(each.features, each.rule, 0.0) for each in outcomes(99, taught=True)], "")


def test_a_line_is_found() -> None:
    model = fit(
        [{"a": float(at % 5), "b": 1.0} for at in range(400)], [2.0 * (at % 5) - 1 for at in range(400)]
    )
    assert model.of({"a": 4.0, "b": 1.0}) == pytest.approx(7, abs=0.3)
    assert model.of({"unknown": 9.0}) == pytest.approx(model.start)


def test_a_model_leans_on_the_rule() -> None:
    """Where its own signs say nothing of two, the rule ranks them; on average it foretells the same."""
    examples = [{"a": float(at % 2), "rule": float(at % 3)} for at in range(60)]
    model = fit([{"a": each["a"]} for each in examples], [each["a"] for each in examples])
    leaning = lean(model, examples)
    assert leaning.of({"a": 1.0, "rule": 2.0}) > leaning.of({"a": 1.0, "rule": 0.0}) > leaning.of({"a": 0.0})
    usual = [sum(each.of(example) for example in examples) for each in (model, leaning)]
    assert usual[0] == pytest.approx(usual[1])
    assert lean(model, [{"a": 1.0}] * 3) == model


def test_no_word_is_kept() -> None:
    kept = json.dumps([*of_prompt("Confidential merger with Initech"), *of_answer("Initech?", "merger")])
    assert "nitech" not in kept and "merger" not in kept
    assert hashes("a b") == hashes("A, b!") != hashes("b a")
