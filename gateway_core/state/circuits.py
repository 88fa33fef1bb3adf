"""Circuits: a provider that fails call after call with one key rests, and is tried again every second."""

from __future__ import annotations

from dataclasses import dataclass, field

OPENS_AFTER = 5
"""Faults in a row, with nothing served in between: a bad answer or a few lock nobody out."""
FORGOTTEN = 60.0
"""Seconds after which an earlier fault no longer counts to those in a row."""
PROBE_EVERY = 1.0
"""Seconds between two calls that are let through to see whether it is back."""
PROBE_STANDS = 2.0
"""Seconds after which a probe that has not come back yet no longer stands in the way of the next one."""
LONGEST_PAUSE = 60.0
"""Seconds that a provider's own Retry-After is believed at most."""
MOST = 2000
"""Circuits, and pauses, that are remembered."""

Place = tuple[str, str]
"""A provider's id, and which of its keys."""


@dataclass(slots=True)
class Circuit:
    """Faults in a row of one provider and key. Times are monotonic seconds."""

    faults: int = 0
    last_fault: float = float("-inf")
    alive_at: float = float("-inf")
    why: str = ""
    models: set[str] = field(default_factory=set)
    """Those that failed: another one may be served, and is let through to see."""
    is_open: bool = False
    probe_at: float = 0.0
    """While it is open: when the next call may go."""


class Circuits:
    """Circuits by provider and key, and pauses that a provider asked for by provider, key and model."""

    def __init__(self) -> None:
        self._circuits: dict[Place, Circuit] = {}
        self._pauses: dict[tuple[str, str, str], float] = {}

    @property
    def untroubled(self) -> bool:
        """Nothing has failed, and nobody asked for a pause."""
        return not (self._circuits or self._pauses)

    def open_seconds(self, place: Place, now: float, model: str | None = None) -> float | None:
        """None while it is closed; else seconds until the next call may go, 0.0 for now. A model that none
        of the faults was of may go at once."""
        circuit = self._circuits.get(place)
        if circuit is None or not circuit.is_open:
            return None
        if model is not None and model not in circuit.models:
            return 0.0
        return max(0.0, circuit.probe_at - now)

    def why(self, place: Place) -> str:
        """What failed last, in words; empty where nothing did."""
        circuit = self._circuits.get(place)
        return circuit.why if circuit else ""

    def sent(self, place: Place, now: float) -> None:
        """A call goes; of an open circuit it is the probe, and the next one waits for it."""
        circuit = self._circuits.get(place)
        if circuit is not None and circuit.is_open:
            circuit.probe_at = now + PROBE_STANDS

    def alive(self, place: Place, now: float) -> bool:
        """The provider answered, if only that this call is wrong; whether that closed the circuit."""
        circuit = self._circuits.get(place)
        if circuit is None:
            return False
        closed, circuit.is_open = circuit.is_open, False
        circuit.faults, circuit.alive_at = 0, now
        circuit.models.clear()
        return closed

    def fault(self, place: Place, model: str, began: float, now: float, why: str) -> bool:
        """The provider's own fault with a call that began then; whether that opened the circuit."""
        circuit = self._circuits.get(place)
        if circuit is None:
            self._make_room()
            circuit = self._circuits[place] = Circuit()
        if began < circuit.alive_at:
            # It has served since: what went wrong before says nothing of now.
            return False
        if now - circuit.last_fault > FORGOTTEN and not circuit.is_open:
            circuit.faults = 0
            circuit.models.clear()
        circuit.faults += 1
        circuit.last_fault, circuit.why = now, why
        circuit.models.add(model)
        if circuit.is_open or circuit.faults >= OPENS_AFTER:
            opened, circuit.is_open = not circuit.is_open, True
            circuit.probe_at = now + PROBE_EVERY
            return opened
        return False

    def pause(self, place: Place, model: str, seconds: float, now: float) -> None:
        """The provider asks for patience with one model."""
        if len(self._pauses) >= MOST:
            self._pauses.pop(next(iter(self._pauses)))
        self._pauses[(*place, model)] = now + min(seconds, LONGEST_PAUSE)

    def paused_seconds(self, place: Place, model: str, now: float) -> float:
        """Seconds for which the provider wants to be left alone with this model; 0.0 where it does not."""
        if not self._pauses:
            return 0.0
        until = self._pauses.get((*place, model))
        if until is None:
            return 0.0
        if until <= now:
            del self._pauses[(*place, model)]
            return 0.0
        return until - now

    def opened(self) -> dict[Place, Circuit]:
        """The circuits that are open."""
        return {place: each for place, each in self._circuits.items() if each.is_open}

    def _make_room(self) -> None:
        if len(self._circuits) >= MOST:
            oldest = min(self._circuits, key=lambda each: self._circuits[each].last_fault)
            del self._circuits[oldest]
