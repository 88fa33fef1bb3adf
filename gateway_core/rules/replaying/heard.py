"""What is known of the answers that a change of routes would have moved: how they were taken, and how the new
model answered the same. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from gateway_core.model.value import value


@value
class Word:
    """What is known of one call's answer."""

    badly: bool | None = None
    """Taken badly by its person, who asked again, overruled it or gave it a thumb; None: nobody said."""
    other: str = ""
    """The model that answered the same as a second opinion: provider/model."""
    better: float = 0.0
    """What its answer was better by, -1 to 1."""


@dataclass(slots=True)
class Heard:
    """Of the changed calls: those that their person judged, and those that their new model answered too."""

    judged: int = 0
    badly: int = 0
    compared: int = 0
    better: int = 0
    worse: int = 0

    def add(self, word: Word, to: str) -> None:
        """A call that would go to another target; a second opinion counts where it is of that very model."""
        if word.badly is not None:
            self.judged += 1
            self.badly += word.badly
        if word.other and word.other == to:
            self.compared += 1
            self.better += word.better > 0
            self.worse += word.better < 0
