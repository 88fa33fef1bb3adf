"""The page of keys in docs/ says what the keymap says."""

from __future__ import annotations

import os
from pathlib import Path

from console.keymap import KEYS
from console.keymap.written import as_markdown
from tests.screens.look import UPDATE

PAGE = Path(__file__).parents[3] / "docs" / "keys.md"


def test_the_page_of_keys_is_what_the_keymap_says() -> None:
    if os.environ.get(UPDATE):
        PAGE.write_text(as_markdown(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), f"{UPDATE}=1 writes it anew"


def test_every_key_is_a_row_of_its_own() -> None:
    rows = [line for line in as_markdown().splitlines() if line.startswith("| `")]
    assert len(rows) == len(KEYS)
    assert all(row.count("|") == 4 for row in rows)
