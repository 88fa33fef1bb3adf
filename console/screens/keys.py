"""Provider keys and client tokens: where they are kept, whether they work, what they may cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from console import keymap
from console.messages import Chosen
from console.screens.budget_form import BudgetForm
from console.screens.confirm import Confirm, those
from console.screens.key_columns import by_use, key_columns, token_columns
from console.screens.key_form import KeyForm, no_form_for
from console.screens.page import Page
from console.screens.rows import MarkedRows, Rows
from console.screens.sheet import Sheet
from console.screens.token_form import Made, TokenForm
from console.screens.token_shown import TokenShown
from console.shapes import Budget, Keyring, Keys, KeyState, KeyTest, Token
from console.snapshot import Snapshot
from console.widgets.grid import Layout, needed
from console.widgets.ink import Line

AGAIN = 5.0


def no_tokens() -> tuple[Line, ...]:
    """What stands where no token is."""
    new = keymap.glyph("tokens.new")
    return ([("   no client may call: ", "warn"), (new, "bold key"), (" makes a token", "muted")],)


class KeysPage(Page):
    """Shows the last four characters of a key at most. The list in focus says whose keys are valid."""

    NEEDLESS: ClassVar[tuple[str, ...]] = ("app.leave", "app.keys")
    PLACES: ClassVar[tuple[str, ...]] = ("keys", "tokens", "marks", "list")
    BINDINGS = keymap.bindings("keys", "tokens")
    AUTO_FOCUS = "#key-list"

    def body(self) -> Iterator[Widget]:
        self._keyring: Keyring | None = None
        self._by_id: dict[str, KeyState] = {}
        self._tests: dict[str, KeyTest | None] = {}
        self._tokens: dict[str, Token] = {}
        self._token_needs: tuple[int, ...] = ()
        self._snap = self.desk.feed.tick()
        self.list = Rows(self._row, heading=self._heading, id="key-list")
        self.list.border_title = Content("provider keys")
        self.tokens = MarkedRows(
            self._token_row, heading=self._token_heading, empty=no_tokens(), id="token-list"
        )
        self.tokens.border_title = Content("client tokens")
        self.store = Sheet("where provider keys are kept")
        yield Vertical(self.list, self.tokens, self.store, id="keys-page")

    def on_mount(self) -> None:
        self.set_interval(AGAIN, self._fetch)

    def on_screen_resume(self) -> None:
        self._fetch()

    def show(self, snap: Snapshot) -> None:
        super().show(snap)
        before, self._snap = self._snap, snap
        if snap.budgets != before.budgets:
            self._measure_tokens()
        # How long ago grows by itself.
        self.list.redraw()
        self.tokens.redraw()

    @property
    def at_tokens(self) -> bool:
        return self.focused is self.tokens

    def places(self) -> tuple[str, ...]:
        return (*(("tokens", "marks") if self.at_tokens else ("keys",)), "list", "everywhere")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Each list has its own keys, some of them the same."""
        there = action in ("limit", "revoke", "new_token", "to_keys")
        here = action in ("set", "test", "delete", "to_tokens")
        return not (here if self.at_tokens else there)

    @property
    def current(self) -> KeyState | None:
        return self._by_id.get(self.list.current or "")

    @property
    def token(self) -> Token | None:
        return self._tokens.get(self.tokens.current or "")

    def action_to_tokens(self) -> None:
        self.tokens.focus()

    def action_to_keys(self) -> None:
        self.list.focus()

    def on_descendant_focus(self) -> None:
        self._footer.put(self.hints())

    async def action_set(self) -> None:
        if (key := self.current) is None or self._keyring is None:
            return
        if why := no_form_for(key):
            self.notify(why, markup=False)
        else:
            self.app.push_screen(KeyForm(self.desk, key, self._keyring), self._set)

    @work(group="test")
    async def action_test(self) -> None:
        if (key := self.current) is None:
            return
        self._tests[key.provider] = None
        self.list.redraw()
        result = await self.ask(self.desk.client.test_key(key.provider))
        if result is None:
            self._tests.pop(key.provider, None)
        else:
            self._tests[key.provider] = result
        self.list.redraw()

    @work
    async def action_delete(self) -> None:
        key = self.current
        if key is None or key.source not in ("keyring", "session"):
            self.notify("only a key from the keyring or of this session can be deleted here")
            return
        if await self.app.push_screen_wait(Confirm(f"Delete the key of {key.title} ({key.hint})?")) != "yes":
            return
        await self.ask(self.desk.client.remove_key(key.provider))
        self._fetch()

    @work
    async def action_new_token(self) -> None:
        taken = {token.name for token in self._tokens.values() if not token.revoked_at}
        made: Made | None = await self.app.push_screen_wait(TokenForm(self.desk, taken))
        if made is not None and made.token is not None:
            self._fetch()
            await self.app.push_screen_wait(TokenShown(self.desk, made.name, made.token))

    @work
    async def action_limit(self) -> None:
        if (token := self.token) is None or token.revoked_at:
            return
        budget = self.limit_of(token)
        if budget is None:
            await self.app.push_screen_wait(TokenForm(self.desk, (), token))
        else:
            await self.app.push_screen_wait(BudgetForm(self.desk, budget))
        self.tokens.redraw()

    @work
    async def action_revoke(self) -> None:
        chosen = [self._tokens[at] for at in self.tokens.chosen]
        names = [token.name for token in chosen if not token.revoked_at]
        if not names:
            self.notify("this token is revoked")
            return
        whose = "it" if len(names) == 1 else "one of them"
        question = f"Revoke {those(names, 'token')}? Whoever sends {whose} is refused from then on, for good."
        if await self.app.push_screen_wait(Confirm(question)) != "yes":
            return
        for name in names:
            await self.ask(self.desk.client.revoke_token(name))
        self.tokens.unmark()
        self._fetch()

    @on(Chosen)
    async def _chosen(self) -> None:
        if self.at_tokens:
            self.action_limit()
        else:
            await self.action_set()

    def limit_of(self, token: Token) -> Budget | None:
        """The budget on this token alone."""
        budgets = () if token.revoked_at else self._snap.budgets or ()
        return next((one for one in budgets if dict(one.match) == {"token": token.name}), None)

    def _set(self, saved: KeyState | None) -> None:
        if saved is not None:
            before = self._by_id.get(saved.provider)
            replaced = f", in the place of {before.hint}" if before is not None and before.hint else ""
            kept = "kept for this session" if saved.source == "session" else "saved"
            self.notify(f"{saved.title}: key {saved.hint or ''} {kept}{replaced}", markup=False)
            self._tests.pop(saved.provider, None)
            self.desk.feed.refresh()
            self._fetch()

    @work(exclusive=True, group="keys")
    async def _fetch(self) -> None:
        keys = await self.ask(self.desk.client.keys())
        if keys is not None:
            self._take(keys)
        tokens = await self.ask(self.desk.client.tokens())
        if tokens is not None:
            ordered = sorted(enumerate(tokens), key=lambda item: item[1].revoked_at is not None)
            self._tokens = {str(at): token for at, token in ordered}
            self._measure_tokens()
            self.tokens.put(tuple(self._tokens))

    def _take(self, keys: Keys) -> None:
        self._keyring = keys.keyring
        self._by_id = {key.provider: key for key in sorted(keys.keys, key=_order)}
        self.list.put(tuple(self._by_id))
        self.store.put(keyring_lines(keys.keyring))

    def _row(self, provider: str, width: int) -> Line:
        return Layout.of(key_columns(self._snap.now, self._tests), width).line(self._by_id[provider])

    def _heading(self, width: int) -> Line:
        return [(" ", "text"), *Layout.of(key_columns(self._snap.now, {}), width - 1).heading()]

    def _token_row(self, row_id: str, width: int) -> Line:
        return self._token_layout(width).line(self._tokens[row_id])

    def _token_heading(self, width: int) -> Line:
        return [(" ", "text"), *self._token_layout(width - 1).heading()]

    def _token_layout(self, width: int) -> Layout[Token]:
        return Layout.of(token_columns(self._snap.now, self.limit_of), width, self._token_needs)

    def _measure_tokens(self) -> None:
        columns = token_columns(self._snap.now, self.limit_of)
        self._token_needs = needed(columns, self._tokens.values())


def _order(key: KeyState) -> tuple[bool, tuple[int, str]]:
    return key.source == "missing", by_use(key)


def keyring_lines(keyring: Keyring) -> list[Line]:
    """Which store is in use; where none is, the reason and the mend."""
    if keyring.usable:
        return [
            [("● ", "live"), (keyring.backend, "text"), (" · the operating system's keyring", "muted")],
            [("the config file and the logs never hold a key", "faint")],
        ]
    lines: list[Line] = [
        [("‼ ", "bold warn"), (f"no usable OS keyring: {keyring.problem or keyring.backend}", "warn")]
    ]
    if keyring.mend:
        lines.append([("  ", "text"), (keyring.mend, "text")])
    lines.append([("  until then a key lives for this session only, or in the environment", "muted")])
    return lines
