"""What goes wrong for the person at the console: one sentence, and the exit status of a command it ends."""

from __future__ import annotations

NO = 1
"""The answer is no."""
WRONG_USE = 2
"""Wrong usage or configuration."""
NOTHING_THERE = 3
"""Nothing answers there."""


class Trouble(Exception):
    """A sentence that says what, where and the mend."""

    def __init__(self, message: str, exit_status: int = NO) -> None:
        super().__init__(message)
        self.message = message
        self.exit_status = exit_status


class ClientError(Trouble):
    """The gateway refused: `code` is a stable word, `status` that of HTTP."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message, WRONG_USE if status in (400, 401, 403, 422) else NO)
        self.code = code
        self.status = status

    @classmethod
    def meanwhile(cls, message: str) -> ClientError:
        """What the gateway says by 412, where it is seen before anything is sent."""
        return cls("changed_meanwhile", message, 412)

    @property
    def overtaken(self) -> bool:
        """Somebody else has changed meanwhile what was to be written over; nothing was written."""
        return self.status == 412

    @property
    def gone(self) -> bool:
        """What the gateway was asked about is not there, and does not come back by itself."""
        return self.status == 404


class GatewayGone(Trouble):
    """Nothing answers at the gateway's address (any more)."""

    def __init__(self, message: str) -> None:
        super().__init__(message, NOTHING_THERE)


class GatewayFailed(Trouble):
    """The gateway could not be started, found or stopped."""

    def __init__(self, message: str, exit_status: int = NOTHING_THERE) -> None:
        super().__init__(message, exit_status)
