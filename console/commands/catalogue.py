"""Every subcommand by name: its module and attribute, and its line of `--help`, which need not load it."""

from __future__ import annotations

COMMANDS = {
    "demo": ("demo", "The console on simulated developers and a simulated provider; no key, no network."),
    "serve": ("serve", "The gateway without a screen, in the foreground."),
    "attach": ("attach", "The console on a gateway elsewhere."),
    "web": ("web", "The console in a browser, on this machine."),
    "status": ("status", "What is spent and what runs, for prompts, tmux and screen readers."),
    "run": ("run", "Run a program with its LLM traffic sent through this gateway."),
    "env": ("env", "Print the lines that point a client here, or back again."),
    "report": ("report", "What was spent, by project, model, user or any tag."),
    "export": ("export", "Every ledger row, for other programs."),
    "budgets": ("budgets", "List, set, raise and remove budgets."),
    "throttles": ("throttles", "List, set and remove limits on pace."),
    "panic": ("panic", "Stop spending at once, or force the cheapest model."),
    "mode": ("mode", "What calls count as that name no mode: vibing, building or your own."),
    "keys": ("keys", "The providers' keys in the system's keyring."),
    "alerts": ("alerts", "The latest alerts, how far each has come, and a test of every channel."),
    "guard": ("guard", "What the runaway guard watches and has stopped, and how to lift that."),
    "tokens": ("tokens", "The tokens that clients send."),
    "routes": ("routes", "Which models serve which calls: edit, explain, and try on past traffic."),
    "cache": ("cache", "Kept answers, what caches save, and which block of a prompt broke one."),
    "messages": ("messages", "What calls asked and were answered, where that is kept; delete it."),
    "tags": ("tags", "The tags in use, by spend; rename or merge them."),
    "policy": ("policy", "Show, compare and replace budgets, throttles, routes and prices as TOML."),
    "check": ("check", "Exit status 1 if a budget is over."),
    "providers": ("providers", "Latency, errors, prices and circuits of providers and models."),
    "prices": ("prices", "What models cost; price past calls anew."),
    "logs": ("logs", "The gateway's own log: its last lines, and where the whole of it is."),
    "backup": ("backup", "Copy the ledger to a file, also while the gateway runs."),
    "doctor": ("doctor", "Check the whole path and say what to do about each fault."),
}
