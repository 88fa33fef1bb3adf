"""Edits are taken back and made again in their order, and stay where a step fails."""

from __future__ import annotations

import pytest

from console.screens.undoing import Edit, Edits
from console.trouble import ClientError

pytestmark = pytest.mark.anyio


class Book:
    """A number that edits change, that others may change too, and that may refuse."""

    def __init__(self) -> None:
        self.number = 0
        self.refuses = self.gone = False

    async def put(self, number: int, over: str) -> str:
        if self.refuses:
            raise ConnectionError
        if self.gone:
            raise ClientError("no_such_number", "there is no number", 404)
        if over != str(self.number):
            raise ClientError("changed_meanwhile", "ann changed it", 412)
        self.number = number
        return str(number)

    async def change(self, edits: Edits, number: int) -> None:
        before = self.number
        left = await self.put(number, str(before))
        edits.made(Edit(self.put, before, number, left, f"{before} again", f"{number} again"))


async def test_edits_go_back_and_forth_in_order() -> None:
    book, edits = Book(), Edits()
    for number in (1, 2, 3):
        await book.change(edits, number)
    assert [await edits.undo(), await edits.undo()] == ["2 again", "1 again"]
    assert book.number == 1
    assert [await edits.redo(), await edits.redo()] == ["2 again", "3 again"]
    assert book.number == 3
    assert await edits.redo() == "nothing to do again"


async def test_a_new_edit_forgets_what_was_taken_back() -> None:
    book, edits = Book(), Edits()
    await book.change(edits, 1)
    await edits.undo()
    await book.change(edits, 5)
    assert await edits.redo() == "nothing to do again"
    assert await edits.undo() == "0 again"
    assert await edits.undo() == "nothing to undo in this session"


async def test_a_step_that_fails_moves_nothing() -> None:
    book, edits = Book(), Edits()
    await book.change(edits, 1)
    book.refuses = True
    with pytest.raises(ConnectionError):
        await edits.undo()
    book.refuses = False
    assert await edits.undo() == "0 again"
    book.refuses = True
    with pytest.raises(ConnectionError):
        await edits.redo()
    book.refuses = False
    assert await edits.redo() == "1 again"


async def test_what_somebody_else_wrote_over_stands_and_is_out_of_the_way() -> None:
    book, edits = Book(), Edits()
    await book.change(edits, 1)
    await book.change(edits, 2)
    book.number = 9
    with pytest.raises(ClientError, match="ann changed it; that edit stands"):
        await edits.undo()
    assert book.number == 9
    book.number = 1
    assert await edits.undo() == "0 again"
    book.number = 9
    with pytest.raises(ClientError, match="that edit stands"):
        await edits.redo()
    assert await edits.redo() == "nothing to do again"
    assert book.number == 9


async def test_what_is_not_there_any_more_is_out_of_the_way() -> None:
    book, edits, other = Book(), Edits(), Book()
    await other.change(edits, 7)
    await book.change(edits, 1)
    book.gone = True
    with pytest.raises(ClientError, match="there is no number; that cannot be taken back any more"):
        await edits.undo()
    assert await edits.undo() == "0 again"
    other.gone = True
    with pytest.raises(ClientError, match="that cannot be made again any more"):
        await edits.redo()
    assert await edits.redo() == "nothing to do again"
