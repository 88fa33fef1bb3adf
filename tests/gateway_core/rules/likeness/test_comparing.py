"""Questions alike: what is found, and above all what is not."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_core.rules.likeness import compare, guard_of, read_marks
from gateway_core.rules.likeness.memory import THRESHOLD, Memory, judge

TWINS = (
    ("What is the capital of France?", "What's the capital of France?"),
    ("What is the capital of France?", "Can you tell me what the capital of France is?"),
    ("How can I improve my English?", "What is the best way to improve my English?"),
    ("How do I sort a list in Python?", "how can you sort lists in python"),
    ("How long does it take to learn Spanish?", "How much time does it take to learn Spanish?"),
    ("How do I get rid of acne?", "What are some ways to remove acne?"),
    ("What does manipulation mean?", "What is the meaning of manipulation?"),
    ("Please explain how photosynthesis works.", "Explain how photosynthesis works"),
    ("How I can make money online?", "How do I earn money online?"),
    ("How much does it cost to build a house?", "How much would it cost to build a house?"),
    ("Why is the sky blue?", "For what reason is the sky blue?"),
)
DIFFERENT = (
    ("numbers", "What is 15 plus 20?", "What is 15 plus 21?"),
    ("numbers", "What is 15% of 80?", "What is 80% of 15?"),
    ("numbers", "Name two rivers of France", "Name three rivers of France"),
    ("negation", "Is it safe to drink tap water?", "Is it not safe to drink tap water?"),
    ("negation", "Can I take aspirin with alcohol?", "Can I take aspirin without alcohol?"),
    ("order", "How do I fly from Paris to Rome?", "How do I fly from Rome to Paris?"),
    ("order", "Is Java better than Python?", "Is Python better than Java?"),
    ("units", "Convert 10 km to miles", "Convert 10 miles to km"),
    ("units", "How long does it take to walk 10 km?", "How long does it take to walk 10 miles?"),
    ("names", "How do I sort a list in Python?", "How do I sort a list in Java?"),
    ("names", "What caused World War I?", "What caused World War II?"),
    ("question", "Where was Einstein born?", "When was Einstein born?"),
    ("question", "How many people died?", "How much people died?"),
    ("contrast", "What should I eat before a run?", "What should I eat after a run?"),
    ("contrast", "What is the maximum speed here?", "What is the minimum speed here?"),
    ("relation", "Send flowers to Mary", "Send flowers from Mary"),
    ("tense", "Who is the president of Chile?", "Who was the president of Chile?"),
    ("symbols", "What is x + y?", "What is x * y?"),
    ("quotes", "Translate 'dog' to French", "Translate 'cat' to French"),
    ("quotes", "What does `git reset` do here?", "What does `git revert` do here?"),
    ("person", "Am I allowed to park here?", "Are they allowed to park here?"),
)


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_what_means_the_same_is_found(one: str, other: str) -> None:
    for put, get in ((one, other), (other, one)):
        found = judge(put, get)
        assert (found.hit, found.guard) == (True, ""), found


@pytest.mark.parametrize(("guard", "one", "other"), DIFFERENT)
def test_what_does_not_is_told_apart_and_why(guard: str, one: str, other: str) -> None:
    marks = read_marks(one), read_marks(other)
    assert guard_of(*marks) == guard_of(*reversed(marks)) == guard
    assert not judge(one, other).hit
    assert not judge(other, one).hit


VERBS = ("sort", "copy", "compare", "export", "rename", "merge", "split", "print", "encrypt", "share")
THINGS = (
    "table",
    "photo album",
    "spreadsheet",
    "log file",
    "mailing list",
    "playlist",
    "invoice",
    "contract",
)
NAMES = ("Alice", "Bob", "Paris", "Rome", "Python", "Java", "Oslo", "Kenya", "Tesla", "Nokia")
SHAPES = (
    "How do I {verb} a {thing} from {a} to {b} in {n} days?",
    "What does {a} charge {b} for {n} copies of a {thing}?",
    "Is {a} faster than {b} when {n} people {verb} a {thing}?",
    "Can {a} {verb} the {thing} of {b} within {n} hours?",
)


NEGATED = (("How do I", "How do I not"), ("Is ", "Isn't "), ("Can ", "Can't "), ("does", "doesn't"))


def changed(seed: int) -> Iterator[tuple[str, str, str]]:
    """A question, the same with one thing changed that changes the answer, and what that was."""
    chance = random.Random(seed)
    a, b = chance.sample(NAMES, 2)
    words = {"a": a, "b": b, "verb": chance.choice(VERBS), "thing": chance.choice(THINGS)}
    number = chance.randint(2, 900)
    shape = chance.choice(SHAPES)
    question = shape.format(**words, n=number)
    yield question, shape.format(**words, n=number + chance.choice((1, 10, -1))), "number"
    yield question, shape.format(**{**words, "a": b, "b": a}, n=number), "order"
    for plain, negated in (
        ("How do I", "How do I not"),
        ("Is ", "Isn't "),
        ("Can ", "Can't "),
        ("does", "doesn't"),
    ):
        if plain in question:
            yield question, question.replace(plain, negated, 1), "negation"
            return


def test_a_number_a_negation_or_an_order_changed_is_never_served() -> None:
    """In a memory full of questions like it."""
    made = [each for seed in range(300) for each in changed(seed)]
    assert len(made) > 641
    memory = Memory()
    texts = {question for question, _, _ in made}
    for question in texts:
        memory.put(question, question)
    wrong = []
    for question, other, what in made:
        found = memory.get(other)
        if found.hit and other not in texts:
            wrong.append((what, other, found.put))
        assert memory.get(question).put == question
    assert wrong == []


def reworded(question: str, chance: random.Random) -> str:
    """The same question as others would write it."""
    politeness = chance.choice(("", "Please tell me: ", "Hi, ", "Could you tell me ", "I want to know "))
    body = question
    for plain, others in (
        ("How do I", ("How can I", "How to", "What is the best way to", "How should I", "How would one")),
        ("What does", ("what does", "What would")),
        ("people", ("persons", "people")),
        ("faster", ("quicker", "faster")),
    ):
        if plain in body and chance.random() < 0.7:
            body = body.replace(plain, chance.choice(others), 1)
    return politeness + (body if chance.random() < 0.5 else body.lower().rstrip("?"))


def test_a_fifth_of_true_twins_is_found_at_least() -> None:
    chance = random.Random(7)
    questions = [next(iter(changed(seed)))[0] for seed in range(200)]
    found = sum(judge(question, reworded(question, chance)).hit for question in questions)
    assert found / len(questions) >= 0.2


@given(st.text(max_size=300))
def test_any_text_is_read_and_like_itself(text: str) -> None:
    marks = read_marks(text)
    verdict = compare(marks, marks)
    assert verdict.guard in ("", "few words", "too long")
    if marks.words:
        assert verdict.likeness == 1.0


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_does_not_matter_who_was_first(one: str, other: str) -> None:
    assert compare(read_marks(one), read_marks(other)) == compare(read_marks(other), read_marks(one))


def test_nothing_is_like_nothing() -> None:
    assert not judge("", "").hit
    assert not judge("ok", "ok?").hit
    assert Memory().get("What is the capital of France?").put is None


def test_a_very_long_question_is_like_none() -> None:
    text = "What is this? " * 1_000
    assert judge(text, text).guard == "too long"


def test_vectors_count_where_they_are_given_and_the_guards_all_the_same() -> None:
    memory = Memory(THRESHOLD)
    memory.put("How do I fly from Paris to Rome?", 1, [1.0, 0.0])
    assert memory.get("Flights from Paris to Rome, how?", [0.99, 0.1]).hit
    assert not memory.get("Flights from Paris to Rome, how?", [0.8, 0.6]).hit
    turned = memory.get("How do I fly from Rome to Paris?", [1.0, 0.0])
    assert (turned.hit, turned.guard, turned.similarity) == (False, "order", 1.0)
