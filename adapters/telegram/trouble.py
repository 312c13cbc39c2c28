"""What goes wrong at the Bot API, in delivery's words."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.delivery.delivery import Gone, Later, Unshowable

GONE = (
    "chat not found",
    "user is deactivated",
    "peer_id_invalid",
    "group chat was deactivated",
    "chat_write_forbidden",
)
GONE_TOPIC = ("message thread not found", "topic_closed", "topic_deleted")
UNCHANGED = "message is not modified"
NO_MESSAGE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to be replied not found",
    "message to delete not found",
    "message can't be deleted",
)
NO_FILE = ("wrong file identifier", "wrong remote file identifier", "file reference", "wrong file_id")
NO_LINK = ("failed to get http url content", "wrong type of the web page content", "http url specified")
NO_EFFECT = "effect"


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def says(error: TelegramError, *words: str) -> bool:
    """Whether the refusal says one of these; Telegram has no codes for them."""
    message = error.message.lower()
    return any(word in message for word in words)


def delivery_error(error: TelegramError) -> Exception:
    """`Gone`, `Later` or `Unshowable`, or the error itself when it may pass."""
    if isinstance(error, RetryAfter):
        return Later(seconds(error))
    if isinstance(error, Forbidden) or (isinstance(error, BadRequest) and says(error, *GONE, *GONE_TOPIC)):
        return Gone()
    if isinstance(error, BadRequest):
        # A subclass of NetworkError there, but it would fail again in the very same way.
        return Unshowable(error.message)
    return error
