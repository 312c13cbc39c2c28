"""A creator in a private chat at the local Bot API server: sends, writes and presses, and reads what comes of it."""

from __future__ import annotations

import io
import zipfile

from tests.fakes.telegram import Chat, Message, Person, TelegramServer
from tests.fakes.telegram.methods.answers import CallbackAnswer

GATE = """\
title: Gate
synopsis: A gate.
language: en
variables:
  trust: {type: integer, from: 0, to: 3, start: 0}
  name: {type: text, length: 20, start: stranger}
episodes:
  one:
    title: One
    start: gate
    scenes:
      gate:
        clip: clips/gate.mp4
        lines: [{narrator: Here is the gate.}]
        choices:
          in: {label: Go in, do: [trust += 1], to: yard}
          locked: {label: Climb, if: trust >= 2, else: locked, to: yard}
          call: {label: Call, ask: name, to: yard}
      yard:
        lines: [{narrator: "The yard, {name}."}]
        choices:
          back: {label: Go back, to: gate}
          end: {label: Go on, to: hall}
      hall:
        ending: {title: The hall, kind: happy}
"""
"""A story with a lock, a question and one clip, which its sender may leave out."""

RENAMED = (
    GATE.replace("The yard,", "The big yard,")
    .replace("to: yard", "to: garden")
    .replace("      yard:\n", "      garden:\n        was: yard\n")
)
"""The same, where the yard has become a garden."""

BROKEN = GATE.replace("to: yard", "to: yrad", 1)


def zipped(**files: str | bytes) -> bytes:
    """A story's folder as a zip; a dot is `_` in a name, a slash `__`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return packed.getvalue()


class Creator:
    """`told` is what the bot shows since the last thing they did: a new message, or one that was changed."""

    def __init__(self, server: TelegramServer, name: str = "Ann", person: Person | None = None) -> None:
        self.person = person or server.person(name, language="en")
        self.chat: Chat = server.private(self.person)
        self._before: dict[int, tuple[str, list[str]]] = {}

    async def say(self, text: str, *words: str) -> Message:
        """Write, and wait for an answer with these words."""
        self.look()
        await self.person.say(text)
        return await self.told(*words)

    async def send(self, content: str | bytes, name: str, *words: str, caption: str = "") -> Message:
        """Send a document, and wait for an answer."""
        self.look()
        await self.person.send("document", content.encode() if isinstance(content, str) else content, name, caption)
        return await self.told(*words)

    async def film(self, kind: str, content: bytes, caption: str, *words: str, name: str = "IMG_1.MP4") -> Message:
        """Send a video or an animation, and wait for an answer."""
        self.look()
        await self.person.send(kind, content, name, caption, mime="video/mp4")
        return await self.told(*words)

    async def tap(self, message: Message, which: str, *words: str) -> Message:
        """Press a button, and wait for what comes of it."""
        self.look()
        await self.press(message, which)
        return await self.told(*words)

    async def press(self, message: Message, which: str) -> CallbackAnswer:
        """Press a button: how the press itself is answered."""
        return await self.person.tap(message, which)

    async def told(self, *words: str) -> Message:
        """The newest message of the bot's that is new or changed since, and has all these words."""
        return await self.chat.shown(lambda one: self._new(one) and all(word in one.text for word in words))

    def look(self) -> None:
        """What is there by now is not new."""
        self._before = {one.id: (one.text, one.buttons) for one in self.chat.messages}

    def _new(self, message: Message) -> bool:
        """Of a scene that is over, only its buttons went."""
        text, buttons = self._before.get(message.id, ("", []))
        over = bool(buttons) and not message.buttons and message.text.startswith(text)
        by_bot = message.body.get("from", {}).get("is_bot", True)
        return bool(by_bot) and not over and (message.text, message.buttons) != (text, buttons)
