"""What a call's tokens cost on other models, the cheapest first. No model is called for it."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from console import keymap
from console.present import usd_call
from console.screens.desk import Desk
from console.screens.page import Form
from console.shapes import Call, OtherModel, WhatIf
from console.widgets.hints import Hints
from console.widgets.ink import Line, fit
from console.widgets.listing import Listing

_COST, _RATIO, _NOTE = 11, 8, 12


class OtherModels(Listing):
    BINDINGS = keymap.bindings("list")


class WhatIfForm(Form[None]):
    """call: one that has ended. Shows models whose provider has a key; `a` shows all that are known."""

    BINDINGS = keymap.bindings("what-if")
    PLACES: ClassVar[tuple[str, ...]] = ("what-if",)

    def __init__(self, desk: Desk, call: Call) -> None:
        super().__init__()
        self._desk = desk
        self._call = call
        self._found: WhatIf | None = None
        self._models: dict[str, OtherModel] = {}
        self._all = False

    def compose(self) -> ComposeResult:
        empty: tuple[Line, ...] = ([(" asking the gateway …", "faint")],)
        with Vertical(classes="form what-if") as box:
            box.border_title = Content("the same tokens on other models")
            self.list = OtherModels(self._row, empty=empty)
            yield self.list
            yield Label("", id="what-if-says", classes="hint", markup=False)
            yield Hints(self.hints())

    def on_mount(self) -> None:
        self.list.focus()
        self._fetch()

    def action_all(self) -> None:
        self._all = not self._all
        self._show()

    def action_cancel(self) -> None:
        self.dismiss(None)

    @work(exclusive=True)
    async def _fetch(self) -> None:
        self._found = await self.ask(self._desk.client.what_if(self._call.id))
        if self._found is None:
            self.dismiss(None)
            return
        self._show()
        self.list.select(next((each.target for each in self._found.models if each.served), ""))

    def _show(self) -> None:
        if self._found is None:
            return
        at = self.list.current
        seen = [each for each in self._found.models if self._all or _near(each)]
        self._models = {each.target: each for each in seen}
        self.list.put(tuple(self._models))
        self.list.select(at or "")
        self.query_one("#what-if-says", Label).update(said(self._found, len(seen), self._call))

    def _row(self, target: str, width: int) -> Line:
        return row(self._models[target], self._found, width)


def _near(one: OtherModel) -> bool:
    return one.has_key or one.served or one.asked


def row(one: OtherModel, found: WhatIf | None, width: int) -> Line:
    """The model, what it costs, that as a multiple of what served, and what is to be known of it."""
    served = next((each.usd for each in found.models if each.served), None) if found else None
    cost, ink = ("unpriced", "warn") if one.usd is None else (usd_call(one.usd), "spend")
    times = f"×{one.usd / served:.2f}" if one.usd is not None and served and not one.served else ""
    name = max(8, width - _COST - _RATIO - _NOTE - 4)
    bold = "bold " if one.served or one.asked else ""
    return [
        ("● " if one.served else "  ", "live"),
        (fit(one.target, name), f"{bold}text" if _near(one) else "muted"),
        (fit(cost, _COST, ">"), bold + ink),
        (fit(times, _RATIO, ">"), "muted"),
        ("  " + fit(_note(one), _NOTE), "bold routed" if one.served or one.asked else "faint"),
    ]


def _note(one: OtherModel) -> str:
    if one.served:
        return "served"
    if one.asked:
        return "asked for"
    if one.too_small:
        return "too long"
    return "" if one.has_key else "no key"


def said(found: WhatIf, shown: int, call: Call) -> str:
    """How much was priced, what is hidden, and what the figures leave out."""
    if not found.total_tokens:
        return "The call used no tokens, so it would have cost nothing anywhere."
    hidden = len(found.models) - shown
    rest = (
        f" {hidden:,} more on providers without a key: {keymap.glyph('what_if.all')} shows them."
        if hidden
        else ""
    )
    beside = "" if _explained(found) else f" The call itself is booked at {usd_call(call.cost_usd)}."
    return (
        f"{found.total_tokens:,} tokens as they were counted, at the prices of that moment; nothing is "
        f"called.{beside}{rest}"
    )


def _explained(found: WhatIf) -> bool:
    """Whether the served model's tokens are all that is booked: no tries, fees or corrections besides."""
    served = next((each.usd for each in found.models if each.served), None)
    return served is None or served == found.cost_usd
