"""JSON lines from standard input, with a clear word for each line that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from console.trouble import WRONG_USE, Trouble


def objects(stream: IO[str], *names: str) -> Iterator[dict[str, str]]:
    """Each line's texts by name, blank lines passed over. Trouble: no object, or a name without a text."""
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield _texts(line, number, names)


def _texts(line: str, number: int, names: tuple[str, ...]) -> dict[str, str]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise Trouble(f"line {number} is not JSON; each line is one object", WRONG_USE) from None
    if not isinstance(found, dict):
        raise Trouble(f"line {number} is not an object like {_example(names)}", WRONG_USE)
    for name in names:
        if not isinstance(found.get(name), str):
            raise Trouble(f'line {number} has no text "{name}"; write {_example(names)}', WRONG_USE)
    return {name: found[name] for name in names}


def _example(names: tuple[str, ...]) -> str:
    return json.dumps(dict.fromkeys(names, "…"), ensure_ascii=False)
