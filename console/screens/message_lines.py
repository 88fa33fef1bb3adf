"""What a call asked and was answered, as lines; nothing of it under the mask. Pure."""

from __future__ import annotations

from datetime import datetime

from console.keymap import glyph
from console.present import counted, plain, plain_lines, until
from console.shapes.messages import Messages
from console.widgets.ink import EMPTY, Line

SHOWN = 600
"""Characters of a turn that are shown before somebody asks for all of it."""
_INKS = {"system": "faint", "developer": "faint", "assistant": "saved", "model": "saved"}


def message_lines(found: Messages, now: datetime, *, masked: bool, whole: bool) -> list[Line]:
    """whole: every turn in full."""
    kept: Line = [("kept for ", "faint"), (until(found.until, now), "muted"), (" more", "faint")]
    if masked:
        return [
            [("‼ ", "warn"), (f"the mask hides what was said; {glyph('app.mask')} takes it off", "muted")],
            kept,
        ]
    lines: list[Line] = [kept, EMPTY]
    for role, text in (*((turn.role, turn.text) for turn in found.asked), ("answer", found.answer)):
        lines += [[(plain(role), f"bold {_INKS.get(role, 'brand')}")], *_words(text, whole), EMPTY]
    if found.cut:
        lines.append([("! ", "warn"), ("something is missing: it was too long, or it did not end", "muted")])
    return lines


def _words(text: str, whole: bool) -> list[Line]:
    if not text:
        return [[("nothing is kept here", "faint")]]
    shown = text if whole else text[:SHOWN]
    lines: list[Line] = [[(line, "text")] for line in plain_lines(shown)]
    if len(shown) < len(text):
        more = counted(len(text) - len(shown), "character")
        lines.append(
            [(f"… {more} more; ", "faint"), (glyph("call.whole"), "bold key"), (" shows all", "faint")]
        )
    return lines
