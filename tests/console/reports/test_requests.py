"""Each request in a report: out of an export's lines however they are cut, masked, and never without end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from console.reports import Pseudonyms, render_whole
from console.reports.requests import HEADER, MOST, requests_of
from tests.console.reports.making_whole import NASTY, WHOLE

pytestmark = pytest.mark.anyio


def call(n: int, **changes: Any) -> dict[str, Any]:
    return {
        "started_at": f"2026-11-03T12:00:{n % 60:02}Z",
        "asked_model": "opus",
        "model": "haiku",
        "tags": {"user": "ann", "project": NASTY},
        "input_tokens": 1_000 + n,
        "cached_input_tokens": 0,
        "cache_write_tokens": 0,
        "cache_write_1h_tokens": 0,
        "output_tokens": 7,
        "cost_usd": "0.0125",
        "saved_usd": "0",
        "certainty": "computed",
        "outcome": "ok",
        **changes,
    }


async def pieces(calls: list[dict[str, Any]], size: int) -> AsyncIterator[bytes]:
    text = "".join(json.dumps(each) + "\n" for each in calls).encode()
    for at in range(0, len(text), size):
        yield text[at : at + size]


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_lines_are_whole_however_they_come(size: int) -> None:
    calls = [call(0), call(1, certainty="estimated"), call(2, certainty="unpriced", outcome=None)]
    found = await requests_of(pieces(calls, size), None, UTC)
    assert found.total == 3 and not found.more
    first = dict(zip(HEADER, found.rows[0], strict=True))
    assert (first["time"], first["model"]) == ("2026-11-03 12:00:00", "opus → haiku")
    assert (first["input"], first["cost"], first["mode"], first["saved"]) == ("1,000", "$0.0125", "–", "–")
    assert found.rows[1][HEADER.index("cost")] == "~$0.0125"
    assert found.rows[2][-3:] == ("unpriced", "–", "under way")


async def test_names_are_masked_and_markup_is_harmless() -> None:
    names = Pseudonyms({"user": ("bo", "ann")})
    masked = await requests_of(pieces([call(0)], 99), names, UTC)
    assert masked.rows[0][2:4] == ("user-2", "project-1")
    plain = await requests_of(pieces([call(0)], 99), None, UTC)
    for format in ("md", "html"):
        text = render_whole(replace(WHOLE, requests=plain), format)
        assert "opus → haiku" in text and "<script>alert" not in text.replace("\\<", "")
    assert "opus → haiku" not in render_whole(WHOLE, "html")


async def test_of_very_many_the_first_are_listed_and_the_rest_is_told() -> None:
    found = await requests_of(pieces([call(n) for n in range(MOST + 3)], 100_000), None, UTC)
    assert (len(found.rows), found.total) == (MOST, MOST + 3)
    assert found.more.startswith("3 more are not listed here")
    assert found.more in render_whole(replace(WHOLE, requests=found), "md")
