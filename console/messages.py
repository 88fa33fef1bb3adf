"""What widgets ask of the screen they are on: intents of the user, never events of the gateway."""

from __future__ import annotations

from textual.message import Message


class Inspect(Message):
    """Show the receipt of this call."""

    def __init__(self, call_id: str) -> None:
        super().__init__()
        self.call_id = call_id


class Chosen(Message):
    """A row of a list was entered, by double click."""

    def __init__(self, row_id: str) -> None:
        super().__init__()
        self.row_id = row_id


class Moved(Message):
    """The cursor of a list is on another row now; None where the list is empty."""

    def __init__(self, row_id: str | None) -> None:
        super().__init__()
        self.row_id = row_id
