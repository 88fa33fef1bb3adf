"""llmconsole cache eval: what the semantic cache would say to questions, tried on a file of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import click

from console.commands.frame import Options, common_options, pass_options
from console.commands.json_lines import numbered
from console.trouble import WRONG_USE, Trouble

Vectors = Callable[[str], Sequence[float]]


@click.command("eval")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--threshold", type=click.FloatRange(0.0, 1.0), default=0.9, show_default=True)
@click.option("--endpoint", metavar="MODEL", help="Embeddings of a model, by the running gateway.")
@common_options
@pass_options
def evaluate(options: Options, file: IO[str], threshold: float, endpoint: str | None) -> None:
    """Read lines {"put": …, "answer": …} and {"get": …} of FILE or standard input.

    Answers one JSON line each get: hit, put (the question whose answer it gets), answer, similarity, and
    guard (what stands against the nearest). Without --endpoint the words alone are compared.
    """
    from gateway_core import Memory

    vectors = _vectors(options, endpoint) if endpoint else None
    memory = Memory(threshold)
    for line in _lines(file):
        if "put" in line:
            text = line["put"]
            memory.put(text, line.get("answer"), vectors(text) if vectors else None)
            continue
        found = memory.get(line["get"], vectors(line["get"]) if vectors else None)
        told: dict[str, Any] = {"hit": found.hit, "put": found.put, "similarity": found.similarity}
        if found.hit:
            told["answer"] = found.answer
        click.echo(json.dumps({**told, "guard": found.guard or None}, ensure_ascii=False))


def _lines(file: IO[str]) -> Iterator[dict[str, Any]]:
    """Trouble: a line that is no object with a text to put or to get."""
    for number, found in numbered(file):
        kinds = [key for key in ("put", "get") if isinstance(found, dict) and isinstance(found.get(key), str)]
        if len(kinds) != 1:
            example = '{"put": "…", "answer": "…"} or {"get": "…"}'
            raise Trouble(f"line {number} is not an object like {example}", WRONG_USE)
        yield found


def _vectors(options: Options, model: str) -> Vectors:
    from console.embeddings import Embeddings

    embeddings = Embeddings(options.place(), model)
    known: dict[str, Sequence[float]] = {}

    def vector(text: str) -> Sequence[float]:
        if text not in known:
            known[text] = embeddings.of(text)
        return known[text]

    return vector
