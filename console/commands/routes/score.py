"""llmconsole routes score: how complex each prompt of a file looks."""

from __future__ import annotations

import json
from typing import IO

import click

from console.commands.frame import Options, common_options, pass_options
from console.commands.json_lines import objects
from console.commands.routes.learn import lesson_or_trouble
from gateway_core import Subject, learned_score, measure


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--learned", is_flag=True, help="By what was learned from outcomes, not by the rule.")
@common_options
@pass_options
def score(options: Options, file: IO[str], learned: bool) -> None:
    """Score each line {"prompt": …} of FILE or standard input: 0 is trivial, 1 is hard.

    One number a line; with --json an object with the parts that it is the sum of.
    """
    lesson = lesson_or_trouble(options, Subject.PROMPTS) if learned else None
    for line in objects(file, "prompt"):
        if lesson:
            said = learned_score(lesson, line["prompt"])
            click.echo(json.dumps({"score": round(said, 6)}) if options.json else f"{said:.6f}")
            continue
        found = measure(line["prompt"])
        if options.json:
            parts = {part.name: round(part.value, 6) for part in found.parts}
            click.echo(json.dumps({"score": round(found.value, 6), "parts": parts}))
        else:
            click.echo(f"{found.value:.6f}")
