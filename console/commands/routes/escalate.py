"""llmconsole routes escalate: how much a cheap model's answer should be distrusted, and why."""

from __future__ import annotations

import json
from typing import IO, Any

import click

from console.commands.frame import Options, common_options, pass_options
from console.commands.json_lines import answered
from console.commands.routes.learn import lesson_or_trouble
from console.trouble import WRONG_USE, Trouble
from gateway_core import Finish, Subject, Terms, distrust, finish_of, learned_distrust


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--learned", is_flag=True, help="By what was learned from outcomes, not by the rule.")
@common_options
@pass_options
def escalate(options: Options, file: IO[str], learned: bool) -> None:
    """Judge each line {"prompt": …, "answer": …} of FILE or standard input: 1 is not to be trusted.

    A line may say more, as the gateway knows it: "schema", a JSON schema that the answer has to fit (true:
    any JSON), and "finish_reason", by any provider's word. One number a line; with --json an object with the
    reasons that it is the sum of.
    """
    lesson = lesson_or_trouble(options, Subject.ANSWERS) if learned else None
    for number, line in answered(file):
        asked = line["prompt"], line["answer"], _terms(number, line)
        found = learned_distrust(lesson, *asked) if lesson else distrust(*asked)
        if options.json:
            reasons = [
                {"check": one.check, "value": round(one.value, 6), "why": one.why} for one in found.reasons
            ]
            click.echo(
                json.dumps({"distrust": round(found.value, 6), "reasons": reasons}, ensure_ascii=False)
            )
        else:
            click.echo(f"{found.value:.6f}")


def _terms(number: int, line: dict[str, Any]) -> Terms:
    """What a line says beside the words. Trouble: a schema that is none, an end that no provider knows."""
    schema, word = line.get("schema"), line.get("finish_reason")
    if not isinstance(schema, dict | bool | None):
        raise Trouble(f'line {number}: "schema" is a JSON schema, or true for any JSON', WRONG_USE)
    finish = None if word is None else finish_of(str(word))
    if word is not None and finish is None:
        told = f"finish_reason {json.dumps(word)} is no provider's word for an end"
        raise Trouble(f"line {number}: {told}; write stop, length or content_filter", WRONG_USE)
    return Terms(
        json=schema not in (None, False),
        schema=schema if isinstance(schema, dict) else None,
        cut=finish is Finish.LENGTH,
        declined=finish is Finish.FILTERED,
    )
