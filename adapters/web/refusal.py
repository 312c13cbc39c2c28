"""An answer that says no: a status, a code the page knows, and a sentence for people."""

from __future__ import annotations

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from bot.app import SetAside, UnknownSession
from bot.library import UnknownStory
from bot.store.errors import StoreError

log = structlog.get_logger()


class Refusal(Exception):
    """Raised anywhere on the way of a call; becomes the answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(message)

    def response(self) -> JSONResponse:
        """The refusal as the page reads it."""
        return JSONResponse({"error": {"code": self.code, "message": self.message}}, self.status)


def refusal_of(error: Exception) -> Refusal:
    """What a failure is called on the page; what nobody foresaw is logged whole and told in general."""
    match error:
        case Refusal():
            return error
        case UnknownStory(problems=problems) if problems:
            return Refusal(409, "broken_story", f"{error}. First error: {problems[0]}")
        case UnknownStory():
            return Refusal(404, "unknown_story", f"{error}.")
        case UnknownSession():
            return Refusal(404, "unknown_session", "There is no such session. Open the story again.")
        case StoreError():
            log.warning("call_not_saved", error=str(error))
            return Refusal(503, "busy", "The story cannot be saved right now. Nothing is lost; try again in a moment.")
        case SetAside():
            return Refusal(500, "set_aside", "That did not work. The operator can see why; you can go on.")
        case ClientDisconnect():
            return Refusal(400, "bad_request", "The call broke off.")
        case _:
            log.error("call_failed", exc_info=error)
            return Refusal(500, "failed", "That did not work. The operator can see why; you can go on.")
