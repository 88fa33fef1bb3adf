"""The pages that a key leads to from anywhere, by the name that `app.page` is given."""

from __future__ import annotations

from collections.abc import Mapping

from console.screens.budgets import Budgets
from console.screens.keys import KeysPage
from console.screens.page import Page

PAGES: Mapping[str, type[Page]] = {"budgets": Budgets, "keys": KeysPage}
