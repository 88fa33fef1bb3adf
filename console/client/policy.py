"""The policy as a whole: its text, its history, the mode."""

from __future__ import annotations

from collections.abc import Mapping

from console import shapes
from console.client.asking import Asking, matching
from console.shapes import wrapped
from console.wire import Param, decoded


class Policy(Asking):
    """The policy as a whole: its text, its history, the mode."""

    async def policy_toml(self) -> str:
        return (await self._wire.get("/policy", wrapped.Policy)).toml

    async def apply_policy(self, toml: str, *, dry_run: bool = False) -> str:
        """Replaces the whole policy, or nothing of it; answers the policy as it now stands, or with
        dry_run as it would."""
        path = "/policy?dry_run=true" if dry_run else "/policy"
        return (await self._wire.put(path, {"toml": toml}, wrapped.Policy)).toml

    async def history(self, limit: int = 200) -> tuple[shapes.Edit, ...]:
        """Who changed what of the policy and when, the latest first."""
        return (await self._wire.get("/policy/history", wrapped.History, [("limit", str(limit))])).edits

    async def undo(self) -> str:
        """Takes the last edit of the policy back; what it was about. ClientError 404 where none is left."""
        return decoded(await self._wire.send("POST", "/policy/undo", {}), wrapped.Undone).what

    async def mode(self) -> str:
        return (await self._wire.get("/mode", wrapped.Mode)).mode

    async def set_mode(self, mode: str) -> str:
        return (await self._wire.put("/mode", {"mode": mode}, wrapped.Mode)).mode

    async def mode_rules(self) -> tuple[shapes.ModeRule, ...]:
        """The rules that give a mode to calls which name none, in the order in which they are tried."""
        return (await self._wire.get("/mode_rules", wrapped.ModeRules)).rules

    async def add_mode_rule(self, mode: str, match: Mapping[str, str]) -> None:
        """Puts a rule before all others."""
        await self._wire.send("POST", "/mode_rules", {"mode": mode, "match": dict(match)})

    async def remove_mode_rule(self, mode: str, match: Mapping[str, str]) -> None:
        """Takes out the rule of exactly that mode and match. ClientError 404 where there is none."""
        params: list[Param] = [("mode", mode), *matching(match)]
        await self._wire.send("DELETE", "/mode_rules", params=params)
