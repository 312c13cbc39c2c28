"""What goes wrong at the Bot API, told apart: for ever, for a while, or for this card only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.trouble import NO_FILE, NO_LINK, NO_MESSAGE, UNCHANGED, delivery_error, says, seconds
from bot.delivery.delivery import Gone, Later, Unshowable


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("Forbidden: bot was blocked by the user"),
        Forbidden("Forbidden: bot was kicked from the supergroup chat"),
        Forbidden("Forbidden: user is deactivated"),
        Forbidden("Forbidden: bot can't initiate conversation with a user"),
        BadRequest("Chat not found"),
        BadRequest("PEER_ID_INVALID"),
        BadRequest("CHAT_WRITE_FORBIDDEN"),
        BadRequest("Message thread not found"),
        BadRequest("TOPIC_DELETED"),
        BadRequest("TOPIC_CLOSED"),
    ],
)
def test_a_chat_that_is_never_reached_again_is_gone(error: TelegramError) -> None:
    assert isinstance(delivery_error(error), Gone)


@pytest.mark.parametrize("wait", [7, timedelta(seconds=7)])
def test_when_telegram_asks_for_patience_it_is_later(wait: int | timedelta) -> None:
    later = delivery_error(RetryAfter(wait))
    assert isinstance(later, Later)
    assert later.seconds == 7
    assert seconds(RetryAfter(wait)) == 7


@pytest.mark.parametrize(
    "words", ["message text is empty", "BUTTON_DATA_INVALID", "not enough rights to send videos to the chat", ""]
)
def test_what_would_be_refused_again_is_unshowable(words: str) -> None:
    refused = delivery_error(BadRequest(words))
    assert isinstance(refused, Unshowable)
    assert str(refused) == words


@pytest.mark.parametrize(
    "error",
    [NetworkError("Bad Gateway"), TimedOut(), ChatMigrated(-100), Conflict("x"), TelegramError("Invalid response")],
)
def test_what_may_pass_and_a_chat_that_moved_stay_what_they_are(error: TelegramError) -> None:
    assert delivery_error(error) is error


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Message is not modified: specified new message content", (UNCHANGED,)),
        ("Message to edit not found", NO_MESSAGE),
        ("MESSAGE_ID_INVALID", NO_MESSAGE),
        ("Message can't be deleted for everyone", NO_MESSAGE),
        ("Wrong file identifier/HTTP URL specified", NO_FILE),
        ("Wrong remote file identifier specified: Wrong padding in the string", NO_FILE),
        ("Failed to get HTTP URL content", NO_LINK),
        ("Wrong type of the web page content", NO_LINK),
    ],
)
def test_refusals_are_known_by_their_words_in_any_case(words: str, kind: tuple[str, ...]) -> None:
    assert says(BadRequest(words), *kind)
    assert not says(BadRequest("something else"), *kind)
