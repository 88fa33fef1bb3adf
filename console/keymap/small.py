"""Keys of the command line and its output, of the first page, of themes and of the help."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("command.run", "enter", "submit", "run", "run the command", "command", 90),
    Key("command.complete", "tab,right", "complete", "complete", "take what is offered", "command", 85),
    Key("command.earlier", "up", "earlier(1)", "earlier", "the command before", "command", 80),
    Key("command.later", "down", "earlier(-1)", "later", "the command after", "command"),
    Key("command.leave", "escape", "cancel", "leave it", "close the command line", "command", 75),
    Key("output.down", "j,down", "scroll(1)", "down", "further down", "output"),
    Key("output.up", "k,up", "scroll(-1)", "up", "further up", "output"),
    Key("output.page_down", "pagedown", "scroll(20)", "page down", "a page down", "output"),
    Key("output.page_up", "pageup", "scroll(-20)", "page up", "a page up", "output"),
    Key("task.copy", "c", "copy_task", "copy", "copy it as Markdown, for a pull request", "task", 85),
    Key("output.copy", "c", "copy_output", "copy", "copy what was printed", "output", 85),
    Key(
        "first.next", "enter", "next", "next", "the next step; after the last, the dashboard", "first run", 95
    ),
    Key("first.back", "left", "step_back", "step back", "the step before", "first run", 78),
    Key("first.demo", "d", "demo", "demo", "the demo instead, on simulated traffic", "first run", 76),
    Key("first.keys", "a", "add", "add a key", "add the key of the marked provider", "first providers", 85),
    Key("first.copy", "c", "copy_line", "copy", "copy the marked line", "first client", 87),
    Key(
        "first.write", "W", "write", "write .envrc", "write the variables to .envrc here", "first client", 86
    ),
    Key("first.try", "T", "try", "test", "send a small test request, a real one", "first client", 85),
    Key("first.tags", "v", "tags", "tags", "the lines with tags, and without", "first client", 84),
    Key("themes.use", "enter", "use", "use", "use this theme from now on", "themes", 85),
    Key("themes.cancel", "escape", "cancel", "cancel", "keep the theme of before", "themes", 80),
    Key("help.close", "escape,q,question_mark", "close", "close", "close the help", "help", 90),
    Key("help.search", "slash", "search", "search", "show only the keys whose words match", "help", 85),
)
