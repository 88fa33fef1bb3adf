"""The dashboard's panels, in their order. A new one is a file here and a word in PANELS."""

from __future__ import annotations

from console.panels.base import Panel
from console.panels.budgets import BudgetsPanel
from console.panels.cache import CachePanel
from console.panels.calls import CallsPanel
from console.panels.routing import RoutingPanel
from console.panels.spend import SpendPanel

__all__ = ["PANELS", "Panel"]

PANELS: tuple[type[Panel], ...] = (SpendPanel, BudgetsPanel, CachePanel, RoutingPanel, CallsPanel)
