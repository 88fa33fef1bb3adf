"""The runaway guard: watches calls for programs that have run away, tells, and stops them where it may.

`check` stands before a call's admission and may refuse it, `saw` after its end. Both cost a microsecond or
two: what looks alike is told by length and end of the body first, and only what came before is hashed whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Any

from gateway_core.clock import Clock, instant_text
from gateway_core.model.errors import Refusal
from gateway_core.model.money import Nano, usd_string
from gateway_core.model.tags import Tags
from gateway_core.rules.watch import Action, CallRule, GuardRules, Meter, Streak
from gateway_core.runaway.kept import Kept
from gateway_core.runaway.stops import Key, Stop, Stops
from gateway_core.runaway.words import in_words, refusal, whom

__all__ = ["Runaway", "Watched"]

TAIL = 1024
"""Bytes at the end of a body that tell it from most others."""
MOST_BODIES = 8192
MOST_STREAKS = 1024
MOST_METERS = 1024
TOLD_AGAIN = 3600.0
"""Seconds after which a case that goes on is told once more."""
OWN = "runaway_"
"""How the codes of the guard's own refusals begin."""
METERED = ("project", "user")
"""Tags whose burn rate is watched."""

Who = tuple[str, str]
"""Token and session, '' where a call has none."""


@dataclass(slots=True, eq=False)
class Watched:
    """A running call, as the guard remembers it until its end."""

    who: Who
    tags: Tags
    streak: Streak | None
    ended: bool = False


