"""What Telegram itself shows of the bot: its commands, what it is about, and the button beside the text field."""

from __future__ import annotations

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import TelegramError

from adapters.words import LANGUAGES, Words, words

log = structlog.get_logger()

PRIVATE = (
    *("start", "play", "continue", "map", "endings", "rewind", "language", "settings", "link", "help"),
    *("privacy", "export", "forget", "terms", "paysupport", "studio"),
)
GROUP = ("watch", "join", "help")


async def put_menu(bot: Bot, player: str | None) -> None:
    """Tell Telegram, in every language we have. What it does not take is left as it was."""
    try:
        # Without a language first: for everybody who speaks none of ours.
        for language in (None, *LANGUAGES):
            said = words(language)
            await bot.set_my_commands(_commands(PRIVATE, said), BotCommandScopeAllPrivateChats(), language)
            await bot.set_my_commands(_commands(GROUP, said), BotCommandScopeAllGroupChats(), language)
            await bot.set_my_description(said("about_bot"), language)
            await bot.set_my_short_description(said("about_short"), language)
        if player is not None:
            await bot.set_chat_menu_button(menu_button=MenuButtonWebApp("Cliffhanger", WebAppInfo(player)))
    except TelegramError as error:
        log.warning("menu_not_set", error=type(error).__name__)


def _commands(names: tuple[str, ...], said: Words) -> list[BotCommand]:
    return [BotCommand(name, said(f"command_{name}")) for name in names]
