"""Keys that are valid on every page."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("app.help", "question_mark,f1", "help", "help", "what every key does here", "everywhere", 90),
    Key("app.back", "escape", "back", "back", "back to where you came from", "everywhere", 83),
    Key("app.leave", "q", "leave", "quit", "back, or quit on the dashboard", "everywhere", 48),
    Key("app.quit", "ctrl+c", "quit", "quit", "quit from anywhere", "everywhere", 0, True),
    Key(
        "app.quit_summary",
        "Q",
        "quit_with_summary",
        "quit, summary",
        "quit and leave a line behind",
        "everywhere",
    ),
    Key("app.budgets", "b", "page('budgets')", "budgets", "limits: see them, edit them", "everywhere", 70),
    Key(
        "app.panic",
        "exclamation_mark",
        "panic",
        "PANIC",
        "stop all spending, or go cheap; again to lift",
        "everywhere",
        88,
    ),
    Key("app.keys", "K", "page('keys')", "keys", "provider keys: add, test, delete", "everywhere", 60),
    Key("app.providers", "p", "page('providers')", "providers", "latency, errors, prices", "everywhere", 55),
    Key(
        "app.alerts",
        "L",
        "page('alerts')",
        "alerts",
        "what was told; the guard",
        "everywhere",
        45,
    ),
    Key("app.mode", "M", "next_mode", "mode", "what untagged calls count as: next mode", "everywhere", 50),
    Key("app.undo", "u", "undo", "undo", "take the last edit back", "everywhere"),
    Key("app.redo", "ctrl+r", "redo", "redo", "make it again", "everywhere"),
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
    Key(
        "app.command",
        "colon",
        "command",
        "command",
        "a command line: pages, and the verbs of the shell",
        "everywhere",
        64,
    ),
    Key("app.mask", "P", "mask", "mask", "hide the names of people, teams and projects", "everywhere"),
    Key("app.task", "m", "task", "task", "a stopwatch: what a piece of work costs", "everywhere"),
    Key("app.slower", "less_than_sign", "hasten(0.5)", "slower", "the demo at half its speed", "everywhere"),
    Key("app.faster", "greater_than_sign", "hasten(2)", "faster", "the demo twice as fast", "everywhere"),
    Key("app.palette", "ctrl+p", "command_palette", "palette", "find any action by its name", "everywhere"),
)
