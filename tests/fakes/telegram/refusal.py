"""How the server says no, in Telegram's words."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]
"""A JSON object, in or out."""


class Refused(Exception):
    """The answer to a call is an error: `code`, `description`, and what `parameters` tells the caller to do."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Body:
        """The JSON that the caller gets."""
        answer: Body = {"ok": False, "error_code": self.code, "description": self.description}
        return {**answer, "parameters": self.parameters} if self.parameters else answer


class BadRequest(Refused):
    """400 because of how things stand: a chat that is gone, an edit that changes nothing. No fault of the caller's."""

    def __init__(self, reason: str, **parameters: int) -> None:
        super().__init__(400, f"Bad Request: {reason}", **parameters)


class Violation(BadRequest):
    """400 because the call itself is wrong whatever the state: the server keeps these in `violations`."""


class Forbidden(Refused):
    """403: the viewer or the group does not want the bot."""

    def __init__(self, reason: str) -> None:
        super().__init__(403, f"Forbidden: {reason}")