class Runaway:
    """Belongs to one event loop. tell: raises the alert with these facts."""

    def __init__(
        self, clock: Clock, tz: tzinfo, rules: GuardRules, tell: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self.rules = rules
        self._clock = clock
        self._tz = tz
        self._tell = tell
        self._running: dict[Who, int] = {}
        self._bodies: Kept[Key, float] = Kept(MOST_BODIES)
        self._repeats: Kept[Key, Streak] = Kept(MOST_STREAKS)
        self._errors: Kept[Key, Streak] = Kept(MOST_STREAKS)
        self.meters: Kept[tuple[str, str], Meter] = Kept(MOST_METERS)
        self._told: Kept[Key, float] = Kept(MOST_STREAKS)
        self.stops = Stops()

    def check(self, token: str, session: str | None, tags: Tags, model: str, body: bytes) -> Watched | None:
        """Takes note of a call that is about to be admitted; None where the guard is off.

        Raises Refusal 402 for a call of a kind that is stopped, 429 for one too many at once. What it
        returns must be given to `saw` when the call has ended.
        """
        if not self.rules.on:
            return None
        now = self._clock.monotonic()
        who = (token, session or "")
        if self.stops and (stop := self.stops.found(now, who, tags, (who, model, hash(body)))):
            raise refusal(stop, now)
        running = self._running.get(who, 0) + 1
        if running > self.rules.fan_out.calls and self.rules.fan_out.action is not Action.OFF:
            self._too_many(who, running, now)
        self._running[who] = running
        streak = self._repeated(who, model, body, now)
        return Watched(who, tags, streak)

    def saw(self, watched: Watched | None, *, cost: Nano, error: str | None) -> None:
        """A call has ended. error: what its row says, None where it was served; once for each call."""
        if watched is None or watched.ended:
            return
        watched.ended = True
        who = watched.who
        running = self._running[who] - 1
        if running:
            self._running[who] = running
        else:
            del self._running[who]
        if watched.streak is not None:
            watched.streak.end(cost)
        if error is not None:
            self._failed(who, error, cost)
        if cost:
            now = self._clock.monotonic()
            for key in METERED:
                if value := watched.tags.get(key):
                    self.meters.get_or((key, value), Meter).add(now, cost)

    def refused(self, token: str, session: str | None, error: str) -> None:
        """A call was refused before `check`, for what it asked: somebody may be trying again and again."""
        if self.rules.on and not error.startswith(OWN):
            self._failed((token, session or ""), error, 0)

    def lift(self, number: int | None = None) -> int:
        """Takes a stop back, or all of them; how many. What they counted begins anew."""
        return self.stops.lift(number)

    def burning(self, key: str, value: str, spent: Nano, usual: Nano, per: timedelta) -> None:
        """A tag spends far above its own past: `spent` where `usual` is, within such a length of time."""
        hourly = round(spent * (timedelta(hours=1) / per))
        if not self._is_news(("burn", key, value), self._clock.monotonic(), self.rules.burn.action):
            return
        what = f"{key} {value} spent ${in_words(spent)} in {per // timedelta(minutes=1)} minutes, "
        what += f"{spent // max(usual, 1):,} times its usual ${in_words(usual)}"
        self._case("burn", self.rules.burn.action, ("burn", key, value), what, 0, hourly, tag=(key, value))

    def _repeated(self, who: Who, model: str, body: bytes, now: float) -> Streak | None:
        rule = self.rules.repeat
        if rule.action is Action.OFF:
            return None
        alike = (who, model, len(body), hash(body[-TAIL:]))
        seen = self._bodies.get(alike)
        if seen is None:
            self._bodies.put(alike, now)
            return None
        key = (who, model, hash(body))
        streak = self._repeats.get_or(key, lambda: Streak([seen]))
        if streak.hit(now, rule) and self._is_news(key, now, rule.action):
            what = f"{len(streak.times)} identical calls within {_span(streak, now)} from {whom(who)}"
            self._case("repeat", rule.action, key, what, len(streak.times), streak.hourly(now), body=key)
        return streak

    def _failed(self, who: Who, error: str, cost: Nano) -> None:
        rule = self.rules.errors
        if rule.action is Action.OFF:
            return
        now = self._clock.monotonic()
        kind = error.partition(":")[0][:80]
        key = (who, "error", kind)
        streak = self._errors.get_or(key, Streak)
        streak.end(cost)
        if streak.hit(now, rule) and self._is_news(key, now, rule.action):
            calls = f"{len(streak.times)} calls failed alike within {_span(streak, now)}"
            what = f"{calls} from {whom(who)} ({kind})"
            self._case("errors", rule.action, key, what, len(streak.times), streak.hourly(now), who=who)

    def _too_many(self, who: Who, running: int, now: float) -> None:
        rule: CallRule = self.rules.fan_out
        stops, news = rule.action is Action.STOP, self._is_news(("fan_out", who), now)
        if not stops and not news:
            return
        what = f"{running} calls at once from {whom(who)}, above {rule.calls}"
        if news:
            self._tell(_facts("fan_out", rule.action, what, running, 0, None))
        if stops:
            raise Refusal(
                429,
                "runaway_fan_out",
                f"runaway guard: {what}; wait for running ones to end, or raise calls of [guard.fan_out]",
                retry_after=2,
            )

    def _case(
        self,
        rule: str,
        action: Action,
        key: Key,
        what: str,
        calls: int,
        hourly: Nano,
        *,
        who: Who | None = None,
        tag: tuple[str, str] | None = None,
        body: Key | None = None,
    ) -> None:
        now = self._clock.monotonic()
        until = None
        if action is Action.STOP:
            at = self._clock.now() + timedelta(seconds=self.rules.stop_seconds)
            until = instant_text(at)
            words = f"{at.astimezone(self._tz):%H:%M}"
            self.stops.add(
                Stop(rule, what, now + self.rules.stop_seconds, until, words, hourly, who, tag, body)
            )
            self._forget(key, tag)
        self._tell(_facts(rule, action, what, calls, hourly, until))

    def _forget(self, key: Key, tag: tuple[str, str] | None) -> None:
        """What led to a stop is counted anew after it."""
        if tag is not None:
            self.meters.drop(tag)
        self._repeats.drop(key)
        self._errors.drop(key)

    def _is_news(self, key: Key, now: float, action: Action = Action.ALERT) -> bool:
        """Whether to tell of a case: each hour, and each time that it leads to a stop."""
        last = self._told.get(key)
        if action is Action.ALERT and last is not None and now - last < TOLD_AGAIN:
            return False
        self._told.put(key, now)
        return True


def _span(streak: Streak, now: float) -> str:
    seconds = max(1, round(now - streak.times[0]))
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"


def _facts(
    rule: str, action: Action, what: str, calls: int, hourly: Nano, until: str | None
) -> dict[str, Any]:
    price = f", ${in_words(hourly)}/h" if hourly else ""
    stopped = "; such calls are refused for now (llmconsole guard lift)" if until else ""
    return {
        "rule": rule,
        "calls": calls,
        "usd_per_hour": usd_string(hourly),
        "action": str(action),
        "until": until,
        "text": f"{what}{price}{stopped}",
    }
