"""The policy as a whole: its text, its history, the mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console import shapes
from console.client.asking import Asking
from console.shapes import wrapped
from console.wire import decoded


class Policy(Asking):
    """The policy as a whole: its text, its history, the mode."""

    async def policy(self) -> wrapped.Policy:
        """The policy as TOML, with its revision."""
        return await self._wire.get("/policy", wrapped.Policy)

    async def apply_policy(self, toml: str, *, dry_run: bool = False, over: str | None = None) -> str:
        """Replaces the whole policy, or nothing of it; answers the policy as it now stands, or with
        dry_run as it would. over: the revision that it is written over; ClientError 412 for another one."""
        path = "/policy?dry_run=true" if dry_run else "/policy"
        return (await self._wire.put(path, {"toml": toml}, wrapped.Policy, over=over)).toml

    async def history(self, limit: int = 200) -> wrapped.History:
        """Who changed what of the policy and when, the latest first, and the policy's revision."""
        return await self._wire.get("/policy/history", wrapped.History, [("limit", str(limit))])

    async def undo(self, *, over: str | None = None) -> str:
        """Takes the last edit of the policy back; what it was about. ClientError 404 where none is left."""
        return decoded(await self._wire.send("POST", "/policy/undo", {}, over=over), wrapped.Undone).what

    async def mode(self) -> str:
        return (await self._wire.get("/mode", wrapped.Mode)).mode

    async def set_mode(self, mode: str, *, over: str | None = None) -> wrapped.Mode:
        """Switches the mode of calls that name none. over: the revision that it is switched over;
        ClientError 412 for another one."""
        return await self._wire.put("/mode", {"mode": mode}, wrapped.Mode, over=over)

    async def mode_rules(self) -> wrapped.ModeRules:
        """The rules that give a mode to calls which name none, in the order in which they are tried."""
        return await self._wire.get("/mode_rules", wrapped.ModeRules)

    async def put_mode_rules(
        self, rules: Sequence[shapes.ModeRule], *, over: str | None = None
    ) -> wrapped.ModeRules:
        """Puts these in place of all there are, in this order."""
        said = [{"mode": each.mode, "match": dict(each.match)} for each in rules]
        return await self._wire.put("/mode_rules", {"rules": said}, wrapped.ModeRules, over=over)

    async def add_mode_rule(
        self, mode: str, match: Mapping[str, str], *, over: str | None = None
    ) -> wrapped.ModeRules:
        """Puts a rule before all others."""
        body = {"mode": mode, "match": dict(match)}
        return decoded(await self._wire.send("POST", "/mode_rules", body, over=over), wrapped.ModeRules)
