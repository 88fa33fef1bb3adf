"""Runs the cases of one SDK against the gateway, one after the other, and prints a line of JSON for each.

The arguments are URL, token and model; the cases are those of tests/clients/node.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

URL, TOKEN, MODEL = sys.argv[1:4]
QUESTION = "How do tides work?"
TOOLS_PLEASE = "Please use the tools."
LONG = "The same beginning of a long conversation. " * 400
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
CITY: dict[str, Any] = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
NAMES = ("weather", "tides")


def tags(case: str) -> dict[str, str]:
    """Every call of a case carries its name: so its rows are found."""
    return {"x-llmconsole-tags": f"case={case}"}


def thrown(ask: Callable[[], object]) -> dict[str, Any]:
    """What an SDK throws, as far as all of them say it."""
    try:
        ask()
    except Exception as error:
        status = getattr(error, "status_code", None) or getattr(error, "code", None)
        known = status if isinstance(status, int) else None
        return {"kind": type(error).__name__, "status": known, "message": str(error)}
    return {"kind": "nothing", "status": None, "message": ""}


def many(count: int, ask: Callable[[int], object]) -> int:
    """So many at once; how many were answered."""
    with ThreadPoolExecutor(25) as threads:
        return sum(bool(answer) for answer in threads.map(ask, range(count)))


def run(cases: Mapping[str, Callable[[str], object]]) -> None:
    """All cases; one that fails says why and hinders no other."""
    for name, ask in cases.items():
        try:
            line = {"case": name, "value": ask(name)}
        except Exception as error:
            line = {"case": name, "error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(line) + "\n")
