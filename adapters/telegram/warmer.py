"""Sends clips ahead: those that the next tap may lead to, so that Telegram has them before anybody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import structlog
from telegram.error import TelegramError

from adapters.telegram.chat import Chat
from adapters.telegram.sender import Look, Sender
from bot.delivery.delivery import Gone, Later, Unshowable
from bot.library import Library
from bot.store.errors import StoreError
from bot.story.story import Choice, Route, Scene, Story

log = structlog.get_logger()

MOST = 500
"""Clips waiting to be sent ahead; more are sent when they are first needed."""

UNREACHABLE_SECONDS = 600.0
"""Between tries at a chat that does not take anything from the bot."""

SILENT = Look(silent=True)


class Warmer:
    """Sends each clip once, silently, to a chat of the bot's owner, and takes the message away again.

    Without such a chat nothing is sent ahead: the first viewer of a clip waits while it is uploaded.
    """

    def __init__(self, sender: Sender, library: Library, chat: Chat | None, now: Callable[[], int]) -> None:
        self._sender = sender
        self._library = library
        self._chat = chat
        self._now = now
        self._wanted: asyncio.Queue[tuple[Story, Scene]] = asyncio.Queue(MOST)
        self._known: set[tuple[str, str, str]] = set()

    def want(self, story: Story, scene: Scene) -> None:
        """This scene's clip may be needed soon."""
        name = (story.id, story.version, scene.id)
        if self._chat is not None and name not in self._known and not self._wanted.full():
            self._known.add(name)
            self._wanted.put_nowait((story, scene))

    def after(self, story: Story, scene: str) -> None:
        """The clips that the choices of this scene may lead to."""
        if self._chat is not None:
            for choice in story.scenes[scene].choices.values():
                for following in scenes_after(choice):
                    self.want(story, story.scenes[following])

    async def run(self) -> None:
        """Send ahead until cancelled: first how each story and episode begins, then what is wanted."""
        for story in self._library.stories.values():
            for episode in story.episodes.values():
                self.want(story, story.scenes[episode.start])
        while True:
            story, scene = await self._wanted.get()
            try:
                await self._send(story, scene)
            except Later as later:
                self._known.discard((story.id, story.version, scene.id))
                await asyncio.sleep(later.seconds)
            except Gone:
                log.warning("clips_chat_unreachable", help="press Start there, or set TELEGRAM_CLIPS_CHAT")
                self._known.discard((story.id, story.version, scene.id))
                await asyncio.sleep(UNREACHABLE_SECONDS)
            except (TelegramError, StoreError) as error:
                # It may pass: whoever comes near that scene next asks for it again.
                self._known.discard((story.id, story.version, scene.id))
                log.warning("clip_not_sent_ahead", story=story.id, scene=scene.id, error=type(error).__name__)
            except (Unshowable, OSError) as error:
                log.warning("clip_not_sent_ahead", story=story.id, scene=scene.id, error=type(error).__name__)

    async def _send(self, story: Story, scene: Scene) -> None:
        if self._chat is None:
            return
        seconds = story.seconds.get(scene.id, 0.0)
        media = await self._sender.files.media(story, scene.clip, self._now() / 1000, seconds)
        if media is None or media.known:
            return
        message = await self._sender.video(self._chat, media, "", look=SILENT)
        await self._sender.delete(self._chat, message)


def scenes_after(choice: Choice) -> Iterator[str]:
    """The scenes that a choice may lead to, whatever the state."""
    if choice.to is not None:
        yield choice.to
    if choice.route is not None:
        yield from _targets(choice.route)


def _targets(route: Route) -> Iterator[str]:
    for candidate in route.candidates:
        if candidate.to is not None:
            yield candidate.to
        elif candidate.route is not None:
            yield from _targets(candidate.route)
