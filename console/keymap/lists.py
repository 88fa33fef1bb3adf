"""Keys of every list, of the live calls, and of one call's page."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("list.down", "j,down", "move(1)", "down", "down", "list"),
    Key("list.up", "k,up", "move(-1)", "up", "up", "list"),
    Key("list.page_down", "pagedown", "page(1)", "page down", "a page down", "list"),
    Key("list.page_up", "pageup", "page(-1)", "page up", "a page up", "list"),
    Key("list.top", "g,home", "top", "top", "to the newest, and follow", "list"),
    Key("list.bottom", "G,end", "bottom", "bottom", "to the last", "list"),
    Key(
        "calls.inspect",
        "enter",
        "inspect",
        "inspect",
        "the receipt of this call, and why this model",
        "calls",
        80,
    ),
    Key("calls.column_right", "right", "column(1)", "column", "the next column", "calls"),
    Key("calls.column_left", "left", "column(-1)", "column back", "the column before", "calls"),
    Key("calls.sort", "s", "sort", "sort", "sort by the column, turn it round, leave it", "calls", 28),
    Key("calls.exclude", "x", "exclude", "hide", "hide calls of the value under the cursor", "calls", 27),
    Key("calls.only", "X", "only", "only", "only calls of the value under the cursor", "calls", 26),
    Key("calls.curl", "y", "copy_curl", "curl", "copy the call as a curl command", "calls"),
    Key("calls.end", "D", "screen.end", "end", "end this call, if it is under way", "calls", 20),
    Key("call.down", "j,down", "scroll(2)", "down", "further down", "inspector"),
    Key("call.up", "k,up", "scroll(-2)", "up", "further up", "inspector"),
    Key("call.newer", "left", "step(-1)", "newer", "the call above it", "inspector", 80),
    Key("call.older", "right", "step(1)", "older", "the call below it", "inspector", 75),
    Key("call.end", "D", "end", "end", "end this call, if it is under way", "inspector", 60),
    Key("call.copy", "c", "copy", "copy", "copy the receipt as Markdown", "inspector", 70),
    Key("call.what_if", "W", "what_if", "what if", "the same tokens on other models", "inspector", 72),
    Key("what_if.all", "a", "all", "all or fewer", "also models without a key, or not", "what-if", 85),
    Key("what_if.close", "escape,q,W", "cancel", "close", "back to the call", "what-if", 90),
)
