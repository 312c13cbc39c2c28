"""Guests: who has joined a room, who leads it, and what becomes of it when its chat is no more."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.parcel import wrap
from bot.rooms.kept import read
from bot.rooms.reply import Reply
from bot.rooms.scribe import Scribe
from bot.rooms.steering import Steering
from bot.rooms.voters import Voters
from bot.store.port import EventKey, OutboxCard, Outcome
from bot.watch.event import Stop
from bot.watch.room import MOST_CHATS, MOST_JOINED
from bot.watch.vote import Voter


class Guests:
    """Of all rooms of a store."""

    def __init__(self, scribe: Scribe, voters: Voters, steering: Steering) -> None:
        self._scribe = scribe
        self._store = scribe.store
        self._voters = voters
        self._steering = steering

    async def join(self, key: EventKey, session: int, voter: Voter, at: int) -> Reply:
        """Somebody is in from now on; where the rules let only those vote who are, their votes count."""
        ids = await self._voters.ids(voter.id, at)
        while True:
            row = await self._store.room(session)
            if row is None or row.ended:
                return Reply.OVER
            kept = read(row)
            if not kept.room.joined.isdisjoint(ids):
                return Reply.DONE
            if len(kept.room.joined) >= MOST_JOINED:
                return Reply.NOT_ALLOWED
            changed = kept.with_room(replace(kept.room, joined=kept.room.joined | {ids[0]}), kept.shut)
            if await self._scribe.keep(key, changed, changed.dues(at)) is not Outcome.CONFLICT:
                return Reply.DONE

    async def show_again(self, key: EventKey, platform: str, address: str, at: int) -> None:
        """Show the cards of what runs in a chat and its branches in messages of their own: the ones before are gone."""
        for session in await self._store.rooms_in(platform, address):
            row = await self._store.room(session)
            if row is not None:
                mine = replace(key, id=f"{key.id}:{session}")
                await self.attend(mine, session, platform, row.address, at, again=key.id)

    async def attend(self, key: EventKey, session: int, platform: str, address: str, at: int, again: str = "") -> Reply:
        """Another chat watches along from now on: it is shown the card, and votes. Once more: the card again."""
        while True:
            booth, row = await self._scribe.booths.of(session), await self._store.room(session)
            played = await self._store.session(session)
            if booth is None or row is None or row.ended or played is None:
                return Reply.OVER
            kept, chat = read(row), (platform, address)
            chats = kept.room.chats if chat in kept.chats else (*kept.room.chats, chat)
            if len(chats) > MOST_CHATS:
                return Reply.NOT_ALLOWED
            ballot = kept.room.ballot
            body = wrap(played, booth.card, None, None if ballot is None else ballot.closes, room=True, again=again)
            card = OutboxCard(platform, address, session, row.revision, body)
            changed = kept.with_room(replace(kept.room, chats=chats), kept.shut)
            if booth.row.revision != row.revision:
                self._scribe.booths.forget(session)
            elif await self._scribe.keep(key, changed, changed.dues(at), [card]) is not Outcome.CONFLICT:
                return Reply.DONE

    async def leave(self, key: EventKey, session: int, platform: str, address: str, at: int) -> Reply:
        """A chat that only watches along does so no more: no cards go there, and who voted there has voted."""
        while True:
            row = await self._store.room(session)
            if row is None or row.ended:
                return Reply.OVER
            kept, chat = read(row), (platform, address)
            if chat not in kept.room.chats:
                return Reply.NOTHING_TO_DO
            chats = tuple(one for one in kept.room.chats if one != chat)
            changed = kept.with_room(replace(kept.room, chats=chats), kept.shut)
            if await self._scribe.keep(key, changed, changed.dues(at)) is not Outcome.CONFLICT:
                return Reply.DONE

    async def leads(self, session: int, voter: Voter, at: int) -> bool:
        """Whether somebody is the room's host, under whichever of their identities."""
        booth = await self._scribe.booths.of(session)
        if booth is None or booth.ended or booth.room.host is None:
            return False
        return (await self._voters.of(voter, booth.room, at)).id == booth.room.host

    async def abandon(self, platform: str, address: str, at: int) -> None:
        """The chat is no more: its room ends, and with it both branches where it has split."""
        sessions = await self._store.rooms_in(platform, address)
        for session in sessions:
            key = EventKey(platform, f"abandoned:{session}")
            await self._steering.control(key, session, Stop(Voter(f"{platform}:nobody", steward=True)), at)
