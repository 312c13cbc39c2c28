"""A creator at the local Discord: sends files, presses and commands, and the stories they send."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import aiohttp

from tests.fakes.discord import Interaction, Message, Person
from tests.fakes.on_discord import CLIP, read
from tests.fakes.telegram.bell import PATIENCE

NOBODY: frozenset[str] = frozenset()
"""Who may stop anything: a bot that has a studio and no owner."""

CAVE = """\
title: Cave
synopsis: A cave with two ways in.
genres: [test]
rating: all
language: en
variables:
  courage: {type: integer, from: 0, to: 3, start: 0}
  name: {type: text, length: 12, start: stranger}
  lamp: {type: flag}
episodes:
  one:
    title: One
    scenes:
      mouth:
        clip: clips/mouth.mp4
        lines: [{narrator: "*Dark*, {name}?", id: dark}]
        choices:
          enter: {label: Go in, do: [courage += 1], to: lake}
          shout: {label: Shout your name, ask: name, to: mouth}
          climb: {label: Climb, if: courage >= 2 and lamp, else: locked, to: top}
      lake:
        lines: [{narrator: A lake., id: lake}]
        within: 5s
        default: rest
        choices:
          rest: {label: Rest, to: mouth}
          swim: {label: Swim, to: shore}
      shore:
        lines: [{narrator: The other shore., id: shore}]
        choices:
          back: {label: Swim back, to: lake}
          leave: {label: Walk out, to: day}
      top: {lines: [{narrator: Stars., id: stars}], ending: {title: The top, kind: secret}}
      day: {lines: [{narrator: Day., id: day}], ending: {title: Daylight, kind: happy}}
"""
"""A lock, a question, a clock, two endings, of which one can never be reached; one clip."""

BROKEN = CAVE.replace("to: lake", "to: lkae", 1)

RENAMED = (
    CAVE.replace("A lake.", "A black lake.")
    .replace("to: lake", "to: pool")
    .replace("      lake:\n", "      pool:\n        was: lake\n")
)
"""The same, where the lake has become a pool."""

WITHOUT_SHORE = CAVE.replace("to: shore", "to: day").replace(
    CAVE[CAVE.index("      shore:") : CAVE.index("      top:")], ""
)
"""The same without a scene in which somebody may be."""

CAVE_ES = 'title: Cueva\nscene/lake/line/lake: "Un lago."\n'


def packed(text: str, *clips: str, **tables: str) -> bytes:
    """A zip of the story's folder, with a real clip under each of these names and string tables by language."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zip:
        zip.writestr("cave/story.yaml", text)
        for name in clips:
            zip.write(CLIP, f"cave/clips/{name}.mp4")
        for language, table in tables.items():
            zip.writestr(f"cave/locales/{language}.yaml", table)
    return file.getvalue()


async def asked(person: Person, part: str, **options: Any) -> Message:
    """What /studio answers, which they alone see."""
    reply = await person.slash(f"studio {part}", **options)
    message = await reply.spoken()
    assert message.only_for == person.id
    return message


async def sent(person: Person, text: str | bytes = CAVE, name: str = "cave.yaml", caption: str = "") -> Message:
    """What is said to a file."""
    content = text.encode() if isinstance(text, str) else text
    return await asked(person, "send", file=(name, content), **({"caption": caption} if caption else {}))


async def pressed(person: Person, message: Message, label: str) -> Message:
    """What a press is answered with: the same message, changed, or another one that they alone see."""
    before = len(message.was)
    press = await person.press(message, label)
    if press.answer in ("update", "defer update"):
        await message.changed.until(lambda: True if len(message.was) > before else None, PATIENCE)
        return message
    answer = await press.spoken()
    assert answer.only_for == person.id
    return answer


async def written(person: Person, form: Interaction, message: Message, text: str) -> Message:
    """A form is filled in; what it was opened from changes."""
    assert form.answer == "modal"
    before = len(message.was)
    await person.submit(form, answer=text)
    await message.changed.until(lambda: True if len(message.was) > before else None, PATIENCE)
    return message


async def played(person: Person, *labels: str, story: str = "cave") -> Message:
    """A test play, in one message, that many choices on."""
    scene = await asked(person, "play", story=story)
    for label in labels:
        assert await pressed(person, scene, label) is scene
    return scene


async def file_of(message: Message) -> bytes:
    """The only file that a message brings."""
    [link] = message.media
    async with aiohttp.ClientSession() as session, session.get(link) as response:
        assert response.status == 200
        return await response.read()


def says(message: Message, *words: str) -> bool:
    """Whether all of it is to be read there."""
    text = read(message).replace("**", "")
    missing = [one for one in words if one not in text]
    assert not missing, f"{missing} not in:\n{text}"
    return True
