"""Pseudonyms: one word for one name, the same in every report, and no name left in any format."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from console.reports import FORMATS, Pseudonyms, render_whole
from console.reports.names import UNTAGGED
from tests.console.reports.making_whole import NASTY, ORIGIN, OVERVIEW, WHOLE, row

SEEN = {"user": ("zoe", "ann"), "project": ("docs", "web"), "token": ("laptop",)}


def test_a_name_is_numbered_as_the_ledger_met_it() -> None:
    names = Pseudonyms(SEEN)
    assert [names.value("user", name) for name in ("ann", "zoe", "ann")] == ["user-2", "user-1", "user-2"]
    assert names.value("tag:project", "web") == "project-2"
    assert names.value("token", "laptop") == "token-1"


def test_a_name_that_was_never_seen_gets_the_next_number() -> None:
    names = Pseudonyms(SEEN)
    assert [names.value("user", name) for name in ("new", "other", "new")] == ["user-3", "user-4", "user-3"]
    assert names.value("team", "core") == "team-1"
    assert names.value("user", "an*") == "user-*"


def test_what_tells_nobody_stays() -> None:
    names = Pseudonyms(SEEN)
    told = {"model": "gpt-5", "mode": "vibing", "user": UNTAGGED, "project": ""}
    assert names.match(told) == told


@pytest.mark.parametrize("format", FORMATS)
def test_no_name_is_left_in_any_format(format: str) -> None:
    names = Pseudonyms(SEEN)
    secret = "zoe-and-co"
    rows = (row("55", 10, project=secret, user="ann", token="laptop"),)
    overview = replace(OVERVIEW, by=("project", "user", "token"), rows=rows)
    budgets = (replace(WHOLE.budgets[0], name=f"limit of {secret}", match={"user": "ann"}),)
    origin = replace(ORIGIN, where=names.match({"user": "zoe"}), made_by="llmconsole")
    masked = replace(
        WHOLE,
        overview=names.overview(replace(overview, groups=OVERVIEW.groups[:1])),
        budgets=names.budgets(budgets),
        origin=origin,
    )
    text = render_whole(masked, format)
    assert not [name for name in (secret, "zoe", "ann", "laptop", "web", NASTY) if name in text]
    assert re.search(r"project-\d", text)
    assert "user-2" in text
