"""The pages that a key leads to from anywhere, by the name that `app.page` is given; loaded when wanted."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from console.screens.page import Page

PAGES: Mapping[str, str] = {
    "alerts": "AlertsPage",
    "budgets": "Budgets",
    "cache": "KeptAnswers",
    "first-run": "FirstRun",
    "history": "History",
    "keys": "KeysPage",
    "logs": "LogsPage",
    "providers": "Providers",
    "reports": "Reports",
    "routes": "RoutesPage",
    "settings": "SettingsPage",
    "throttles": "Throttles",
}
"""The class of each, in the module that is called as the page."""


def page_type(name: str) -> type[Page]:
    """The page of a name. The first paint of the dashboard does not wait for what is behind it."""
    module = import_module(f"console.screens.{name.replace('-', '_')}")
    page: type[Page] = getattr(module, PAGES[name])
    return page
