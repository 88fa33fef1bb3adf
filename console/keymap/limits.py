"""Keys of budgets, throttles, the policy's history, and of calls that wait at a limit."""

from __future__ import annotations

from console.keymap.key import Key

KEYS = (
    Key("budgets.edit", "enter", "edit", "edit", "edit this budget", "budgets", 85),
    Key("budgets.new", "n", "new", "new", "a new budget", "budgets", 80),
    Key("budgets.more", "plus", "nudge(10)", "more", "raise the limit by 10 %", "budgets", 75),
    Key("budgets.less", "minus", "nudge(-10)", "less", "lower the limit by 10 %", "budgets", 74),
    Key("budgets.raise", "x", "raise", "raise", "raise the limit for a while", "budgets", 78),
    Key("budgets.delete", "D", "delete", "delete", "delete this budget", "budgets", 72),
    Key("budgets.history", "h", "history", "history", "who changed what of the policy", "budgets", 71),
    Key("budgets.throttles", "tab", "throttles", "throttles", "limits on pace", "budgets", 77),
    Key("throttles.edit", "enter", "edit", "edit", "edit this throttle", "throttles", 85),
    Key("throttles.new", "n", "new", "new", "a new throttle", "throttles", 80),
    Key("throttles.delete", "D", "delete", "delete", "delete this throttle", "throttles", 72),
    Key("throttles.budgets", "tab", "app.back", "budgets", "back to the budgets", "throttles", 77),
    Key("history.undo", "U", "take_back", "take back", "take the last edit that stands back", "history", 85),
    Key("ask.once", "o", "answer('once')", "once", "let this one call pass", "question", 90),
    Key("ask.raise", "r", "raise", "raise", "raise the limit, and let it pass", "question", 88),
    Key("ask.cheaper", "c", "answer('cheaper')", "cheaper", "send it to a cheaper model", "question", 86),
    Key("ask.refuse", "x", "answer('refuse')", "refuse", "refuse the call", "question", 84),
    Key("ask.later", "escape", "later", "later", "leave it; w asks again", "question", 82),
)
