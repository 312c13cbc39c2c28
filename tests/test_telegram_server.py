"""The project's own Bot API server: which calls it takes and refuses, and how the bot gets its updates."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from aiohttp import web
from telegram import (
    Bot,
    InputMediaVideo,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict

from tests.fakes.telegram import TelegramServer, fixtures
from tests.fakes.telegram.fixtures import BUTTONS, CLIP, PICTURE, Serve, new_bot, refused
from tests.fakes.telegram.spec import load_spec

server, bot, raw, serve = fixtures.server, fixtures.bot, fixtures.raw, fixtures.serve
retry_after_in_its_new_form = fixtures.retry_after_in_its_new_form

needs_spec = pytest.mark.skipif(load_spec() is None, reason="the official description is not at hand")


async def test_a_clip_and_a_tap(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann", "es")
    chat = server.private(ann)
    await ann.say("/start 7")
    [update] = await bot.get_updates()
    assert update.message
    assert update.message.text == "/start 7"
    assert update.message.entities[0].type == "bot_command"
    assert update.effective_user
    assert update.effective_user.language_code == "es"

    sent = await bot.send_video(
        ann.id, CLIP, caption="<b>Mei</b>: go &amp; 😀", parse_mode="HTML", reply_markup=BUTTONS
    )
    shown = await chat.shown(lambda m: m.kind == "video" and "Stay" in m.buttons)
    assert (shown.id, shown.text) == (sent.message_id, "Mei: go & 😀")
    assert sent.caption_entities[0].length == 3

    tapping = asyncio.create_task(ann.tap(shown, "train"))
    [tapped] = await bot.get_updates(update.update_id + 1, timeout=5)
    assert tapped.callback_query
    assert tapped.callback_query.data == "on"
    assert tapped.callback_query.message == sent
    await tapped.callback_query.answer("Off you go", show_alert=True)
    answer = await tapping
    assert (answer.text, answer.alert) == ("Off you go", True)

    assert sent.video
    again = await bot.send_video(ann.id, sent.video.file_id, protect_content=True, has_spoiler=True)
    assert again.video == sent.video
    assert chat.last.protected
    assert chat.last.spoiler
    assert await (await bot.get_file(sent.video.file_id)).download_as_bytearray() == CLIP
    assert server.violations == []
    assert [call.method for call in server.calls if call.chat == ann.id] == ["sendVideo", "sendVideo"]


HTML = [
    ("1 < 2", 'Unsupported start tag ""'),
    ("<mei>", 'Unsupported start tag "mei" at byte offset 0'),
    ("<b>open", "Can't find end tag corresponding to start tag"),
    ("😀<b>a</i>", 'Unmatched end tag at byte offset 8, expected "</b>", found "</i>"'),
    ("a</b>", "Unexpected end tag at byte offset 1"),
    ("<b", "Unclosed start tag"),
    ("<span>a</span>", 'Tag "span" must have class'),
]


@pytest.mark.parametrize(("text", "reason"), HTML)
async def test_markup_is_read_strictly(server: TelegramServer, bot: Bot, text: str, reason: str) -> None:
    ann = server.person("Ann")
    await ann.say("/start")
    with refused(BadRequest, f"can't parse entities: {reason}"):
        await bot.send_message(ann.id, text, parse_mode="HTML")
    assert len(server.violations) == 1


async def test_lengths_are_counted_after_the_markup_in_utf16(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    await ann.say("/start")
    await bot.send_message(ann.id, f"<b>{'&amp;' * 4096}</b>", parse_mode="HTML")
    await bot.send_photo(ann.id, PICTURE, caption="😀" * 512)
    assert server.violations == []
    with refused(BadRequest, "too long"):
        await bot.send_message(ann.id, "😀" * 2049)
    with refused(BadRequest, "caption is too long"):
        await bot.send_photo(ann.id, PICTURE, caption="😀" * 513)
    with refused(BadRequest, "empty"):
        await bot.send_message(ann.id, " \n ")
    assert len(server.violations) == 3


async def test_strange_characters(server: TelegramServer, raw: httpx.AsyncClient) -> None:
    ann = server.person("Ann")
    await ann.say("/start")
    sent = await raw.post("sendMessage", json={"chat_id": ann.id, "text": "a\x00\u202eb\r\nc"})
    assert sent.json()["result"]["text"] == "a b\nc"
    broken = b'{"chat_id": %d, "text": "\\ud800"}' % ann.id
    refusal = await raw.post("sendMessage", content=broken, headers={"Content-Type": "application/json"})
    assert "UTF-8" in refusal.json()["description"]
    assert (await raw.post("getMe", content=b"{", headers={"Content-Type": "application/json"})).status_code == 400
    assert len(server.violations) == 2


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"chat_id": 1}, '"text" is required'),
    ("sendMessage", {"chat_id": 1, "text": "a", "texts": "b"}, 'no parameter "texts"'),
    ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [{"text": "a"}]}}, "array"),
    (
        "sendMessage",
        {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "data": "b"}]]}},
        "InlineKeyboardButton has no field data",
    ),
    ("sendMessage", {"chat_id": 1, "text": "a", "reply_parameters": {"message": 1}}, "lacks message_id"),
    ("setMessageReaction", {"chat_id": 1, "message_id": 1, "reaction": [{"type": "emoji"}]}, "lacks emoji"),
    ("editMessageMedia", {"media": {"type": "video"}}, "InputMediaVideo lacks media"),
    ("sendVideo", {"chat_id": 1, "video": "a", "duration": "soon"}, "duration"),
    ("getUpdates", {"allowed_updates": [1]}, "must be a string"),
]


@needs_spec
@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize(("method", "params", "reason"), WRONG)
async def test_calls_are_held_to_the_official_description(
    server: TelegramServer, raw: httpx.AsyncClient, method: str, params: dict[str, Any], reason: str, form: bool
) -> None:
    as_form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
    response = await (raw.post(method, data=as_form) if form else raw.post(method, json=params))
    assert response.status_code == 400
    assert reason in response.json()["description"]
    assert len(server.violations) == 1


@needs_spec
async def test_json_has_types_where_a_form_has_texts(server: TelegramServer, raw: httpx.AsyncClient) -> None:
    await server.person("Ann").say("/start")
    [chat] = server.world.chats
    assert (await raw.post("sendMessage", data={"chat_id": str(chat), "text": "5"})).status_code == 200
    assert (await raw.get("sendMessage", params={"chat_id": chat, "text": "5"})).status_code == 200
    for wrong in ({"chat_id": chat, "text": 5}, {"chat_id": [chat], "text": "5"}):
        assert (await raw.post("sendMessage", json=wrong)).status_code == 400
    assert [call.params["chat_id"] for call in server.calls[:2]] == [chat, chat]
    assert len(server.violations) == 2


async def test_unknown_methods_are_refused(server: TelegramServer, raw: httpx.AsyncClient) -> None:
    assert (await raw.post("sendNothing")).status_code in (404, 501)
    assert (
        await raw.post("sendPoll", json={"chat_id": 1, "question": "?", "options": [{"text": "a"}]})
    ).status_code == 501
    assert len(server.violations) == 2


BAD_BUTTONS = [
    ({"callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
    ({}, "Text buttons are unallowed"),
    ({"callback_data": "a", "url": "https://a.example"}, "callback_data"),
    ({"url": "https://localhost/"}, "Wrong HTTP URL"),
    ({"web_app": {"url": "http://a.example/"}}, "Only HTTPS"),
    ({"url": f"https://t.me/a_bot?start={'x' * 65}"}, "deep link"),
    ({"callback_data": "a", "style": "purple"}, "STYLE"),
    ({"pay": True}, "BUTTON_TYPE_INVALID"),
]


@pytest.mark.parametrize(("button", "reason"), BAD_BUTTONS)
async def test_buttons_have_limits(
    server: TelegramServer, raw: httpx.AsyncClient, button: dict[str, Any], reason: str
) -> None:
    ann = server.person("Ann")
    await ann.say("/start")
    markup = {"inline_keyboard": [[{"text": "Go", **button}]]}
    response = await raw.post("sendMessage", json={"chat_id": ann.id, "text": "a", "reply_markup": markup})
    assert reason in response.json()["description"]
    assert len(server.violations) == 1


async def test_edits(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    hers = await ann.say("/start")
    message = await bot.send_video(ann.id, CLIP, caption="One", reply_markup=BUTTONS)
    with refused(BadRequest, "not modified"):
        await message.edit_reply_markup(BUTTONS)
    await message.edit_reply_markup()
    with refused(BadRequest, "not modified"):
        await message.edit_reply_markup()
    await message.edit_caption("Two", reply_markup=BUTTONS)
    await message.edit_media(InputMediaVideo(CLIP + b"2", caption="Three"), reply_markup=BUTTONS)
    shown = await chat.shown(lambda m: m.text == "Three")
    assert [body["caption"] for body in shown] == ["One", "One", "Two", "Three"]
    with refused(BadRequest, "no text in the message"):
        await message.edit_text("Four")
    with refused(BadRequest, "to edit not found"):
        await bot.edit_message_text("Four", ann.id, 999)
    with refused(BadRequest, "can't be edited"):
        await bot.edit_message_text("Four", ann.id, hers.id)
    await message.delete()
    await chat.gone(shown)
    with refused(BadRequest, "to delete not found"):
        await message.delete()
    with refused(BadRequest, "replied not found"):
        await bot.send_message(ann.id, "a", reply_parameters=ReplyParameters(message.message_id))
    late = await bot.send_message(ann.id, "Old")
    server.clock.jump(49 * 3600)
    with refused(BadRequest, "can't be deleted"):
        await late.delete()
    assert server.violations == []


async def test_queries_and_updates_grow_old(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    await ann.say("/start")
    await bot.send_message(ann.id, "Go?", reply_markup=BUTTONS)
    query = ann.press(server.private(ann).last, b"\xff anything")
    server.clock.jump(100)
    young = ann.press(server.private(ann).last, "on")
    server.clock.jump(60)
    with refused(BadRequest, "query is too old"):
        await bot.answer_callback_query(query.id)
    await bot.answer_callback_query(young.id)
    with refused(BadRequest, "query is too old"):
        await bot.answer_callback_query(young.id)
    updates = await bot.get_updates()
    assert [
        (update.message is not None, update.callback_query and update.callback_query.data) for update in updates
    ] == [
        (True, None),
        (False, "on"),
    ]
    server.clock.jump(24 * 3600)
    assert await bot.get_updates() == ()
    assert len(server.updates.lost) == 3


async def test_updates_are_confirmed_by_the_offset_only(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    for text in "abc":
        await ann.say(text)
    first = await bot.get_updates(limit=2)
    assert await bot.get_updates(limit=2) == first
    [third] = await bot.get_updates(first[-1].update_id + 1)
    server.redeliver(server.updates.seen[0])
    again = await bot.get_updates(third.update_id + 1)
    assert again == first[:1]
    assert await bot.get_updates(third.update_id + 1) == ()


async def test_held_updates_come_in_another_order(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    server.hold()
    for text in "abc":
        await ann.say(text)
    assert await bot.get_updates() == ()
    server.release(reversed)
    updates = await bot.get_updates()
    assert [update.message.text for update in updates if update.message] == ["c", "b", "a"]
    assert [update.update_id for update in updates] == sorted(update.update_id for update in updates)


async def test_a_second_poller_ends_the_first(server: TelegramServer, bot: Bot) -> None:
    async with new_bot(server) as other:
        first = asyncio.create_task(bot.get_updates(timeout=20))
        while server.world.counts["getUpdates"] < 1:
            await asyncio.sleep(0.01)
        second = asyncio.create_task(other.get_updates(timeout=20))
        with refused(Conflict, "terminated by other getUpdates"):
            await first
        await server.person("Ann").say("/start")
        assert len(await second) == 1


async def test_a_webhook_gets_what_it_did_not_take_again(server: TelegramServer, bot: Bot, serve: Serve) -> None:
    seen: list[tuple[str | None, dict[str, Any]]] = []

    async def take(request: web.BaseRequest) -> web.Response:
        seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), json.loads(await request.read())))
        if len(seen) < 3:
            return web.Response(status=500)
        update = seen[-1][1]
        return web.json_response({"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": "Yes"})

    server.reach.lead("https://bot.example", await serve(take))
    with refused(BadRequest, "HTTPS"):
        await bot.set_webhook("http://bot.example/telegram")
    await bot.set_webhook("https://bot.example/telegram", secret_token="very-secret")
    with refused(Conflict, "webhook is active"):
        await bot.get_updates()
    ann = server.person("Ann")
    await ann.say("/start")
    await server.private(ann).shown(lambda m: m.text == "Yes")
    assert {secret for secret, _ in seen} == {"very-secret"}
    assert len({update["update_id"] for _, update in seen}) == 1
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.last_error_message) == (
        0,
        "Wrong response from the webhook: 500 Internal Server Error",
    )
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_ordered_faults_strike(server: TelegramServer, raw: httpx.AsyncClient) -> None:
    ann, ben = server.person("Ann"), server.person("Ben")
    await ann.say("/start")
    await ben.say("/start")
    send = {"chat_id": ann.id, "text": "Hello"}
    server.faults.flood(7, method="sendMessage", chat=ann.id)
    assert (await raw.post("sendMessage", json={**send, "chat_id": ben.id})).status_code == 200
    assert (await raw.post("sendMessage", json=send)).json()["parameters"] == {"retry_after": 7}
    server.faults.broken(502)
    broken = await raw.post("getMe")
    assert broken.status_code == 502
    assert "html" in broken.text
    server.faults.reset()
    with pytest.raises(httpx.TransportError):
        await raw.post("sendMessage", json=send)
    assert not server.private(ann).find(lambda m: m.text == "Hello")
    server.faults.lost_answer()
    with pytest.raises(httpx.TransportError):
        await raw.post("sendMessage", json=send)
    assert server.private(ann).find(lambda m: m.text == "Hello")
    slow = server.faults.slow(0.05, times=None)
    assert (await raw.post("getMe")).status_code == 200
    slow.lift()
    assert slow.struck == 1
    server.faults.migrated(-100, chat=ann.id, times=1)
    assert (await raw.post("sendMessage", json=send)).json()["parameters"] == {"migrate_to_chat_id": -100}
    assert (await raw.post("sendMessage", json=send)).status_code == 200
    assert server.violations == []
