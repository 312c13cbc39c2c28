"""aiogram 3 with its finite state machine in RedisStorage, as its documentation shows; handlers run concurrently.

Runs in the peers' environment, on a Valkey server that writes every change to disk before it answers.
"""

from __future__ import annotations

import asyncio
import json

import uvloop
from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from redis.asyncio import Redis

from benchmarks.bots.tale import FIRST, SCENES, Seat, seat, serve

router = Router()
VIDEOS = seat().videos


class Tale(StatesGroup):
    """A state for each scene."""

    lamp = State()
    stairs = State()


STATES = {"lamp": Tale.lamp, "stairs": Tale.stairs}


@router.message(Command("play"))
async def begin(message: Message, bot: Bot, state: FSMContext) -> None:
    """/play."""
    await state.set_state(STATES[FIRST])
    await show(bot, message.chat.id, FIRST)


@router.callback_query(Tale.lamp, F.data.in_(SCENES["lamp"].choices))
async def at_the_lamp(query: CallbackQuery, bot: Bot, state: FSMContext) -> None:
    """A choice of the first scene."""
    await go_on(query, bot, state, "lamp")


@router.callback_query(Tale.stairs, F.data.in_(SCENES["stairs"].choices))
async def on_the_stairs(query: CallbackQuery, bot: Bot, state: FSMContext) -> None:
    """A choice of the second."""
    await go_on(query, bot, state, "stairs")


async def go_on(query: CallbackQuery, bot: Bot, state: FSMContext, scene: str) -> None:
    """The step, and what the viewer sees of it."""
    here = SCENES[scene]
    data = await state.get_data()
    await state.set_data({"taps": data.get("taps", 0) + 1})
    await state.set_state(STATES[here.to])
    await query.answer()
    await query.message.edit_caption(caption=here.settled(query.data))
    await show(bot, query.from_user.id, here.to)


async def show(bot: Bot, chat: int, scene: str) -> None:
    """Send a scene."""
    about = SCENES[scene]
    rows = [[InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in about.keyboard]
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    await bot.send_video(chat, VIDEOS[scene], caption=about.caption, reply_markup=markup)


def play(given: Seat) -> None:
    """Long polling."""
    uvloop.run(_play(given))


async def _play(given: Seat) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(given.url))
    bot = Bot(given.token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    dispatcher = Dispatcher(storage=RedisStorage.from_url(given.storage))
    dispatcher.include_router(router)
    await dispatcher.start_polling(bot)


def counted(given: Seat) -> int:
    """From the storage."""
    return asyncio.run(_counted(given))


async def _counted(given: Seat) -> int:
    async with Redis.from_url(given.storage) as redis:
        found = [await redis.get(key) async for key in redis.scan_iter("fsm:*:data")]
    return sum(int(json.loads(one).get("taps", 0)) for one in found if one)


if __name__ == "__main__":
    serve(play, counted)
