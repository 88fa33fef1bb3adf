"""What was learned from outcomes, kept in the data folder as plain JSON: of prompts, and of answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from gateway_core.folder.private import private_folder, write_private
from gateway_core.model.errors import StartError
from gateway_core.rules.complexity import measure
from gateway_core.rules.escalation import Distrust, distrust
from gateway_core.rules.features import of_answer, of_prompt
from gateway_core.rules.learning import Lesson, Outcome, doubted, from_plain, learn, to_plain
from gateway_core.rules.terms import UNKNOWN, Terms

log = logging.getLogger(__name__)


class Subject(StrEnum):
    """What a lesson is about: how hard prompts are, or how wrong cheap answers."""

    PROMPTS = "prompts"
    ANSWERS = "answers"


def teach(folder: Path, subject: Subject, outcomes: Iterable[Outcome], date: str) -> Lesson:
    """Learns and keeps what was learned in the place of what was known. Raises NotEnough and StartError."""
    lesson = learn(tuple(outcomes), date)
    private_folder(folder)
    write_private(_file(folder, subject), json.dumps(to_plain(lesson)))
    return lesson


def recall(folder: Path, subject: Subject) -> Lesson | None:
    """What was learned, None for nothing. Raises StartError for a file that cannot be read."""
    path = _file(folder, subject)
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return from_plain(plain)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        mend = f"run `llmconsole routes forget`, or learn anew ({error})"
        raise StartError(f"{path}: what was learned cannot be read; {mend}") from None


def forget(folder: Path, subject: Subject) -> bool:
    """Drops what was learned; whether there was anything."""
    path = _file(folder, subject)
    known = path.exists()
    path.unlink(missing_ok=True)
    return known


class Lessons:
    """What the gateway goes by: read again when `routes learn` or `routes forget` has been at work."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Subject, tuple[tuple[int, int] | None, Lesson | None]] = {}

    def of_prompts(self) -> Lesson | None:
        """What was learned of prompts, where it surely beats the rule."""
        return self._of(Subject.PROMPTS)

    def of_answers(self) -> Lesson | None:
        """What was learned of answers, where it surely beats the rule."""
        return self._of(Subject.ANSWERS)

    def _of(self, subject: Subject) -> Lesson | None:
        mark = self._found(subject)
        known, lesson = self._known.get(subject, (None, None))
        if mark != known:
            lesson = self._read(subject)
            self._known[subject] = mark, lesson
        return lesson

    def _found(self, subject: Subject) -> tuple[int, int] | None:
        try:
            found = _file(self._folder, subject).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _read(self, subject: Subject) -> Lesson | None:
        try:
            lesson = recall(self._folder, subject)
        except StartError as error:
            log.warning("%s", error)
            return None
        return lesson if lesson and lesson.beats_the_rule else None


def prompt_outcome(prompt: str, cheap: float, strong: float) -> Outcome:
    """What is learned from a prompt whose answers by a cheap and a strong model have been judged, 0 to 1."""
    score = measure(prompt)
    return Outcome(of_prompt(prompt, score), score.value, strong - cheap)


def answer_outcome(prompt: str, answer: str, good: float, strong: float = 1.0) -> Outcome:
    """What is learned from a cheap answer that has been judged, 0 to 1; strong: the strong model's, if known.

    Where both fail, nothing is gained by asking again: who knows both learns when it is worth its price.
    """
    found = distrust(prompt, answer)
    return Outcome(of_answer(prompt, answer, found), found.value, strong - good)


def learned_score(lesson: Lesson, prompt: str) -> float:
    """How complex a prompt is by what was learned, on the rule's scale."""
    return lesson.judge(of_prompt(prompt))


def learned_distrust(lesson: Lesson, prompt: str, answer: str, terms: Terms = UNKNOWN) -> Distrust:
    """How much an answer is to be distrusted by what was learned."""
    return doubted(lesson, prompt, answer, distrust(prompt, answer, terms))


def _file(folder: Path, subject: Subject) -> Path:
    return folder / f"learned-{subject}.json"
