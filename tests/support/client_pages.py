"""The pages of docs/clients, taken apart: headings, blocks of code, and the files that these stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.support.sources import ROOT

FOLDER = ROOT / "docs" / "clients"
URL = "http://127.0.0.1:4141"
TOKEN = "lc-…"

_BLOCK = re.compile(
    r"(?P<before>[^\n]*(?:\n[^\n]+)*)\n\n```(?P<language>[\w-]+)\n(?P<text>.*?)```", re.DOTALL
)
_PLACE = re.compile(r"`([^`\s]*\.(?:json|toml|ya?ml|env)|~/[^`\s]+)`")


@dataclass(frozen=True)
class Block:
    """One block of code. `place`: the file that the words before it name, the last of them."""

    language: str
    text: str
    place: str | None

    def at(self, url: str, token: str) -> str:
        """The text for a gateway that runs."""
        return self.text.replace(URL, url).replace(TOKEN, token)


class Page:
    """One page; `name` is the client's for `llmconsole doctor`."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def headings(self) -> list[str]:
        return re.findall(r"^## (.+)$", self.text, re.MULTILINE)

    @cached_property
    def blocks(self) -> list[Block]:
        return [
            Block(found["language"], found["text"], (_PLACE.findall(found["before"]) or [None])[-1])
            for found in _BLOCK.finditer(self.text)
        ]

    def of(self, *languages: str) -> list[Block]:
        """The blocks in these languages."""
        return [block for block in self.blocks if block.language in languages]

    def file(self, place: str) -> Block:
        """The first block for the file of that name."""
        return next(block for block in self.blocks if block.place == place)

    @cached_property
    def client(self) -> str | None:
        """The tag that rows of this client have, as the page says."""
        found = re.search(r"[Rr]ows say `client=([\w-]+)`", self.text)
        return found[1] if found else None


PAGES = {path.stem: Page(path) for path in sorted(FOLDER.glob("*.md")) if path.stem != "README"}
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
