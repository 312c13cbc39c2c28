"""The project's own Bot API server: the people and chats around the bot."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommandScopeAllGroupChats,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputMediaVideo,
    InputTextMessageContent,
    LabeledPrice,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from tests.fakes.telegram import TelegramServer, fixtures
from tests.fakes.telegram.crowd import Crowd
from tests.fakes.telegram.fixtures import BUTTONS, CLIP, PICTURE, Serve, new_bot, refused
from tests.fakes.telegram.limits import DOWNLOAD_BYTES
from tests.fakes.telegram.remote import RemoteTelegram

server, bot, raw, serve = fixtures.server, fixtures.bot, fixtures.raw, fixtures.serve
retry_after_in_its_new_form = fixtures.retry_after_in_its_new_form


async def test_who_does_not_want_the_bot(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    with refused(Forbidden, "can't initiate"):
        await bot.send_message(ann.id, "Hello")
    await ann.say("/start")
    ann.block()
    with refused(Forbidden, "blocked by the user"):
        await bot.send_message(ann.id, "Hello")
    ann.unblock()
    await bot.send_message(ann.id, "Hello")
    members = [update.my_chat_member for update in await bot.get_updates()]
    assert [one.new_chat_member.status for one in members if one] == ["kicked", "member"]
    with refused(BadRequest, "chat not found"):
        await bot.send_message(123, "Hello")
    assert server.violations == []


async def test_tokens(server: TelegramServer, bot: Bot) -> None:
    assert (await bot.get_me()).username == "cliffhanger_bot"
    with pytest.raises(InvalidToken):
        async with new_bot(server, "1:wrong"):
            pass
    server.revoke()
    with pytest.raises(InvalidToken):
        await bot.get_me()


async def test_the_real_limits_hold_when_asked(server: TelegramServer, bot: Bot) -> None:
    ann, ben = server.person("Ann"), server.person("Ben")
    await ann.say("/start")
    await ben.say("/start")
    server.flood = True
    for _ in range(3):
        await bot.send_message(ann.id, "a")
    with pytest.raises(RetryAfter):
        await bot.send_message(ann.id, "a")
    await bot.send_message(ben.id, "a")
    server.clock.jump(2)
    await bot.send_message(ann.id, "a")


async def test_stars(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    await ann.say("/start")
    price = [LabeledPrice("Episode two", 50)]
    with refused(BadRequest, "exactly one price"):
        await bot.send_invoice(ann.id, "Two", "Episode two", "e2", "XTR", price * 2, provider_token="")
    await bot.send_invoice(ann.id, "Two", "Episode two", "e2", "XTR", price, provider_token="")
    offset = (await bot.get_updates())[-1].update_id + 1

    paying = asyncio.create_task(ann.pay(chat.last))
    [asked] = await bot.get_updates(offset, timeout=5)
    assert asked.pre_checkout_query
    await asked.pre_checkout_query.answer(ok=True)
    payment = await paying
    assert payment.paid
    await ann.pay_again(payment)
    once, twice = await bot.get_updates(asked.update_id + 1)
    assert once.message == twice.message
    assert once.message
    assert once.message.successful_payment
    assert once.message.successful_payment.telegram_payment_charge_id == payment.charge
    await bot.refund_star_payment(ann.id, payment.charge)
    with refused(BadRequest, "CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(ann.id, payment.charge)
    [refund] = await bot.get_updates(twice.update_id + 1)
    assert refund.message
    assert refund.message.refunded_payment
    listed = (await bot.get_star_transactions()).transactions
    assert [(one.id, one.source is None) for one in listed] == [(payment.charge, False), (payment.charge, True)]


async def test_a_payment_fails_when_the_bot_says_no_or_nothing(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    await ann.say("/start")
    offset = (await bot.get_updates())[-1].update_id + 1
    link = await bot.create_invoice_link("Two", "Episode two", "e2", "XTR", [LabeledPrice("Two", 50)])
    paying = asyncio.create_task(ann.pay_link(link))
    [asked] = await bot.get_updates(offset, timeout=5)
    assert asked.pre_checkout_query
    await asked.pre_checkout_query.answer(ok=False, error_message="Sold out")
    assert (await paying).error == "Sold out"

    paying = asyncio.create_task(ann.pay_link(link))
    [asked] = await bot.get_updates(asked.update_id + 1, timeout=5)
    server.clock.jump(11)
    assert not (await paying).paid
    assert asked.pre_checkout_query
    with refused(BadRequest, "query is too old"):
        await asked.pre_checkout_query.answer(ok=True)
    assert server.violations == []


async def test_files(server: TelegramServer, bot: Bot, serve: Serve, raw: httpx.AsyncClient) -> None:
    async def give(request: web.BaseRequest) -> web.Response:
        if request.path == "/clip.mp4":
            return web.Response(body=CLIP, content_type="video/mp4")
        if request.path == "/long.mp4":
            return web.Response(body=bytes(20 * 1024 * 1024 + 1), content_type="video/mp4")
        return web.Response(text="gone", status=404 if request.path == "/gone.mp4" else 200)

    server.reach.lead("https://clips.example", await serve(give))
    ann = server.person("Ann")
    await ann.say("/start")
    by_url = await bot.send_video(ann.id, "https://clips.example/clip.mp4")
    uploaded = await bot.send_video(ann.id, CLIP)
    assert by_url.video
    assert uploaded.video
    assert by_url.video.file_unique_id == uploaded.video.file_unique_id
    for url, reason in [
        ("https://clips.example/gone.mp4", "failed to get HTTP URL content"),
        ("https://clips.example/long.mp4", "failed to get HTTP URL content"),
        ("https://elsewhere.example/a.mp4", "failed to get HTTP URL content"),
        ("https://clips.example/page", "wrong type of the web page content"),
        ("no-such-id", "wrong file identifier/HTTP URL specified"),
    ]:
        with refused(BadRequest, reason):
            await bot.send_video(ann.id, url)
    with refused(BadRequest, "can't use file of type Video as Photo"):
        await bot.send_photo(ann.id, uploaded.video.file_id)
    other = server.new_bot("other_bot")
    theirs = httpx.URL(f"{server.url}/bot{other.token}/getFile", params={"file_id": uploaded.video.file_id})
    assert (await raw.get(theirs)).json()["description"].startswith("Bad Request: wrong file identifier")
    too_big = await raw.post("sendVideo", data={"chat_id": ann.id}, files={"video": bytes(50 * 1024 * 1024 + 1)})
    assert too_big.status_code == 413
    assert server.violations == []


async def test_albums_and_copies(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    await ann.say("/start")
    album = await bot.send_media_group(ann.id, [InputMediaPhoto(PICTURE, caption="One"), InputMediaVideo(CLIP)])
    assert len({message.media_group_id for message in album}) == 1
    copied = await bot.copy_message(ann.id, ann.id, album[0].message_id, caption="Two")
    assert server.private(ann).by_id[copied.message_id].text == "Two"
    with refused(BadRequest, "2-10 items"):
        await bot.send_media_group(ann.id, [InputMediaPhoto(PICTURE)])
    assert len(server.violations) == 1


async def test_groups(server: TelegramServer, bot: Bot) -> None:
    ann, ben = server.person("Ann"), server.person("Ben")
    group = server.group("Friends", [ann, ben])
    await ben.say("the bot must not see this", group)
    await ben.say("/watch lighthouse", group)
    await ben.say("/watch@another_bot", group)
    told = await bot.get_updates()
    assert [(update.my_chat_member is not None, update.message and update.message.text) for update in told] == [
        (True, None),
        (False, "/watch lighthouse"),
    ]
    assert [admin.user.id for admin in await bot.get_chat_administrators(group.id)] == [ann.id]
    assert (await bot.get_chat_member(group.id, ben.id)).status == "member"
    with refused(BadRequest, "not enough rights"):
        await bot.pin_chat_message(group.id, (await bot.send_message(group.id, "Vote!")).message_id)
    heir = server.migrate(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "Where are you?")
    assert moved.value.new_chat_id == heir.id
    server.bot_becomes(heir, "administrator")
    message = await bot.send_message(heir.id, "Vote!")
    await message.pin()
    pinned = (await bot.get_chat(heir.id)).pinned_message
    assert pinned == message
    server.bot_becomes(heir, "kicked")
    with refused(Forbidden, "bot was kicked from the supergroup chat"):
        await bot.send_message(heir.id, "Hello?")
    assert server.violations == []


async def test_topics_and_those_who_hide(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    forum = server.group("Friends", [ann], topics=True, admin=True)
    thread = forum.topic("Tonight")
    await server.anonymous(forum).say("/watch", forum, topic=thread)
    await server.in_the_name_of(server.channel("News")).say("/watch", forum)
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [(one.from_user.id, one.sender_chat.type) for one in messages if one.from_user and one.sender_chat] == [
        (1087968824, "supergroup"),
        (136817688, "channel"),
    ]
    assert messages[0].message_thread_id == thread
    sent = await bot.send_message(forum.id, "Vote!", message_thread_id=thread, reply_markup=BUTTONS)
    assert sent.is_topic_message
    with refused(BadRequest, "message thread not found"):
        await bot.send_message(forum.id, "Vote!", message_thread_id=999)
    with refused(BadRequest, "EFFECT_ID_INVALID"):
        await bot.send_message(forum.id, "Vote!", message_effect_id="5104841245755180586")


async def test_inline_mode(server: TelegramServer, bot: Bot) -> None:
    ann, ben = server.person("Ann"), server.person("Ben")
    friends = server.private(ben)
    searching = asyncio.create_task(ann.inline("last"))
    [update] = await bot.get_updates(timeout=5)
    assert update.inline_query
    card = InlineQueryResultArticle("1", "The Last Train", InputTextMessageContent("Play it"), reply_markup=BUTTONS)
    await update.inline_query.answer([card])
    shared = ann.share(await searching, 0, friends)
    ben.press(shared, "on")
    [chosen, tapped] = await bot.get_updates(update.update_id + 1)
    assert chosen.chosen_inline_result
    assert tapped.callback_query
    assert tapped.callback_query.inline_message_id == chosen.chosen_inline_result.inline_message_id
    assert await bot.edit_message_text("Played", inline_message_id=shared.inline_id)
    assert (shared.text, shared.buttons) == ("Played", [])
    assert server.violations == []


async def test_the_menu(server: TelegramServer, bot: Bot) -> None:
    ann, ben = server.person("Ann", "es"), server.person("Ben", "en")
    group = server.group("Friends", [ann, ben])
    await bot.set_my_commands([("play", "Play")])
    await bot.set_my_commands([("jugar", "Jugar")], language_code="es")
    await bot.set_my_commands([("watch", "Watch")], BotCommandScopeAllGroupChats())
    assert (ann.commands(), ben.commands(), ann.commands(group)) == (["jugar"], ["play"], ["watch"])
    await bot.set_my_description("Dramas", "en")
    assert (await bot.get_my_description("en")).description == "Dramas"
    await bot.set_chat_menu_button(menu_button=MenuButtonWebApp("Play", WebAppInfo("https://bot.example/")))
    assert server.world.menu_button["type"] == "web_app"
    assert server.violations == []
    with refused(BadRequest, "BOT_COMMAND_INVALID"):
        await bot.set_my_commands([("Play", "Play")])


async def test_reactions_and_actions(server: TelegramServer, bot: Bot) -> None:
    ann = server.person("Ann")
    chat = server.private(ann)
    hers = await ann.say("Bravo")
    await bot.set_message_reaction(ann.id, hers.id, "🔥")
    await bot.send_chat_action(ann.id, "upload_video")
    assert hers.reactions[server.world.me["id"]][0]["emoji"] == "🔥"
    assert chat.actions == [("upload_video", None)]
    with refused(BadRequest, "REACTION_INVALID"):
        await bot.set_message_reaction(ann.id, hers.id, "🚂")
    ann.react(hers, "👏")
    asked = await bot.get_updates(allowed_updates=["message", "message_reaction"])
    assert len(asked) == 1
    ann.react(hers, "🔥")
    assert (await bot.get_updates())[-1].message_reaction


async def test_without_the_checks_the_server_still_answers() -> None:
    async with TelegramServer(checks=False, record=False) as server, new_bot(server) as bot:
        ann = server.person("Ann")
        await ann.say("/start")
        await bot.send_message(ann.id, "Hello", reply_markup=BUTTONS)
        assert server.world.spec is None
        assert server.calls == []
        assert server.world.counts["sendMessage"] == 1


async def test_a_server_in_another_process_takes_the_same_orders() -> None:
    async with RemoteTelegram() as server, Bot(server.token, base_url=f"{server.url}/bot") as bot:
        ann = await server.person("Ann", "es")
        await ann.say("/start")
        [update] = await bot.get_updates(timeout=5)
        showing = asyncio.create_task(ann.home.shown(lambda m: "Stay" in m.buttons))
        await bot.send_message(ann.id, "Go?", reply_markup=BUTTONS)
        message = await showing
        tapping = asyncio.create_task(ann.tap(message, "Stay"))
        [tapped] = await bot.get_updates(update.update_id + 1, timeout=5)
        assert tapped.callback_query
        await tapped.callback_query.answer("As you like")
        assert (await tapping).text == "As you like"
        await server.fault("flood", retry_after=3, method="sendMessage")
        with pytest.raises(RetryAfter):
            await bot.send_message(ann.id, "Again")
        await server.jump(200)
        await ann.press(message, "Stay")
        with pytest.raises(LookupError, match="no order"):
            await server.order("dance")
        assert [call["method"] for call in await server.calls()][-1] == "sendMessage"
        assert await server.violations() == []


async def test_a_crowd_taps_whatever_it_sees(server: TelegramServer, bot: Bot) -> None:
    crowd = Crowd(server, people=3, taps=9, avoid="Stay")
    await crowd.begin()
    offset = 0
    while len(crowd.waits) < 9:
        for update in await bot.get_updates(offset, timeout=5):
            offset = update.update_id + 1
            if update.callback_query:
                assert update.callback_query.data == "on"
                await update.callback_query.answer()
            assert update.effective_user
            await bot.send_message(update.effective_user.id, "Next", reply_markup=BUTTONS)
    result = crowd.result()
    assert (result["taps"], result["scenes"], result["waiting"]) == (9, 9, 0)


@pytest.mark.parametrize(("kind", "content"), [
    ("document", b"title: Tale"), ("video", CLIP), ("animation", CLIP), ("photo", PICTURE),
])  # fmt: skip
async def test_what_people_send_is_a_message_as_described(
    server: TelegramServer, bot: Bot, kind: str, content: bytes
) -> None:
    ann = server.person("Ann")
    sent = await ann.send(kind, content, "tale.yaml", "Here", mime="text/yaml", album="7")
    if server.world.spec is not None:
        assert server.world.spec.type_check(["Message"])(sent.body) is None
    [update] = await bot.get_updates()
    assert update.message
    assert (update.message.caption, update.message.media_group_id) == ("Here", "7")
    assert (update.message.document is not None) == (kind in ("document", "animation"))
    assert await (await bot.get_file(sent.file_id)).download_as_bytearray() == content
    assert server.violations == []


async def test_what_is_too_large_for_a_bot_is_not_handed_out(server: TelegramServer, bot: Bot) -> None:
    sent = await server.person("Ann").send("document", bytes(DOWNLOAD_BYTES + 1), "tale.zip")
    with refused(BadRequest, "file is too big"):
        await bot.get_file(sent.file_id)
