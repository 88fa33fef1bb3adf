"""Every key of the console: what it does, how it is called, where it is valid. Nothing is bound elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding, BindingType

_GLYPHS = {
    "question_mark": "?",
    "slash": "/",
    "plus": "+",
    "minus": "-",
    "enter": "⏎",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "◂",
    "right": "▸",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "shift+tab": "shift-tab",
    "full_stop": ".",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One thing a key does. `key` may name several, by comma; `rank` orders the footer, 0 keeps out of it."""

    id: str
    key: str
    action: str
    label: str
    help: str
    where: str
    rank: int = 0
    priority: bool = False
    """Taken before the focused widget sees it."""

    @property
    def glyph(self) -> str:
        """The first of its keys as people write it: '⏎', '?', '^s'."""
        return spelled(self.key.split(",")[0])

    @property
    def glyphs(self) -> str:
        """All of its keys: 'j ↓'."""
        return " ".join(spelled(key) for key in self.key.split(","))


KEYS: tuple[Key, ...] = (
    # Everywhere
    Key("app.help", "question_mark,f1", "help", "help", "what every key does here", "everywhere", 90),
    Key("app.back", "escape", "back", "back", "back to where you came from", "everywhere", 83),
    Key("app.leave", "q", "leave", "quit", "back, or quit on the dashboard", "everywhere", 48),
    Key("app.quit", "ctrl+c", "quit", "quit", "quit from anywhere", "everywhere"),
    Key(
        "app.quit_summary",
        "Q",
        "quit_with_summary",
        "quit, summary",
        "quit and leave a line behind",
        "everywhere",
    ),
    Key("app.budgets", "b", "budgets", "budgets", "limits: see them, edit them", "everywhere", 70),
    Key("app.keys", "K", "keys", "keys", "provider keys: add, test, delete", "everywhere", 60),
    Key("app.mode", "M", "next_mode", "mode", "what untagged calls count as: next mode", "everywhere", 50),
    Key("app.undo", "u", "undo", "undo", "take the last edit back", "everywhere"),
    Key("app.theme", "t", "themes", "theme", "choose a theme, shown as you move", "everywhere", 10),
    Key(
        "app.start",
        "R",
        "start_gateway",
        "start gateway",
        "start the gateway again when it is gone",
        "everywhere",
    ),
    Key("app.seen", "A", "acknowledge", "seen", "the alerts in the header are seen", "everywhere"),
    Key("app.questions", "w", "questions", "waiting", "answer a call that waits for you", "everywhere"),
    Key("app.palette", "ctrl+p", "command_palette", "palette", "find any action by its name", "everywhere"),
    # Dashboard
    Key("dash.next", "tab", "next_panel", "panel", "next panel", "dashboard", 30),
    Key("dash.previous", "shift+tab", "previous_panel", "panel back", "previous panel", "dashboard"),
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
    Key("dash.filter", "slash", "filter", "filter", "filter the calls: words and key:value", "dashboard", 65),
    # Lists
    Key("list.down", "j,down", "move(1)", "down", "down", "list"),
    Key("list.up", "k,up", "move(-1)", "up", "up", "list"),
    Key("list.page_down", "pagedown", "page(1)", "page down", "a page down", "list"),
    Key("list.page_up", "pageup", "page(-1)", "page up", "a page up", "list"),
    Key("list.top", "g,home", "top", "top", "to the newest, and follow", "list"),
    Key("list.bottom", "G,end", "bottom", "bottom", "to the last", "list"),
    # Live calls
    Key(
        "calls.inspect",
        "enter",
        "inspect",
        "inspect",
        "the receipt of this call, and why this model",
        "calls",
        80,
    ),
    Key(
        "filter.done",
        "enter",
        "screen.filter_done",
        "keep",
        "keep the filter and go back to the list",
        "filter",
        80,
    ),
    Key("filter.clear", "escape", "screen.filter_clear", "clear", "clear the filter", "filter", 70),
    # Budgets
    Key("budgets.edit", "enter", "edit", "edit", "edit this budget", "budgets", 85),
    Key("budgets.new", "n", "new", "new", "a new budget", "budgets", 80),
    Key("budgets.more", "plus", "nudge(10)", "more", "raise the limit by 10 %", "budgets", 75),
    Key("budgets.less", "minus", "nudge(-10)", "less", "lower the limit by 10 %", "budgets", 74),
    Key("budgets.raise", "r", "raise", "raise", "raise the limit for a while", "budgets", 78),
    Key("budgets.delete", "D", "delete", "delete", "delete this budget", "budgets", 72),
    Key("budgets.history", "h", "history", "history", "who changed what of the policy", "budgets", 71),
    Key("budgets.throttles", "tab", "throttles", "throttles", "limits on pace", "budgets", 77),
    # Throttles
    Key("throttles.edit", "enter", "edit", "edit", "edit this throttle", "throttles", 85),
    Key("throttles.new", "n", "new", "new", "a new throttle", "throttles", 80),
    Key("throttles.delete", "D", "delete", "delete", "delete this throttle", "throttles", 72),
    Key("throttles.budgets", "tab", "app.back", "budgets", "back to the budgets", "throttles", 77),
    # History of the policy
    Key("history.undo", "U", "take_back", "take back", "take the last edit that stands back", "history", 85),
    # A call that waits for an answer
    Key("ask.once", "o", "answer('once')", "once", "let this one call pass", "question", 90),
    Key("ask.raise", "r", "raise", "raise", "raise the limit, and let it pass", "question", 88),
    Key("ask.cheaper", "c", "answer('cheaper')", "cheaper", "send it to a cheaper model", "question", 86),
    Key("ask.refuse", "x", "answer('refuse')", "refuse", "refuse the call", "question", 84),
    Key("ask.later", "escape", "later", "later", "leave it; w asks again", "question", 82),
    # Forms
    Key("form.save", "ctrl+s", "save", "save", "save (also ⏎ in a field)", "form", 85, True),
    Key("form.cancel", "escape", "cancel", "cancel", "close without saving", "form", 80),
    Key("field.next", "down,tab", "app.focus_next", "next field", "next field", "field", 50),
    Key("field.previous", "up,shift+tab", "app.focus_previous", "field before", "the field before", "field"),
    Key("field.right", "right,space", "choose(1)", "choose", "the next of a field's words", "field", 40),
    Key("field.left", "left", "choose(-1)", "choose", "the word before", "field"),
    # Provider keys
    Key("keys.set", "enter", "set", "set", "add or replace this key", "keys", 85),
    Key("keys.test", "T", "test", "test", "ask the provider for its models; costs nothing", "keys", 80),
    Key("keys.delete", "D", "delete", "delete", "delete this key", "keys", 75),
    # A call's receipt
    Key("call.down", "j,down", "scroll(2)", "down", "further down", "inspector"),
    Key("call.up", "k,up", "scroll(-2)", "up", "further up", "inspector"),
    Key("call.newer", "left", "step(-1)", "newer", "the call above it", "inspector", 80),
    Key("call.older", "right", "step(1)", "older", "the call below it", "inspector", 75),
    Key("call.copy", "c", "copy", "copy", "copy the receipt as Markdown", "inspector", 70),
    # Small pages
    Key("themes.use", "enter", "use", "use", "use this theme from now on", "themes", 85),
    Key("choice.yes", "y", "choose('yes')", "yes", "do it", "confirm", 90),
    Key("choice.no", "n,escape", "choose('no')", "no", "leave it", "confirm", 85),
    Key(
        "quit.drain",
        "enter,y",
        "choose('quit')",
        "quit",
        "let the calls end, then stop the gateway",
        "quitting",
        90,
    ),
    Key(
        "quit.keep",
        "k",
        "choose('keep')",
        "keep running",
        "quit, and keep the gateway running",
        "quitting",
        85,
    ),
    Key("quit.stay", "n,escape", "choose('stay')", "stay", "do not quit", "quitting", 80),
    Key("first.open", "enter", "open", "dashboard", "open the dashboard", "first run", 90),
    Key("first.keys", "a", "add", "add a key", "add a provider key", "first run", 85),
    Key("first.copy", "c", "copy", "copy", "copy the marked line", "first run", 80),
    Key("help.close", "escape,q,question_mark", "close", "close", "close the help", "help", 90),
    Key("help.search", "slash", "search", "search", "show only the keys whose words match", "help", 85),
)


def spelled(key: str) -> str:
    """'ctrl+s' → '^s', 'enter' → '⏎'."""
    return _GLYPHS.get(key) or key.replace("ctrl+", "^")


def at(*where: str) -> Iterator[Key]:
    """The keys that are valid at these places, in the order of the places."""
    return (key for place in where for key in KEYS if key.where == place)


def bindings(*where: str) -> list[BindingType]:
    """The same, as Textual binds them."""
    return [
        Binding(key.key, key.action, key.help, id=key.id, key_display=key.glyph, priority=key.priority)
        for key in at(*where)
    ]


def footer(*where: str) -> list[Key]:
    """The keys that a footer names, the most important first."""
    return sorted((key for key in at(*where) if key.rank), key=lambda key: -key.rank)
