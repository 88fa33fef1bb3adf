"""What was learned is kept in the data folder, read again when it changes, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway_core.lessons import (
    Lessons,
    Subject,
    answer_outcome,
    forget,
    learned_distrust,
    learned_score,
    prompt_outcome,
    recall,
    teach,
)
from gateway_core.model.errors import StartError
from gateway_core.rules.terms import Terms


def taught(folder: Path, strong: str = "proteins") -> None:
    subjects = ("proteins", "potatoes")
    outcomes = [
        prompt_outcome(f"Say what {subject} number {at} are.", 0.0, float(subject == strong))
        for at in range(60)
        for subject in subjects
    ]
    teach(folder, Subject.PROMPTS, outcomes, "2026-11-01")


def test_it_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    taught(tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    lesson = recall(tmp_path, Subject.PROMPTS)
    assert lesson is not None and lesson.labels == 120
    assert learned_score(lesson, "Say what proteins are.") > learned_score(lesson, "Say what potatoes are.")


def test_the_gateway_sees_what_is_new(tmp_path: Path) -> None:
    lessons = Lessons(tmp_path)
    assert lessons.of_prompts() is None
    taught(tmp_path)
    first = lessons.of_prompts()
    assert first is not None and lessons.of_prompts() is first
    taught(tmp_path, "potatoes")
    second = lessons.of_prompts()
    assert second is not None and second is not first
    assert forget(tmp_path, Subject.PROMPTS) and not forget(tmp_path, Subject.PROMPTS)
    assert lessons.of_prompts() is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"form": 1}', '{"form": 2}', "\xff"])
def test_a_broken_file_is_one_sentence_and_the_rule_goes_on(tmp_path: Path, text: str) -> None:
    (tmp_path / "learned-prompts.json").write_text(text, encoding="latin-1")
    with pytest.raises(StartError, match="routes forget"):
        recall(tmp_path, Subject.PROMPTS)
    assert Lessons(tmp_path).of_prompts() is None


def test_answers_are_learned_of_too(tmp_path: Path) -> None:
    outcomes = [
        answer_outcome(f"How many are {at} and {at}?", f"{at} + {at} = {2 * at + wrong}", 1.0 - wrong)
        for at in range(1, 60)
        for wrong in (0, 1)
    ]
    lesson = teach(tmp_path, Subject.ANSWERS, outcomes, "2026-11-01")
    assert lesson.learned > 0.6
    wrong, right = (
        learned_distrust(lesson, "How many are 5 and 6?", text) for text in ("5 + 6 = 12", "5 + 6 = 11")
    )
    assert wrong.value > right.value
    assert wrong.reasons[0].check == right.reasons[0].check == "learned"
    assert wrong.value == pytest.approx(sum(reason.value for reason in wrong.reasons))
    assert Lessons(tmp_path).of_answers() == (lesson if lesson.beats_the_rule else None)


def test_what_is_certain_is_not_outweighed_by_what_was_learned(tmp_path: Path) -> None:
    outcomes = [
        answer_outcome(f"How many are {at} and {at}?", f"{at} + {at} = {2 * at + wrong}", 1.0 - wrong)
        for at in range(1, 60)
        for wrong in (0, 1)
    ]
    lesson = teach(tmp_path, Subject.ANSWERS, outcomes, "2026-11-01")
    for answer, terms in ((" ", Terms()), ("5 + 6 = 11", Terms(cut=True)), ("5 + 6 = 11", Terms(json=True))):
        found = learned_distrust(lesson, "How many are 5 and 6?", answer, terms)
        assert (found.value, len(found.reasons)) == (1.0, 1)
        assert found.reasons[0].check in ("empty", "capped", "form")
