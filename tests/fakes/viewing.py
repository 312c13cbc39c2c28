"""What a viewer does in a chat at the local Bot API server."""

from __future__ import annotations

from adapters.telegram.chat import PLATFORM
from bot.app import App
from bot.store.port import Session
from tests.fakes.telegram import Chat, Message, Person

STORY = "airlock-nine"


def waits(message: Message) -> bool:
    """Whether a scene with choices is there, or an ending with what can be done then."""
    labels = message.buttons
    return message.kind in ("video", "text") and bool(labels) and not any("One message" in label for label in labels)


def is_choice(label: str) -> bool:
    return not label.startswith(("↺", "⤺", "🗺", "↗", "🎬", "🔒"))


async def session_of(app: App, person: Person, story: str = STORY) -> Session:
    viewer = await app.store.viewer(PLATFORM, str(person.id))
    session = await app.store.session_in(viewer.id, story)
    assert session is not None
    return session


async def begun(person: Person, chat: Chat, story: str = STORY) -> Message:
    """The first scene of a story."""
    await person.say(f"/play {story}")
    return await chat.shown(waits)


async def play_on(person: Person, chat: Chat, scene: Message) -> Message:
    """Tap the first choice; the next scene that waits."""
    label = next(label for label in scene.buttons if is_choice(label))
    await person.tap(scene, label)
    return await chat.shown(lambda message: waits(message) and message.id > scene.id)


async def to_the_end(person: Person, chat: Chat, scene: Message) -> Message:
    """Play by the first choices until an ending."""
    while any(is_choice(label) for label in scene.buttons):
        scene = await play_on(person, chat, scene)
    return scene
