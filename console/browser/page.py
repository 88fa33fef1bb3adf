"""The page that holds the terminal: it loads nothing from elsewhere and wears the theme chosen last."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from console.choices import recall, user_folder
from console.theme import DEFAULT, Shelf, meanings, shipped

SIZE = 15
"""Pixels of a letter."""


def page(websocket: str) -> str:
    """The HTML. websocket: the address of the terminal's."""
    return Template(beside("page.html")).substitute(_colours(), websocket=escape(websocket), size=SIZE)


def beside(name: str) -> str:
    """A file of this folder."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def headers(host: str) -> dict[str, str]:
    """Those of every answer: what the page may load, and who may show it. host: the Host that was asked."""
    rules = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src data:; connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": rules,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
    }


def _colours() -> dict[str, str]:
    shelf = Shelf((shipped(), user_folder() / "themes"))
    shelf.read()
    return {
        name.replace("-", "_"): colour
        for name, colour in meanings(shelf.themes[recall("theme", shelf.themes, DEFAULT)]).items()
    }
