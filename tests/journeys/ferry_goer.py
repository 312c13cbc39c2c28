"""Somebody who plays the ferry in their private chat, with nothing to go by but what the chat shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.telegram import Chat, Message, Person
from tests.fakes.telegram.bell import PATIENCE
from tests.fakes.telegram.methods.answers import CallbackAnswer
from tests.fakes.telegram.query import Query
from tests.journeys.ferry import ROUND


def offers_a_choice(message: Message) -> bool:
    """Whether it is a scene that can be gone on from."""
    return any(label in ROUND for label in message.buttons)


def label_of(message: Message) -> str:
    """The button that leads round."""
    return next(label for label in message.buttons if label in ROUND)


@dataclass
class FerryGoer:
    """`tapped` has the data of each button pressed, in order: one and the same for taps on one revision."""

    person: Person
    tapped: dict[str, None] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.person.id

    @property
    def chat(self) -> Chat:
        return self.person.home

    async def begin(self, within: float = PATIENCE) -> Message:
        """Begins the ferry, and waits for its first scene."""
        await self.person.say("/play ferry")
        return await self.next_scene(None, within)

    async def next_scene(self, after: Message | None, within: float = PATIENCE) -> Message:
        """A scene with choices, sent after that message."""
        return await self.chat.shown(offers_a_choice, after, within)

    def press(self, message: Message) -> Query:
        """Takes the choice that leads round; the answer is not waited for."""
        data = message.button(label_of(message))["callback_data"]
        self.tapped[data] = None
        return self.person.press(message, data)

    async def go_on(self, message: Message, within: float = PATIENCE) -> Message:
        """Takes it, and waits for the next scene."""
        self.press(message)
        return await self.next_scene(message, within)

    async def ask(self, message: Message) -> CallbackAnswer:
        """Takes it, and waits for what the bot answers to the tap."""
        answer: CallbackAnswer = await self.press(message).answered()
        return answer
