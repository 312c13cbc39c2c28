"""How the server says no, in Discord's codes and words."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]
"""A JSON object, in or out."""


class Refused(Exception):
    """The answer is an error: HTTP `status`, Discord's `code` and `message`; `more` goes into the body as it is."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.more = more

    def body(self) -> Body:
        """The JSON that the caller gets."""
        return {"message": self.message, "code": self.code, **self.more}


class Violation(Refused):
    """The call itself is wrong whatever the state (400, 50035): the server keeps these in `violations`."""

    def __init__(self, where: str, what: str, code: str = "BASE_TYPE_BAD_VALUE") -> None:
        errors: Body = {"_errors": [{"code": code, "message": what}]}
        for step in reversed([step for step in where.split(".") if step]):
            errors = {step: errors}
        super().__init__(400, 50035, "Invalid Form Body", errors=errors)
        self.words = f"{where}: {what}" if where else what


def unauthorized() -> Refused:
    """No token, a wrong one, or one that was reset."""
    return Refused(401, 0, "401: Unauthorized")


def not_found() -> Refused:
    """No such path."""
    return Refused(404, 0, "404: Not Found")


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def bad_request(code: int, message: str) -> Refused:
    """400 because of how things stand."""
    return Refused(400, code, message)


_UNKNOWN = {
    "Channel": 10003,
    "Guild": 10004,
    "Integration": 10005,
    "Member": 10007,
    "Message": 10008,
    "Role": 10011,
    "User": 10013,
    "Webhook": 10015,
    "Interaction": 10062,
    "Application Command": 10063,
    "Guild Scheduled Event": 10070,
}


def unknown(what: str) -> Refused:
    """404 for what is not there, in Discord's name for it."""
    return Refused(404, _UNKNOWN[what], f"Unknown {what}")
