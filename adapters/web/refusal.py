"""An answer that says no: a status, a code the page knows, and a sentence for people."""

from __future__ import annotations

from starlette.responses import JSONResponse


class Refusal(Exception):
    """Raised anywhere on the way of a call; becomes the answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(message)

    def response(self) -> JSONResponse:
        """The refusal as the page reads it."""
        return JSONResponse({"error": {"code": self.code, "message": self.message}}, self.status)
