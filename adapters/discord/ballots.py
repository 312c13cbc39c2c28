"""Ballots: votes as they are pressed, those who join, and chats that watch along."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import structlog

from adapters.button import Tap
from adapters.discord.arrival import Arrival
from adapters.discord.permission import IN_CHANNEL, IN_THREAD, missing, named
from adapters.discord.place import PLATFORM
from adapters.discord.shop import Shop
from adapters.discord.text import bold
from adapters.discord.voice import Voice
from adapters.replies import VOTED
from adapters.words import Words, words
from bot.rooms import Reply
from bot.rooms.booth import Booth
from bot.store.errors import StoreError
from bot.watch.rules import Mode, Who

log = structlog.get_logger()

STORE_SECONDS = 10.0
"""For which a vote is tried again while the store is at fault: Discord does not send it again."""

STORE_PAUSE = 0.5


class Ballots:
    """One bot's. Raises `StoreError` where nothing was answered."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._rooms = shop.rooms

    async def vote(self, voice: Voice, tap: Tap) -> None:
        """A vote. What is answered is durable."""
        voice.patient()
        arrived = voice.arrived
        reply, booth = await self._voted(arrived, tap)
        said = words(arrived.language)
        if reply in (Reply.COUNTED, Reply.CHANGED) and booth is not None and _ranks(booth, tap):
            order = await self._rooms.ranking(tap.session, tap.revision, arrived.voter, arrived.at) or (tap.choice,)
            await voice.say(said("vote_ranked", order=_order(booth, order)))
            return
        await voice.say(said("trouble") if reply is None else _answer(reply, tap, booth, said))

    async def _voted(self, arrived: Arrival, tap: Tap) -> tuple[Reply | None, Booth | None]:
        """What became of the vote (None where the store did not come back), and the room as it was before: the last
        vote may close the ballot, and its choices are gone then.
        """
        ends = time.monotonic() + STORE_SECONDS
        while True:
            try:
                booth = await self._rooms.look(tap.session)
                reply = await self._rooms.vote(
                    arrived.key, tap.session, tap.revision, tap.choice, arrived.voter, arrived.at
                )
                return reply, booth
            except StoreError as error:
                if time.monotonic() > ends:
                    log.error("vote_not_stored", error=str(error))
                    return None, None
                await asyncio.sleep(STORE_PAUSE)

    async def attend(self, voice: Voice, code: str) -> None:
        """This channel watches along in a room that was begun elsewhere."""
        voice.patient()
        arrived, said = voice.arrived, words(voice.arrived.language)
        lacking = [] if arrived.direct else missing(arrived.may, *_here(arrived))
        if lacking:
            await voice.say(said("room_missing", names=named(lacking, said), channel=f"<#{arrived.channel}>"))
            return
        booth = await self._rooms.by_code(code.replace("-", "").replace(" ", ""))
        if booth is None or booth.ended:
            await voice.say(said("room_unknown"))
            return
        address = str(arrived.channel)
        await self._shop.app.store.find_chat(PLATFORM, address)
        reply = await self._rooms.attend(arrived.key, booth.row.session, PLATFORM, address, arrived.at)
        answers = {Reply.DONE: "room_attended", Reply.NOT_ALLOWED: "room_full"}
        await voice.say(said(answers.get(reply, "room_unknown")))

    async def join(self, voice: Voice, session: int) -> None:
        """Somebody wants to be one of those who vote."""
        said = words(voice.arrived.language)
        reply = await self._rooms.join(voice.arrived.key, session, voice.arrived.voter, voice.arrived.at)
        await voice.say(said("room_joined" if reply is Reply.DONE else "room_over"))


def _here(arrived: Arrival) -> tuple[int, ...]:
    return IN_CHANNEL if arrived.parent is None else IN_THREAD


def _answer(reply: Reply, tap: Tap, booth: Booth | None, said: Words) -> str:
    """What a voter is told."""
    if reply is Reply.NOT_ALLOWED and booth is not None and booth.room.rules.who is Who.ROLE:
        return said("vote_role_only", role=f"<@&{booth.room.rules.role}>")
    counted = reply in (Reply.COUNTED, Reply.CHANGED)
    if not counted or booth is None or booth.row.revision != tap.revision:
        return said(VOTED.get(reply, "nothing_to_do"), label="✓")
    answer = said(VOTED[reply], label=bold(booth.label(tap.choice)))
    return f"{answer}\n-# {said('vote_may_change')}" if reply is Reply.COUNTED else answer


def _ranks(booth: Booth, tap: Tap) -> bool:
    """Whether a press there adds to an order of preference."""
    ballot = booth.room.ballot
    return booth.row.revision == tap.revision and ballot is not None and ballot.rules.mode is Mode.RANKED


def _order(booth: Booth, ranking: Sequence[str]) -> str:
    """A voter's order of preference."""
    return " · ".join(f"{place}. {bold(booth.label(one))}" for place, one in enumerate(ranking, 1))
