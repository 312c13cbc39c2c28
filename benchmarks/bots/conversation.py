"""python-telegram-bot's Application with a ConversationHandler and PicklePersistence, as its examples show.

Updates are handled one after the other: ConversationHandler is not made for concurrent ones, its documentation says.
With `commit` each tap is written to SQLite before it is answered, and a viewer whom the pickle has forgotten goes on
from there.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from functools import partial
from typing import Any

import uvloop
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    PicklePersistence,
)
from telegram.warnings import PTBUserWarning

from benchmarks.bots.ledger import Ledger
from benchmarks.bots.tale import FIRST, SCENES, Seat, serve

Context = ContextTypes.DEFAULT_TYPE
PICKLE = "conversation.pickle"
COMMIT = "commit"


class Conversation:
    """The handlers. `ledger` is None where only the pickle remembers."""

    def __init__(self, seat: Seat, ledger: Ledger | None) -> None:
        self._videos = seat.videos
        self._ledger = ledger
        self._places = ledger.places() if ledger else {}

    async def begin(self, update: Update, context: Context) -> str:
        """/play."""
        assert update.effective_chat is not None
        await self._show(update.effective_chat.id, FIRST, context)
        return FIRST

    async def tap(self, scene: str, update: Update, context: Context) -> str:
        """A choice of the scene where the viewer is."""
        query = update.callback_query
        assert query is not None
        assert context.user_data is not None
        here, following = SCENES[scene], SCENES[scene].to
        context.user_data["taps"] = context.user_data.get("taps", 0) + 1
        self._note(query.from_user.id, following)
        await query.answer()
        await query.edit_message_caption(here.settled(str(query.data)), parse_mode=ParseMode.HTML)
        await self._show(query.from_user.id, following, context)
        return following

    async def resume(self, update: Update, context: Context) -> str | None:
        """A tap of somebody whom the pickle has forgotten."""
        query = update.callback_query
        assert query is not None
        scene, _ = self._places.get(query.from_user.id, (FIRST, 0))
        return await self.tap(scene, update, context) if query.data in SCENES[scene].choices else None

    def handler(self) -> ConversationHandler[Any]:
        """All of them together."""
        begins: list[BaseHandler[Update, Any, Any]] = [CommandHandler("play", self.begin)]
        if self._ledger:
            begins.append(CallbackQueryHandler(self.resume))
        return ConversationHandler(
            entry_points=begins,
            states={
                scene: [CallbackQueryHandler(partial(self.tap, scene), pattern=f"^({'|'.join(about.choices)})$")]
                for scene, about in SCENES.items()
            },
            fallbacks=[],
            name="tale",
            persistent=True,
        )

    def _note(self, user: int, scene: str) -> None:
        if self._ledger:
            self._places[user] = scene, self._places.get(user, (FIRST, 0))[1] + 1
            self._ledger.note([(user, *self._places[user])])

    async def _show(self, chat: int, scene: str, context: Context) -> None:
        about = SCENES[scene]
        rows = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in about.keyboard]
        markup = InlineKeyboardMarkup(rows)
        await context.bot.send_video(
            chat, self._videos[scene], caption=about.caption, parse_mode=ParseMode.HTML, reply_markup=markup
        )


def play(seat: Seat) -> None:
    """Long polling; connection pools as large as the library makes them by itself (256)."""
    uvloop.install()
    # That buttons of old messages stay in the conversation is what is wanted here.
    warnings.filterwarnings("ignore", category=PTBUserWarning)
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    conversation = Conversation(seat, Ledger(seat.folder) if COMMIT in sys.argv else None)
    builder = Application.builder().token(seat.token).base_url(f"{seat.url}/bot")
    application = builder.persistence(PicklePersistence(seat.folder / PICKLE)).build()
    application.add_handler(conversation.handler())
    application.run_polling(allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY])


def counted(seat: Seat) -> int:
    """From the file that is to outlive the process."""
    if COMMIT in sys.argv:
        return Ledger(seat.folder).taps()
    try:
        kept = pickle.loads((seat.folder / PICKLE).read_bytes())
    except FileNotFoundError:
        return 0
    return sum(int(user.get("taps", 0)) for user in kept["user_data"].values())


if __name__ == "__main__":
    serve(play, counted)
