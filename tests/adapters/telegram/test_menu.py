"""What Telegram itself shows of the bot: in every language, and to everybody who speaks none of them."""

from __future__ import annotations

import pytest
from telegram import Bot

from adapters.telegram.menu import GROUP, PRIVATE, put_menu
from adapters.telegram.player import PAGES
from adapters.words import LANGUAGES, words
from tests.fakes.telegram import TelegramServer


@pytest.mark.parametrize("language", [*LANGUAGES, "tlh"])
async def test_commands_are_listed_in_the_language_of_whoever_looks(
    bot: Bot, server: TelegramServer, language: str
) -> None:
    await put_menu(bot, None)
    ann = server.person("Ann", language=language)
    group = server.group("Friends", [ann])
    assert ann.commands() == list(PRIVATE)
    assert ann.commands(group) == list(GROUP)
    said = words(language)
    [told] = [
        call
        for call in server.called("setMyCommands")
        if call.get("language_code") == (language if language in LANGUAGES else None)
        and call["scope"]["type"] == "all_private_chats"
    ]
    assert told["commands"][0] == {"command": "start", "description": said("command_start")}


async def test_the_player_is_a_button_where_it_can_be_reached(bot: Bot, server: TelegramServer) -> None:
    await put_menu(bot, "https://play.example/")
    [call] = server.called("setChatMenuButton")
    assert call["menu_button"]["web_app"]["url"] == "https://play.example/"
    assert "chat_id" not in call


async def test_a_refusal_is_no_fault_of_ours(bot: Bot, server: TelegramServer) -> None:
    server.faults.broken(method="setMyDescription", times=None)
    await put_menu(bot, None)
    server.faults.lift()
    server.faults.flood(5, method="setMyCommands")
    await put_menu(bot, "https://play.example/")


def test_what_is_listed_is_there() -> None:
    assert {*PRIVATE} - {"start", "play", "continue", "studio"} == {*PAGES}
