"""Keys of the dashboard and of the line that filters its calls."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("dash.next", "tab", "next_panel", "panel", "next panel", "dashboard", 30),
    Key("dash.previous", "shift+tab", "previous_panel", "panel back", "previous panel", "dashboard"),
    Key("dash.jump", "ctrl+o", "jump", "jump", "letters on the panels; one goes there", "dashboard"),
    Key("dash.enlarge", "plus", "enlarge", "full", "this panel full screen, and back", "dashboard", 45),
    Key("dash.enter", "enter", "enter", "open", "open what the panel shows", "dashboard"),
    Key("dash.1h", "1", "range('1h')", "1h", "the last hour, everywhere", "dashboard"),
    Key("dash.24h", "2", "range('24h')", "24h", "the last 24 hours", "dashboard"),
    Key("dash.7d", "3", "range('7d')", "7d", "the last 7 days", "dashboard"),
    Key("dash.month", "4", "range('month')", "month", "this month", "dashboard"),
    Key("dash.split", "v", "split", "split", "spend by model, by mode, by project", "dashboard", 25),
    Key(
        "dash.freeze",
        "space",
        "freeze",
        "freeze",
        "hold the view still; the gateway goes on",
        "dashboard",
        40,
    ),
    Key("dash.back", "left_square_bracket", "travel(-10)", "back", "ten seconds back in time", "dashboard"),
    Key("dash.forth", "right_square_bracket", "travel(10)", "forth", "ten seconds forth", "dashboard"),
    Key("dash.far_back", "left_curly_bracket", "travel(-300)", "far back", "five minutes back", "dashboard"),
    Key("dash.far_forth", "right_curly_bracket", "travel(300)", "far forth", "five minutes on", "dashboard"),
    Key("dash.filter", "slash", "filter", "filter", "filter the calls: words and key:value", "dashboard", 65),
    Key(
        "filter.done",
        "enter",
        "screen.filter_done",
        "keep",
        "keep the filter and go back to the list",
        "filter",
        80,
    ),
    Key(
        "filter.take",
        "right",
        "cursor_right",
        "take",
        "take what is offered, at the end of the line",
        "filtering",
        75,
    ),
    Key(
        "filter.keep",
        "ctrl+s",
        "screen.filter_keep",
        "name it",
        "keep the filter under a name",
        "filtering",
        65,
    ),
    Key("filter.clear", "escape", "screen.filter_clear", "clear", "clear the filter", "filter", 70),
)
