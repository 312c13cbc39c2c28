"""Sending: each clip by the first way that works, and success in disguise is success."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import ChatMigrated, NetworkError

from adapters.telegram.chat import Chat
from adapters.telegram.files import Media
from adapters.telegram.sender import Look
from bot.clips.vault.folder import FolderVault
from bot.crew import Lanes
from bot.delivery.couriers import CalledBack, Couriers
from bot.delivery.delivery import Gone, Later, Unshowable
from tests.adapters.telegram.conftest import Parts
from tests.fakes.telegram import Person, TelegramServer
from tests.fakes.telegram.fixtures import CLIP, PICTURE
from tests.fakes.telegram.refusal import BadRequest

PUBLIC = "https://bot.example"
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("On", callback_data="on")]])


def media(tmp_path: Path, *ways: str, content: bytes = CLIP) -> Media:
    file = tmp_path / "clip.mp4"
    file.write_bytes(content)
    return Media("its digest", (*ways, file), 3.0)


async def test_a_clip_is_uploaded_once_and_then_known(parts: Parts, ann: Person, server: TelegramServer) -> None:
    story = parts.app.library.stories["tale"]
    for known in (False, True):
        clip = await parts.sender.files.media(story, "road.mp4", 0, 3.0)
        assert clip is not None
        assert clip.known == known
        await parts.sender.video(Chat(ann.id), clip, "A <b>road</b>", BUTTON, look=Look(spoiler=True, protect=True))
        shown = ann.home.last
        assert (shown.kind, shown.text, shown.buttons) == ("video", "A road", ["On"])
        assert shown.spoiler
        assert shown.protected
    first, second = [call["video"] for call in server.called("sendVideo")]
    assert second == ann.home.last.file_id != first


async def test_an_uploaded_clip_is_sent_from_the_vault_once(
    parts: Parts, ann: Person, server: TelegramServer, tmp_path: Path
) -> None:
    parts.shelf.vault = FolderVault(tmp_path)
    kept = await parts.shelf.vault.put(PICTURE)
    story = replace(parts.app.library.stories["tale"], uploads={"new.jpg": kept.name})
    for known in (False, True):
        picture = await parts.sender.files.media(story, "new.jpg", 0)
        assert picture is not None
        assert (picture.known, picture.key) == (known, kept.digest)
        await parts.sender.photo(Chat(ann.id), picture, "New")
    first, second = [call["photo"] for call in server.called("sendPhoto")]
    assert second == ann.home.last.file_id != first


async def test_one_that_is_gone_from_the_vault_cannot_be_shown(parts: Parts, ann: Person, tmp_path: Path) -> None:
    parts.shelf.vault = FolderVault(tmp_path)
    story = replace(parts.app.library.stories["tale"], uploads={"new.mp4": f"{'a' * 64}.mp4"})
    clip = await parts.sender.files.media(story, "new.mp4", 0)
    assert clip is not None
    with pytest.raises(Unshowable, match="not in the vault"):
        await parts.sender.video(Chat(ann.id), clip, "")


async def test_an_id_that_was_lost_is_replaced(
    parts: Parts, ann: Person, server: TelegramServer, tmp_path: Path
) -> None:
    await parts.sender.files.keep(media(tmp_path), "an id of long ago")
    await parts.sender.video(Chat(ann.id), media(tmp_path, "an id of long ago"), "")
    assert ann.home.last.kind == "video"
    assert await parts.app.store.clip_file(str(parts.bot.id), "its digest") == ann.home.last.file_id


async def test_a_link_that_does_not_open_is_followed_by_an_upload(
    parts: Parts, ann: Person, server: TelegramServer, tmp_path: Path
) -> None:
    await parts.sender.video(Chat(ann.id), media(tmp_path, "lost id", f"{PUBLIC}/clips/gone.mp4"), "")
    assert [call["video"] for call in server.called("sendVideo")][:2] == ["lost id", f"{PUBLIC}/clips/gone.mp4"]
    assert server.files.fetched == [f"{PUBLIC}/clips/gone.mp4"]
    assert ann.home.last.kind == "video"


async def test_no_way_at_all_is_unshowable(parts: Parts, ann: Person) -> None:
    with pytest.raises(Unshowable):
        await parts.sender.video(Chat(ann.id), Media("key", ("lost id",)), "")
    with pytest.raises(Unshowable):
        await parts.sender.video(Chat(ann.id), Media("key", ()), "")


async def test_a_file_that_has_vanished_is_unshowable_and_not_tried_for_ever(
    parts: Parts, ann: Person, tmp_path: Path
) -> None:
    with pytest.raises(Unshowable, match="cannot be read"):
        await parts.sender.video(Chat(ann.id), Media("key", (tmp_path / "gone.mp4",)), "")


async def test_a_clip_that_telegram_refuses_for_another_reason_is_not_tried_again(
    parts: Parts, ann: Person, server: TelegramServer, tmp_path: Path
) -> None:
    server.faults.refuse(BadRequest("VIDEO_CONTENT_TYPE_INVALID"), method="sendVideo", times=None)
    with pytest.raises(Unshowable):
        await parts.sender.video(Chat(ann.id), media(tmp_path, "https://elsewhere.example/a.mp4"), "")
    assert len(server.called("sendVideo")) == 1


async def test_what_is_not_modified_was_done_already(parts: Parts, ann: Person, tmp_path: Path) -> None:
    chat, clip = Chat(ann.id), media(tmp_path)
    text = await parts.sender.text(chat, "Hello")
    video = await parts.sender.video(chat, clip, "A clip", BUTTON)
    assert await parts.sender.edit(chat, text, "Hello", caption=False)
    assert await parts.sender.edit(chat, video, "A clip", BUTTON, caption=True)
    known = Media(clip.key, (ann.home.last.file_id,), clip.seconds, known=True)
    assert await parts.sender.replace(chat, video, known, "A clip", BUTTON)
    assert await parts.sender.replace(chat, video, known, "Another", BUTTON)
    assert ann.home.last.text == "Another"


async def test_a_message_that_is_gone_is_said(parts: Parts, ann: Person, tmp_path: Path) -> None:
    chat = Chat(ann.id)
    text = await parts.sender.text(chat, "Hello")
    await parts.sender.delete(chat, text)
    await parts.sender.delete(chat, text)
    assert not await parts.sender.edit(chat, text, "Hello again", caption=False)
    assert not await parts.sender.replace(chat, text, media(tmp_path), "Hello", None)


async def test_a_clip_takes_the_place_of_another(parts: Parts, ann: Person, tmp_path: Path) -> None:
    chat = Chat(ann.id)
    message = await parts.sender.video(chat, media(tmp_path), "One", BUTTON)
    first = ann.home.last.file_id
    assert await parts.sender.replace(chat, message, media(tmp_path, content=CLIP + b"2"), "Two", None)
    shown = ann.home.last
    assert (shown.id, shown.text, shown.buttons) == (message, "Two", [])
    assert shown.file_id != first


async def test_a_picture_and_a_file_and_a_topic(parts: Parts, server: TelegramServer, ann: Person) -> None:
    group = server.group("Friends", [ann], topics=True)
    topic = group.topic("Films")
    chat = Chat(group.id, topic)
    await parts.sender.photo(chat, PICTURE, "Look")
    await parts.sender.document(chat, b"{}", "all.json", "Everything")
    await parts.sender.text(chat, "Hm.", reply=group.last.id)
    assert [message.thread for message in group.messages[-3:]] == [topic] * 3
    assert [message.kind for message in group.messages[-3:]] == ["photo", "document", "text"]
    assert group.last.reply_to == group.messages[-2].id


async def test_what_goes_wrong_is_told_in_deliverys_words(parts: Parts, server: TelegramServer, ann: Person) -> None:
    chat, group = Chat(ann.id), Chat(server.group("Friends", [ann]).id)
    server.faults.flood(7)
    with pytest.raises(Later) as later:
        await parts.sender.text(group, "x")
    assert later.value.seconds == 7
    # That chat is left alone meanwhile, and no other.
    assert not parts.sender.pace.spare(group.address)
    assert parts.sender.pace.spare(chat.address)
    server.faults.reset()
    with pytest.raises(NetworkError):
        await parts.sender.text(chat, "x")
    server.faults.migrated(-100123, times=1)
    with pytest.raises(ChatMigrated) as moved:
        await parts.sender.text(chat, "x")
    assert moved.value.new_chat_id == -100123
    ann.block()
    with pytest.raises(Gone):
        await parts.sender.text(chat, "x")


async def test_a_message_without_words_is_unshowable(parts: Parts, server: TelegramServer, ann: Person) -> None:
    with pytest.raises(Unshowable):
        await parts.sender.text(Chat(ann.id), " ")
    server.violations.clear()


async def owed() -> bool:
    return True


async def test_nothing_is_sent_where_another_worker_may_speak_by_now(
    parts: Parts, ann: Person, server: TelegramServer
) -> None:
    lanes = Lanes("telegram")
    couriers = Couriers(lanes, lambda address: asyncio.sleep(0), lambda address: None)
    with couriers.calling(str(ann.id), owed):
        await parts.sender.text(Chat(ann.id), "Ours")
        lanes.until = time.monotonic()
        with pytest.raises(CalledBack):
            await parts.sender.text(Chat(ann.id), "Theirs")
    assert [call["text"] for call in server.called("sendMessage")] == ["Ours"]
