"""Hostile texts, as messages and as stories: nothing breaks, nothing is taken for markup, and the chat goes on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.telegram import Message, TelegramServer
from tests.journeys.ferry import write_ferry
from tests.journeys.ferry_goer import FerryGoer
from tests.journeys.harbour import Harbour
from tests.journeys.hostile_texts import HOSTILE_TEXTS

OURS = re.compile(r"</?[bi]>")
"""The markup that scenes and pages are made with."""

UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
"""What turns text around or hides in it."""

PLAIN_ENTITIES = {"bold", "italic", "bot_command", "url", "mention", "hashtag", "cashtag", "email"}
"""What the bot itself means, and what Telegram finds in any text."""


@pytest.fixture
async def harbour(tmp_path: Path) -> AsyncIterator[Harbour]:
    """Afterwards the bot must have kept to the official description, and let nobody's markup through."""
    write_ferry(tmp_path / "stories")
    async with TelegramServer() as server:
        yield Harbour(server, tmp_path)
        assert server.violations == []
        assert_nothing_is_unescaped(server)


def assert_nothing_is_unescaped(server: TelegramServer) -> None:
    said = [text for call in server.calls if call.method != "getUpdates" for text in texts(call.params)]
    assert not [text for text in said if UNSEEN.search(text)]
    shown = [message for chat in server.world.chats.values() for message in chat.messages if bot_said(server, message)]
    kinds = {kind for message in shown for kind in entities(message)}
    assert kinds <= PLAIN_ENTITIES
    for call in server.calls:
        for name in ("text", "caption"):
            html = call.params.get(name) if call.params.get("parse_mode") == "HTML" else None
            assert "<" not in OURS.sub("", html or "")


