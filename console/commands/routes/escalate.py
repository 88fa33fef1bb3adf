"""llmconsole routes escalate: how much a cheap model's answer should be distrusted, and why."""

from __future__ import annotations

import json
from typing import IO

import click

from console.commands.frame import Options, common_options, pass_options
from console.commands.json_lines import objects
from console.commands.routes.learn import lesson_or_trouble
from gateway_core import Subject, distrust, learned_distrust


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--learned", is_flag=True, help="By what was learned from outcomes, not by the rule.")
@common_options
@pass_options
def escalate(options: Options, file: IO[str], learned: bool) -> None:
    """Judge each line {"prompt": …, "answer": …} of FILE or standard input: 1 is not to be trusted.

    One number a line; with --json an object with the reasons that it is the sum of.
    """
    lesson = lesson_or_trouble(options, Subject.ANSWERS) if learned else None
    for line in objects(file, "prompt", "answer"):
        if lesson:
            said = learned_distrust(lesson, line["prompt"], line["answer"])
            click.echo(json.dumps({"distrust": round(said, 6)}) if options.json else f"{said:.6f}")
            continue
        found = distrust(line["prompt"], line["answer"])
        if options.json:
            reasons = [
                {"check": one.check, "value": round(one.value, 6), "why": one.why} for one in found.reasons
            ]
            click.echo(
                json.dumps({"distrust": round(found.value, 6), "reasons": reasons}, ensure_ascii=False)
            )
        else:
            click.echo(f"{found.value:.6f}")
