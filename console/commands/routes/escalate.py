"""llmconsole routes escalate: how much a cheap model's answer should be distrusted, and why."""

from __future__ import annotations

import json
from typing import IO

import click

from console.commands.frame import Options, common_options, pass_options
from console.commands.routes.lines import objects
from gateway_core import distrust


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@common_options
@pass_options
def escalate(options: Options, file: IO[str]) -> None:
    """Judge each line {"prompt": …, "answer": …} of FILE or standard input: 1 is not to be trusted.

    One number a line; with --json an object with the reasons that it is the sum of.
    """
    for line in objects(file, "prompt", "answer"):
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
