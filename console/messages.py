"""What widgets ask of the screen they are on: intents of the user, never events of the gateway."""

from __future__ import annotations

from textual.message import Message


class Inspect(Message):
    """Show the receipt of this call."""

    def __init__(self, call_id: str) -> None:
        super().__init__()
        self.call_id = call_id


class Narrowed(Message):
    """Show only the calls that this filter lets through."""

    def __init__(self, filter: str) -> None:
        super().__init__()
        self.filter = filter


class Copied(Message):
    """Copy this text; `what` names it for the person."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__()
        self.what = what
        self.text = text


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