def texts(value: Any) -> Iterator[str]:
    """Every text in what a call said."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def bot_said(server: TelegramServer, message: Message) -> bool:
    return bool(message.body.get("from", {}).get("id") == server.world.me["id"])


def entities(message: Message) -> list[str]:
    found = [*message.body.get("entities", []), *message.body.get("caption_entities", [])]
    return [entity["type"] for entity in found]


def seen(text: str) -> str:
    """A text as people read it, spaces and joiners aside: what a typed name has of them is a matter of taste."""
    return "".join(UNSEEN.sub("", text.replace("\u200d", "")).split())


# -- what people send


async def heard(goer: FerryGoer, text: str) -> Message:
    """Says it, and waits for whatever comes back."""
    mine = await goer.person.say(text)
    return await goer.chat.shown(lambda message: message.body["from"]["id"] != goer.id, mine)


async def provoke(goer: FerryGoer, text: str) -> None:
    """The text in every place where a person can put one."""
    assert (await heard(goer, text)).text
    assert (await heard(goer, f"/play {text}")).text
    assert (await heard(goer, f"/start {text}")).buttons
    for payload in ("s-", "p-", "b-"):
        assert (await heard(goer, f"/start {payload}{text}")).text
    assert (await heard(goer, f"/{text}")).text
    assert (await goer.person.tap_data(goer.chat.last, text.encode()[:64])).text.startswith("That button is not one")
    await goer.person.inline(text)


async def sign(goer: FerryGoer, text: str) -> Message:
    """Plays on with the text as a name: the scene that says it."""
    pier = await goer.begin()
    await goer.person.tap(pier, "Sign the book")
    await goer.chat.shown(lambda message: "Write your answer" in message.text, pier)
    deck = await goer.next_scene(await goer.person.say(text))
    return await goer.go_on(deck)


async def test_fifty_hostile_texts_in_every_place_and_the_chat_goes_on(harbour: Harbour) -> None:
    async with harbour.bot() as app:
        goers = [harbour.goer(text[:64]) for text in HOSTILE_TEXTS]
        await asyncio.gather(*map(provoke, goers, HOSTILE_TEXTS))
        piers = await asyncio.gather(*map(sign, goers, HOSTILE_TEXTS))
        for goer, text, pier in zip(goers, HOSTILE_TEXTS, piers, strict=True):
            assert seen(pier.text).startswith(f"Thepier,{seen(text)[:8]}")
            harbour.assert_counted(goer, 2)
        assert list(await app.store.troubles(100)) == []


RANDOM_BYTES = (b"", b"\x00", b"\xff" * 64, bytes(range(64)), b"A" * 64, b"AAAAAAAA:", b"AAAAAAAA/", b"A" * 10_000)


async def test_buttons_with_any_bytes_are_refused_kindly(harbour: Harbour) -> None:
    async with harbour.bot():
        ann, ben = harbour.goers("Ann", "Ben")
        pier, _ = await asyncio.gather(ann.begin(), ben.begin())
        real: str = pier.button(0)["callback_data"]
        changed = [real[:at] + chr(ord(real[at]) ^ 1) + real[at + 1 :] for at in range(len(real))]
        cut = [real[:at] for at in range(len(real))]
        forged: list[str | bytes] = [*changed, *cut, real + "x", *RANDOM_BYTES]
        presses = [ann.person.tap_data(pier, data) for data in forged]
        for answer in await asyncio.gather(*presses):
            assert answer.text.startswith("That button is not one of mine")
        # A real one, in the hands of somebody else.
        assert "Somebody else" in (await ben.person.tap_data(ben.chat.last, real)).text
        harbour.assert_counted(ann, 0)
        await ann.go_on(pier)


# -- what creators write


def write_hostile_story(folder: Path, text: str) -> None:
    """A story of which every text is that one."""
    braced = text.replace("{", "{{").replace("}", "}}")
    scene = {
        "title": braced[:100],
        "lines": [{"ann": braced}, {"narrator": braced * 20}],
        "choices": {"go": {"label": braced[:60], "to": "end"}},
    }
    end = {"lines": [{"narrator": braced}], "ending": {"title": braced[:100], "kind": "open"}}
    story = {
        "title": braced[:100],
        "synopsis": braced[:500],
        "genres": [text[:100]],
        "rating": "all",
        "language": "en",
        "cast": {"ann": {"name": braced[:100]}},
        "episodes": {"one": {"title": braced[:100], "scenes": {"first": scene, "end": end}}},
    }
    folder.mkdir(parents=True)
    (folder / "story.yaml").write_text(yaml.safe_dump(story, allow_unicode=True, sort_keys=False), encoding="utf-8")


async def play_through(goer: FerryGoer, story: str) -> list[Message]:
    """Everything that the bot shows of a story: its scenes and every page about it."""
    card = await heard(goer, f"/start s-{story}")
    first = await heard(goer, f"/play {story}")
    scene = await goer.chat.shown(lambda message: len(message.buttons) == 1, card)
    await goer.person.tap(scene, 0)
    end = await goer.chat.shown(lambda message: "New ending" in message.text, scene)
    endings, rewind = await heard(goer, "/endings"), await heard(goer, "/rewind")
    found = await goer.person.inline(story)
    assert found.results
    return [card, first, end, endings, rewind]


async def test_stories_made_of_hostile_texts_are_played_and_shown_as_they_are_written(harbour: Harbour) -> None:
    names = [f"hostile-{number}" for number in range(len(HOSTILE_TEXTS))]
    for name, text in zip(names, HOSTILE_TEXTS, strict=True):
        write_hostile_story(harbour.folder / "stories" / name, text)
    async with harbour.bot() as app:
        told = {name: text for name, text in zip(names, HOSTILE_TEXTS, strict=True) if name not in app.library.broken}
        assert len(told) > 40
        shown = await asyncio.gather(*(play_through(harbour.goer(), name) for name in told))
        for text, (card, first, *_) in zip(told.values(), shown, strict=True):
            wanted = seen(text)[:20]
            assert wanted in seen(card.text)
            assert wanted in seen(first.text)
        ann = harbour.goer()
        for name in app.library.broken:
            assert "being mended" in (await heard(ann, f"/play {name}")).text
        assert list(await app.store.troubles(100)) == []


async def test_a_map_of_hostile_texts_is_drawn(harbour: Harbour) -> None:
    write_hostile_story(harbour.folder / "stories" / "hostile", "".join(HOSTILE_TEXTS[:3]))
    async with harbour.bot():
        ann = harbour.goer()
        await play_through(ann, "hostile")
        assert (await heard(ann, "/map")).kind == "photo"


# -- updates that make no sense

SENSELESS: list[tuple[str, Any]] = [
    ("message", None),
    ("message", []),
    ("message", {}),
    ("message", {"message_id": 1, "date": 0, "chat": {"id": "x", "type": "private"}, "text": "hello"}),
    ("message", {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "from": {"id": None}, "text": "?"}),
    ("callback_query", {"id": "1", "from": {"id": 1, "is_bot": False, "first_name": "x"}, "chat_instance": "1"}),
    ("callback_query", {"id": "1", "from": {}, "message": {"chat": {"id": []}}}),
    ("inline_query", {"id": "1", "from": {"id": 2**70, "is_bot": False, "first_name": "x"}, "query": "", "offset": ""}),
    ("my_chat_member", {"chat": {}, "from": {}}),
    ("a_kind_of_next_year", {"id": 1}),
]


async def test_updates_that_make_no_sense_are_set_aside_and_hold_nobody_up(harbour: Harbour) -> None:
    async with harbour.bot():
        ann = harbour.goer()
        pier = await ann.begin()
        harbour.server.updates.allowed = None
        harbour.server.hold()
        for kind, content in SENSELESS:
            harbour.server.world.emit(kind, content, "nobody")
        await ann.person.say("half a letter: \ud83d")
        ann.press(pier)
        harbour.server.release()
        await ann.go_on(await ann.next_scene(pier))
        await harbour.taken()
        harbour.assert_counted(ann, 2)
