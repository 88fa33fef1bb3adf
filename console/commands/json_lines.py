"""JSON lines from standard input, with a clear word for each line that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from console.trouble import WRONG_USE, Trouble


def objects(stream: IO[str], *names: str) -> Iterator[dict[str, str]]:
    """Each line's texts by name, blank lines passed over. Trouble: no object, or a name without a text."""
    for number, found in _objects(stream, names):
        yield {name: _text(found, name, number, names) for name in names}


def answered(stream: IO[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line with a prompt and an answer, and all else that it says, with its number. Trouble: as
    `objects`."""
    names = ("prompt", "answer")
    for number, found in _objects(stream, names):
        yield number, found | {name: _text(found, name, number, names) for name in names}


def judged(stream: IO[str], texts: tuple[str, ...], *amounts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """As `objects`, with qualities from 0 to 1 beside the texts; true and false are 1 and 0.

    amounts: the names of the qualities, in one way or in several: of these a line may have any.
    """
    for number, found in _objects(stream, (*texts, *amounts[-1])):
        its = next((way for way in amounts if all(name in found for name in way)), amounts[-1])
        names = (*texts, *its)
        line: dict[str, Any] = {name: _text(found, name, number, names) for name in texts}
        yield line | {name: _quality(found, name, number, names) for name in its}


def numbered(stream: IO[str]) -> Iterator[tuple[int, Any]]:
    """What each line holds, with its number, blank lines passed over. Trouble: no JSON."""
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            raise Trouble(f"line {number} is not JSON; each line is one object", WRONG_USE) from None
        yield number, found


def _objects(stream: IO[str], names: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, found in numbered(stream):
        if not isinstance(found, dict):
            raise Trouble(f"line {number} is not an object like {_example(names)}", WRONG_USE)
        yield number, found


def _text(found: dict[str, Any], name: str, number: int, names: tuple[str, ...]) -> str:
    text = found.get(name)
    if not isinstance(text, str):
        raise Trouble(f'line {number} has no text "{name}"; write {_example(names)}', WRONG_USE)
    return text


def _quality(found: dict[str, Any], name: str, number: int, names: tuple[str, ...]) -> float:
    amount = found.get(name)
    if not isinstance(amount, (int, float)) or not 0 <= amount <= 1:
        raise Trouble(f'line {number} has no "{name}" from 0 to 1; write {_example(names)}', WRONG_USE)
    return float(amount)


def _example(names: tuple[str, ...]) -> str:
    return json.dumps(
        {name: "…" if name in ("prompt", "answer") else 1 for name in names}, ensure_ascii=False
    )
