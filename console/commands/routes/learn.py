"""llmconsole routes learn, thumb, learned, forget: a model from outcomes, what is known, dropping it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from console import shapes
from console.commands.frame import Options, ask, common_options, echo_json, pass_options
from console.commands.json_lines import judged
from console.trouble import NO, Trouble
from gateway_core import (
    NotEnough,
    StartError,
    Subject,
    answer_outcome,
    data_folder,
    forget,
    prompt_outcome,
    recall,
    teach,
)

if TYPE_CHECKING:
    from gateway_core import Lesson, Outcome


@click.command("learn")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--own", is_flag=True, help="From your own calls, where [routing] has `learn = true`.")
@click.option(
    "--answers",
    is_flag=True,
    help='Lines are {"prompt": …, "answer": …, "good": q}, or have "cheap" and "strong" for "good".',
)
@common_options
@pass_options
def learn(options: Options, file: IO[str], own: bool, answers: bool) -> None:
    """Learn from each line {"prompt": …, "cheap": q, "strong": q} of FILE or standard input.

    q is the quality of a cheap and of a strong model's answer, 0 to 1. What is learned stays on this machine.
    """
    if own:
        _show(options, {Subject.PROMPTS: ask(options, lambda client: client.learn_own())})
        return
    subject = Subject.ANSWERS if answers else Subject.PROMPTS
    outcomes = _answers(file) if answers else _prompts(file)
    today = datetime.now().astimezone().isoformat(timespec="seconds")
    try:
        lesson = teach(data_folder(options.data), subject, outcomes, today)
    except (NotEnough, StartError) as error:
        raise Trouble(str(error), NO) from None
    _show(options, {subject: _as_shape(lesson)})


@click.command()
@click.argument("id")
@click.argument("which", type=click.Choice(("up", "down")), metavar="up|down")
@common_options
@pass_options
def thumb(options: Options, id: str, which: str) -> None:
    """Say of the call ID whether its answer was good enough; `routes learn --own` learns from it."""
    ask(options, lambda client: client.thumb(id, up=which == "up"))
    if options.json:
        echo_json({"id": id, "thumb": which})
    else:
        click.echo(f"{id}: thumb {which}")


@click.command()
@common_options
@pass_options
def learned(options: Options) -> None:
    """Show what was learned: from how many outcomes, when, and what it gains over the rule.

    What judges is used by the gateway too: of prompts by routes and auto, of answers by escalation.
    """
    known = {subject: remembered(data_folder(options.data), subject) for subject in Subject}
    _show(options, {name: None if lesson is None else _as_shape(lesson) for name, lesson in known.items()})


@click.command("forget")
@common_options
@pass_options
def forget_command(options: Options) -> None:
    """Drop what was learned; the rule judges alone again."""
    dropped = [subject for subject in Subject if forget(data_folder(options.data), subject)]
    if options.json:
        echo_json({"forgotten": dropped})
    else:
        click.echo(f"forgotten: {', '.join(dropped)}" if dropped else "nothing was learned")


def remembered(folder: Path, subject: Subject) -> Lesson | None:
    """What was learned. Trouble: the file cannot be read."""
    try:
        return recall(folder, subject)
    except StartError as error:
        raise Trouble(str(error), NO) from None


def lesson_or_trouble(options: Options, subject: Subject) -> Lesson:
    """What was learned. Trouble: nothing was."""
    lesson = remembered(data_folder(options.data), subject)
    if lesson is None:
        how = "routes learn --answers" if subject is Subject.ANSWERS else "routes learn"
        raise Trouble(f"nothing was learned of {subject} yet; run `llmconsole {how} FILE`", NO)
    return lesson


def _prompts(file: IO[str]) -> Iterator[Outcome]:
    for line in judged(file, ("prompt",), ("cheap", "strong")):
        yield prompt_outcome(line["prompt"], line["cheap"], line["strong"])


def _answers(file: IO[str]) -> Iterator[Outcome]:
    for line in judged(file, ("prompt", "answer"), ("cheap", "strong"), ("good",)):
        if "good" in line:
            yield answer_outcome(line["prompt"], line["answer"], line["good"])
        else:
            yield answer_outcome(line["prompt"], line["answer"], line["cheap"], line["strong"])


def _as_shape(lesson: Lesson) -> shapes.Lesson:
    gain = lesson.gain
    return shapes.Lesson(
        date=lesson.date,
        labels=lesson.labels,
        rule=lesson.rule,
        learned=lesson.learned,
        gain=(gain.value, gain.low, gain.high),
        used=lesson.beats_the_rule,
    )


def _show(options: Options, known: Mapping[Subject, shapes.Lesson | None]) -> None:
    if options.json:
        echo_json(known)
        return
    for subject, lesson in known.items():
        click.echo(f"{subject}: {_told(lesson) if lesson else 'nothing learned; the rule judges'}")


def _told(lesson: shapes.Lesson) -> str:
    gain, low, high = lesson.gain
    verdict = "so it judges" if lesson.used else "which is not sure, so the rule judges"
    return (
        f"learned from {lesson.labels:,} outcomes on {lesson.date[:10]}: APGR {lesson.learned:.3f}, "
        f"the rule {lesson.rule:.3f}, gain {gain:+.3f} (95 %: {low:+.3f} to {high:+.3f}), {verdict}"
    )
