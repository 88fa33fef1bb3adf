"""Keys of the page of kept answers."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("kept.answer", "enter", "answer", "answer", "what it would answer; again hides it", "kept", 89),
    Key("kept.pin", "asterisk", "pin", "pin", "keep it from being evicted, or no longer", "kept", 87),
    Key("kept.discard", "D", "discard", "discard", "discard this answer", "kept", 86),
    Key("kept.clear", "X", "clear", "clear", "discard all that the filter finds", "kept", 73),
    Key("kept.filter", "slash", "filter", "filter", "only some of them: project:docs is:pinned", "kept", 83),
    Key("kept.beside", "tab", "beside", "savings", "what the cache saves, or this answer", "kept", 85),
    Key("kept.sort", "s", "sort", "sort", "the next order of the list", "kept", 72),
    Key("kept.turn", "S", "turn", "turn", "the order turned round", "kept"),
    Key("kept.by", "v", "split", "by", "hits and savings by another tag", "kept", 71),
    Key("kept.call", "o", "call", "call", "the call that brought it", "kept", 70),
    Key("kept.copy", "c", "copy_key", "copy", "copy its key", "kept"),
    Key("kept.1h", "1", "since('1h')", "1h", "hits and savings of the last hour", "kept"),
    Key("kept.24h", "2", "since('24h')", "24h", "of the last 24 hours", "kept"),
    Key("kept.7d", "3", "since('7d')", "7d", "of the last 7 days", "kept"),
    Key("kept.month", "4", "since('month')", "month", "of this month", "kept"),
    Key("kept.on", "right_curly_bracket", "read(6)", "read on", "on, below the list", "kept"),
    Key("kept.back", "left_curly_bracket", "read(-6)", "read back", "back, below the list", "kept"),
)
