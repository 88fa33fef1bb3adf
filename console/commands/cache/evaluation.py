"""llmconsole cache eval: what the semantic cache would say to questions, tried on a file of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

import click

from console.commands.frame import Options, common_options, echo_json, pass_options
from console.commands.json_lines import numbered
from console.trouble import WRONG_USE, Trouble

if TYPE_CHECKING:
    from gateway_core import Found, Said

Vectors = Callable[[str], Sequence[float]]
Line = dict[str, Any]


@click.command("eval")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--threshold", type=click.FloatRange(0.0, 1.0), default=0.9, show_default=True)
@click.option("--endpoint", metavar="MODEL", help="Embeddings of a model, by the running gateway.")
@click.option("--score", is_flag=True, help="Precision against hit rate, from the answers in `same`.")
@common_options
@pass_options
def evaluate(options: Options, file: IO[str], threshold: float, endpoint: str | None, score: bool) -> None:
    """Read lines {"put": …, "answer": …} and {"get": …, "same": answer or null} of FILE or standard input.

    Answers one JSON line each get: hit, put (the question whose answer it gets), answer, similarity, and
    guard (what stands against the nearest). Without --endpoint the words alone are compared. With --score
    every get needs `same`, the answer that a hit must have, null where any hit is wrong.
    """
    vectors = _vectors(options, endpoint) if endpoint else None
    if score:
        _score(options, _lines(file, labelled=True), threshold, vectors)
        return
    for _, found in _asked(_lines(file), threshold, vectors):
        told: dict[str, Any] = {"hit": found.hit, "put": found.put, "similarity": found.similarity}
        if found.hit:
            told["answer"] = found.answer
        click.echo(json.dumps({**told, "guard": found.guard or None}, ensure_ascii=False))


def _score(options: Options, asked: Iterator[Line], threshold: float, vectors: Vectors | None) -> None:
    from gateway_core import THRESHOLDS, Said, curve, curve_lines

    said: list[Said] = []
    wanted: list[str | None] = []
    thresholds = sorted({*THRESHOLDS, threshold})
    for line, found in _asked(asked, thresholds[0], vectors):
        said.append(Said(str(found.answer) if found.hit else None, found.similarity))
        wanted.append(line["same"])
    told = curve(said, wanted, thresholds)
    if not options.json:
        click.echo("\n".join((f"{len(wanted)} gets", *curve_lines(told))))
        return
    rows = [
        {
            "threshold": at,
            "hits": each.hits,
            "hit_rate": each.hit_rate,
            "precision": each.precision,
            "wrong": each.wrong,
            "twins_found": each.found,
        }
        for at, each in told.items()
    ]
    echo_json({"gets": len(wanted), "rows": rows})


def _asked(lines: Iterator[Line], threshold: float, vectors: Vectors | None) -> Iterator[tuple[Line, Found]]:
    """Each get with what there is for it, among what was put before."""
    from gateway_core import Memory

    memory = Memory(threshold)
    for line in lines:
        text: str = line["put"] if "put" in line else line["get"]
        vector = vectors(text) if vectors else None
        if "put" in line:
            memory.put(text, line.get("answer"), vector)
        else:
            yield line, memory.get(text, vector)


def _lines(file: IO[str], *, labelled: bool = False) -> Iterator[Line]:
    """Trouble: a line that is no object with a text to put or to get. labelled: gets need `same`."""
    for number, found in numbered(file):
        kinds = [key for key in ("put", "get") if isinstance(found, dict) and isinstance(found.get(key), str)]
        if len(kinds) != 1:
            example = '{"put": "…", "answer": "…"} or {"get": "…"}'
            raise Trouble(f"line {number} is not an object like {example}", WRONG_USE)
        if labelled and "get" in found and not isinstance(found.get("same", 0), str | None):
            raise Trouble(
                f'line {number} has no "same": the right answer, or null where there is none', WRONG_USE
            )
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
