"""A call waits for a person's word: let it pass once, raise the limit, send it elsewhere, or refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from console import keymap
from console.panels.words import short_model
from console.present import instant, matched, span, usd_call
from console.screens.desk import Desk
from console.screens.page import Form
from console.screens.raise_form import RaiseForm
from console.shapes import Question
from console.widgets.hints import Hints

DEAF = 0.6
"""Seconds in which keys do nothing: they were meant for what was on the screen before."""


class QuestionForm(Form[None]):
    """Stays until the question is answered, put off, or over."""

    BINDINGS = keymap.bindings("question")
    PLACES: ClassVar[tuple[str, ...]] = ("question",)

    def __init__(self, desk: Desk, question: Question) -> None:
        super().__init__()
        self.desk = desk
        self.question = question
        self._since = monotonic()

    def compose(self) -> ComposeResult:
        with Vertical(classes="form question"):
            for line in question_lines(self.question):
                yield Label(Content(line), classes="asked")
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self._count_down()
        self.set_interval(0.25, self._count_down)

    @work
    async def action_answer(self, answer: str) -> None:
        if self._deaf():
            return
        if await self.ask(self.desk.client.answer_question(self.question.id, answer)) is None:
            return
        self._leave()

    @work
    async def action_raise(self) -> None:
        if self._deaf():
            return
        budgets = self.desk.feed.tick().budgets or ()
        budget = next((one for one in budgets if one.name == self.question.budget), None)
        if budget is None:
            self.notify(
                f"there is no budget {self.question.budget} any more", severity="warning", markup=False
            )
            return
        if await self.app.push_screen_wait(RaiseForm(self.desk, budget)) is not None:
            await self.ask(self.desk.client.answer_question(self.question.id, "raised"))
            self._leave()

    def action_later(self) -> None:
        self._leave()

    def _deaf(self) -> bool:
        return monotonic() - self._since < DEAF

    def _count_down(self) -> None:
        snap = self.desk.feed.tick()
        left = (instant(self.question.until) - snap.now).total_seconds()
        self.query_one(".form").border_title = Content(f"a call waits for you · {span(left)}")
        if left <= 0 or all(one.id != self.question.id for one in snap.questions):
            self._leave()

    def _leave(self) -> None:
        if self.is_current:
            self.dismiss(None)


def question_lines(question: Question) -> list[str]:
    """What a person needs to decide."""
    who = question.tags.get("user") or question.token
    tags = matched({key: value for key, value in question.tags.items() if key != "user"})
    what = f"{short_model(question.model)} for {who}" + (f" · {tags}" if tags != "everything" else "")
    spent = f"{question.spent} of {question.limit} spent"
    return [
        f"The budget {question.budget} has no room: {spent}.",
        what,
        f"This call may cost up to {usd_call(question.may_cost_usd)}.",
    ]


def next_question(questions: Sequence[Question], shown: set[str]) -> Question | None:
    """The oldest one that was not on the screen yet."""
    return next((one for one in questions if one.id not in shown), None)
