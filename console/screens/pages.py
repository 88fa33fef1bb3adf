"""The pages that a key leads to from anywhere, by the name that `app.page` is given."""

from __future__ import annotations

from collections.abc import Mapping

from console.screens.alerts import AlertsPage
from console.screens.budgets import Budgets
from console.screens.first_run import FirstRun
from console.screens.history import History
from console.screens.kept import KeptAnswers
from console.screens.keys import KeysPage
from console.screens.logs import LogsPage
from console.screens.page import Page
from console.screens.providers import Providers
from console.screens.reports import Reports
from console.screens.routes import RoutesPage
from console.screens.settings import SettingsPage
from console.screens.throttles import Throttles

PAGES: Mapping[str, type[Page]] = {
    "alerts": AlertsPage,
    "budgets": Budgets,
    "cache": KeptAnswers,
    "first-run": FirstRun,
    "history": History,
    "keys": KeysPage,
    "logs": LogsPage,
    "providers": Providers,
    "reports": Reports,
    "routes": RoutesPage,
    "settings": SettingsPage,
    "throttles": Throttles,
}
